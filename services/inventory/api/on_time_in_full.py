"""On time in full over HTTP: the figure, and the lines it is made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.inventory.api.company_day import company_today
from services.inventory.api.periods import days_asked_for
from services.inventory.reports import on_time_in_full as report

_MAY_SEE = ("sales", "sales_manager", "warehouse", "service")
_USUAL_DAYS = 30
_FULL_BP = 10_000

otif = Noun(
    "on-time-in-full",
    "/api/v1/figures/on-time-in-full",
    description="Order lines that left entirely by the promised day",
)


class DueFilter(Strict):
    """Which promised days, both included; left out: the last thirty."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")
    customer_id = fields.IdField()


class DueLineFilter(DueFilter):
    """Which lines of them."""

    outcome = fields.Choice(*report.OUTCOMES)


class ShareOut(Strict):
    """``share_bp`` = ``on_time_in_full`` of ``due``, in hundredths of a percent."""

    due = fields.CountField()
    on_time_in_full = fields.CountField()
    late = fields.CountField(metadata={"description": "Left entirely, but after the promised day."})
    short = fields.CountField(metadata={"description": "The day is over, and not all of it has left."})
    open = fields.CountField(metadata={"description": "Not all of it has left, and the day is not over."})
    share_bp = fields.CountField(most=_FULL_BP, allow_none=True)


class OnTimeInFullOut(Strict):
    """The figure by order line, and by order: an order is as good as the worst of its lines."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")
    lines = fields.Nested(ShareOut)
    orders = fields.Nested(ShareOut)


class DueLineOut(Strict):
    """A line that was due."""

    order_id = fields.IdField()
    order_number = fields.Text(max=64)
    order_line_id = fields.IdField()
    customer_id = fields.IdField(allow_none=True)
    customer_name = fields.Text(max=200, allow_none=True)
    item_id = fields.IdField()
    sku = fields.Text(max=64)
    promised_on = fields.DateField()
    quantity = fields.QuantityField()
    shipped_in_time = fields.QuantityField(zero=True)
    shipped = fields.QuantityField(zero=True)
    last_shipped_on = fields.DateField(allow_none=True)
    outcome = fields.Choice(*report.OUTCOMES)


@otif.query(
    "/",
    answer=OnTimeInFullOut,
    roles=_MAY_SEE,
    filters=DueFilter,
    summary="Show how much was on time in full",
)
def show(connection: Any, filters: dict[str, Any]) -> dict[str, Any]:
    """Show the share with numerator and denominator; a salesperson sees that of own customers."""
    wanted = _due(filters)
    found = report.on_time_in_full(connection, wanted)
    return {"since": wanted.since, "until": wanted.until, **vars(found)}


@otif.query(
    "/lines",
    answer=DueLineOut,
    roles=_MAY_SEE,
    filters=DueLineFilter,
    paged=True,
    summary="List the lines of on time in full",
)
def lines(connection: Any, filters: dict[str, Any], page: PageRequest) -> Page:
    """List the lines that were due, the earliest promised day first."""
    after = page.after
    if after is not None:
        after = (date.fromisoformat(after[0]) if isinstance(after[0], str) else after[0], *after[1:])
    outcome = filters.pop("outcome", None)
    rows = report.due_lines(connection, _due(filters), outcome, after=after, limit=page.limit + 1)
    return Page.of(rows, page, key=lambda row: (row.promised_on, row.order_id, row.order_line_id))


def _due(filters: dict[str, Any]) -> report.Due:
    who = principal()
    first, last = days_asked_for(filters, usual=_USUAL_DAYS)
    owner_id = who.subject if who.owner_only else None
    return report.Due(first, last, company_today(), filters.get("customer_id"), owner_id)
