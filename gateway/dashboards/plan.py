"""Which figures stand on which dashboard: where each comes from, and where the documents behind it are.

The service that is asked decides what the caller may see: a salesperson's figures are his own, and what goods cost is
told to those only who may know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from gateway.clients import crm, finance, inventory, sales, service_desk

_MONTH_DAYS = 30
_FIGURES = "/api/v1/figures"
_SHOWN = 10


@dataclass(frozen=True)
class Window:
    """What a dashboard is about: days, both included, and of whose, where a figure can tell that apart.

    The last thirty days with ``today`` are usual. ``among`` names a team, a campaign, or both.
    """

    since: date
    until: date
    among: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def usual(cls, today: date, among: Mapping[str, str] | None = None) -> Window:
        """Return the last thirty days."""
        return cls(today - timedelta(days=_MONTH_DAYS - 1), today, among or {})

    @property
    def days(self) -> dict[str, str]:
        """The days as figures take them."""
        return {"from": self.since.isoformat(), "to": self.until.isoformat()}

    @property
    def month(self) -> str:
        """The month of the last day."""
        return f"{self.until:%Y-%m}"


@dataclass(frozen=True)
class Tile:
    """A figure: of which service, at which address, and where the documents behind it are listed.

    ``narrows``: it, and what is behind it, can be of one team or campaign alone.
    """

    service: str
    path: str
    query: Callable[[Window], Mapping[str, str]]
    documents: str
    narrows: bool = False

    def address(self, window: Window) -> str:
        """Return where the figure of these days is."""
        return _with(self.path, {**self.query(window), **self._among(window)})

    def behind(self, window: Window) -> str:
        """Return where the documents behind it are."""
        return _with(self.documents, self._among(window))

    def _among(self, window: Window) -> Mapping[str, str]:
        return window.among if self.narrows else {}


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}" if asked else address


def _nothing(_window: Window) -> dict[str, str]:
    return {}


def _days(window: Window) -> dict[str, str]:
    return window.days


def _always(**asked: str) -> Callable[[Window], dict[str, str]]:
    return lambda _window: asked


def _by(word: str) -> Callable[[Window], dict[str, str]]:
    return lambda window: window.days | {"by": word}


def _revenue(by: str) -> Tile:
    return _of_orders("order-revenue", _by(by), "order-revenue/orders")


def _of_orders(figure: str, query: Callable[[Window], Mapping[str, str]], documents: str) -> Tile:
    return Tile(sales.NAME, f"{_FIGURES}/{figure}", query, f"{_FIGURES}/{documents}", narrows=True)


_REPURCHASE = _of_orders("repurchase", _nothing, "buyers?least_orders=2")
_BUYERS = _of_orders("buyers", _always(limit=str(_SHOWN)), "buyers")
_SEGMENTS = _of_orders("segments", _nothing, "segments/customers")
_PRODUCTS = _of_orders("products", _always(limit=str(_SHOWN)), "products")
_PROCESS = Tile(sales.NAME, f"{_FIGURES}/process-health", _nothing, "/api/v1/orders?hold=stock", narrows=True)
_RECEIVABLES = Tile(finance.NAME, f"{_FIGURES}/receivables", _nothing, "/api/v1/invoices")
_PROPOSALS = Tile(finance.NAME, f"{_FIGURES}/terms-proposals", _nothing, "/api/v1/accounts")
_AGEING = Tile(finance.NAME, "/api/v1/ageing", _nothing, "/api/v1/ageing/customers")
_PAYABLES = Tile(finance.NAME, "/api/v1/payables-ageing", _nothing, "/api/v1/payables-ageing/suppliers")
_ON_TIME = Tile(inventory.NAME, f"{_FIGURES}/on-time-in-full", _nothing, f"{_FIGURES}/on-time-in-full/lines")
_MOVING = Tile(inventory.NAME, f"{_FIGURES}/sell-through", _nothing, f"{_FIGURES}/sell-through/items")
_TURNOVER = Tile(inventory.NAME, "/api/v1/inventory-turnover", _days, "/api/v1/stock-moves")
_ORDER_TO_NOTE = Tile(inventory.NAME, f"{_FIGURES}/order-to-delivery-note", _nothing, "/api/v1/deliveries")
_TO_PICK = Tile(
    inventory.NAME,
    "/api/v1/deliveries",
    _always(state="ready", limit=str(_SHOWN)),
    "/api/v1/deliveries?state=ready",
)
_TO_GET = Tile(
    inventory.NAME,
    "/api/v1/purchase-requisitions",
    _always(state="open", limit=str(_SHOWN)),
    "/api/v1/purchase-requisitions?state=open",
)
_PIPELINE = Tile(crm.NAME, "/api/v1/pipeline", _nothing, "/api/v1/opportunities", narrows=True)
_FUNNEL = Tile(crm.NAME, f"{_FIGURES}/funnel", _nothing, "/api/v1/opportunities", narrows=True)
_TARGETS = Tile(
    crm.NAME, "/api/v1/sales-targets", lambda window: {"month": window.month}, "/api/v1/sales-teams"
)
_ACQUISITION = Tile(
    crm.NAME,
    "/api/v1/campaigns/acquisition",
    lambda window: {"first": window.days["from"], "last": window.days["to"]},
    "/api/v1/campaigns",
)
_TO_DO = Tile(
    crm.NAME,
    "/api/v1/activities",
    _always(done="false", limit=str(_SHOWN)),
    "/api/v1/activities?done=false",
)
_TICKETS = {
    state: Tile(
        service_desk.NAME,
        "/api/v1/tickets",
        _always(state=state, limit=str(_SHOWN)),
        f"/api/v1/tickets?state={state}",
    )
    for state in ("new", "open")
}

PLANS: dict[str, dict[str, Tile]] = {
    "owner": {
        "revenue": _revenue("day"),
        "receivables": _RECEIVABLES,
        "repurchase": _REPURCHASE,
        "segments": _SEGMENTS,
        "products": _PRODUCTS,
        "acquisition": _ACQUISITION,
        "turnover": _TURNOVER,
        "moving": _MOVING,
        "on_time_in_full": _ON_TIME,
        "pipeline": _PIPELINE,
        "funnel": _FUNNEL,
        "process": _PROCESS,
    },
    "sales_manager": {
        "revenue": _revenue("salesperson"),
        "teams": _revenue("team"),
        "campaigns": _revenue("campaign"),
        "targets": _TARGETS,
        "pipeline": _PIPELINE,
        "funnel": _FUNNEL,
        "acquisition": _ACQUISITION,
        "repurchase": _REPURCHASE,
        "segments": _SEGMENTS,
        "buyers": _BUYERS,
        "products": _PRODUCTS,
        "on_time_in_full": _ON_TIME,
        "process": _PROCESS,
    },
    "salesperson": {
        "revenue": _revenue("day"),
        "pipeline": _PIPELINE,
        "funnel": _FUNNEL,
        "to_do": _TO_DO,
        "buyers": _BUYERS,
        "repurchase": _REPURCHASE,
        "receivables": _RECEIVABLES,
        "on_time_in_full": _ON_TIME,
        "process": _PROCESS,
    },
    "warehouse": {
        "order_to_delivery_note": _ORDER_TO_NOTE,
        "to_pick": _TO_PICK,
        "to_get": _TO_GET,
        "moving": _MOVING,
        "on_time_in_full": _ON_TIME,
        "process": _PROCESS,
    },
    "finance": {
        "receivables": _RECEIVABLES,
        "ageing": _AGEING,
        "terms_proposals": _PROPOSALS,
        "payables": _PAYABLES,
        "revenue": _revenue("month"),
        "turnover": _TURNOVER,
        "process": _PROCESS,
    },
    "service": {
        "new_tickets": _TICKETS["new"],
        "open_tickets": _TICKETS["open"],
        "on_time_in_full": _ON_TIME,
    },
}
"""The tiles of each dashboard by name, in the order in which they are read."""
