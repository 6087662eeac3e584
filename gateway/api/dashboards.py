"""A dashboard for each role, in one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gateway.api.customers import SectionOut
from gateway.api.direct import direct
from gateway.api.parts import parts
from gateway.dashboards.plan import PLANS
from libs.common.web import Noun, Strict, fields, principal

dashboards = Noun("dashboards", "/api/v1/dashboards", description="The figures of a role's day")
_MAY_SEE = {
    "owner": ("sales_manager", "finance"),
    "sales_manager": ("sales_manager",),
    "salesperson": ("sales", "sales_manager"),
    "warehouse": ("warehouse",),
    "finance": ("finance",),
    "service": ("service",),
}


class AmongFilter(Strict):
    """Of whose, for the figures that tell it apart."""

    campaign = fields.IdField()
    team = fields.IdField()


class FigureShownOut(Strict):
    """A figure: its name, where it is, where the documents behind it are, and what its service said."""

    name = fields.Text(max=40)
    address = fields.Text(max=200)
    documents = fields.Text(max=200)
    narrowed = fields.Flag(
        metadata={"description": "It is of the team or campaign asked for; else of all that you may see."}
    )
    section = fields.Nested(SectionOut)


class WindowOut(Strict):
    """The days of the figures that go by days, both included."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")


class DashboardOut(Strict):
    """The dashboard of a role."""

    role = fields.Choice(*PLANS)
    period = fields.Nested(WindowOut)
    figures = fields.ListOf(FigureShownOut)


def _declare(role: str, called: str) -> Callable[[], dict[str, Any]]:
    filters = AmongFilter if any(tile.narrows for tile in PLANS[role].values()) else None

    def show(among: dict[str, str] | None = None) -> dict[str, Any]:
        boards = parts().dashboards
        window = boards.window(among or {})
        return {"role": role, "period": window, "figures": boards.of(role, window, principal())}

    show.__name__ = f"{role}_dashboard"
    show.__doc__ = f"Compose the dashboard of {called}; a service that is down costs its figures only."
    declare = direct(
        dashboards,
        "GET",
        f"/{role}",
        roles=_MAY_SEE[role],
        answer=DashboardOut,
        filters=filters,
        summary=f"The dashboard of {called}",
    )
    return declare(show)


owner = _declare("owner", "whoever leads the company")
sales_manager = _declare("sales_manager", "the sales manager")
salesperson = _declare("salesperson", "a salesperson")
warehouse = _declare("warehouse", "the warehouse")
finance = _declare("finance", "finance")
service = _declare("service", "the service desk")
