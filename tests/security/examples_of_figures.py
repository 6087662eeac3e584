"""A valid request of every figure and dashboard."""

from __future__ import annotations

from tests.security.example import Example, Make
from tests.security.shelf import Shelf

_NOBODYS = "00000000-0000-7000-8000-00000000dead"
_WORDS = {
    "salesperson": "sam", "region": "north", "channel": "web", "customer_group": "retail",
    "campaign": _NOBODYS, "team": _NOBODYS,
}  # fmt: skip
_MONTHS = {"from": "2026-01", "to": "2026-12"}


def _days(shelf: Shelf) -> dict[str, str]:
    return {"from": shelf.days_on(-5), "to": shelf.days_on(0)}


def _orders(shelf: Shelf) -> Example:
    return Example(query=_days(shelf) | _WORDS | {"currency": "USD"})


def _grouped(shelf: Shelf) -> Example:
    return Example(query=_days(shelf) | _WORDS | {"currency": "USD", "by": "day"})


def _months(**more: str) -> Make:
    return lambda _shelf: Example(query=_MONTHS | more)


def _sold(shelf: Shelf) -> dict[str, str]:
    return _days(shelf) | {"warehouse_id": _NOBODYS, "category": "Valves", "fast_bp": "4000"}


FIGURES: dict[str, Make] = {
    "GET /api/v1/figures/order-revenue": _grouped,
    "GET /api/v1/figures/order-revenue/orders": _orders,
    "GET /api/v1/figures/funnel": lambda shelf: Example(
        query=_days(shelf)
        | {"campaign": _NOBODYS, "campaign_id": _NOBODYS, "team": _NOBODYS, "owner_id": shelf.owner_id}
    ),
    "GET /api/v1/figures/repurchase": _months(),
    "GET /api/v1/figures/buyers": _months(currency="USD", least_orders="1"),
    "GET /api/v1/figures/cohorts": _months(within="3"),
    "GET /api/v1/figures/segments": _months(currency="USD"),
    "GET /api/v1/figures/segments/customers": _months(currency="USD"),
    "GET /api/v1/figures/products": _months(
        currency="USD", category="Valves", salesperson="sam", team=_NOBODYS, campaign=_NOBODYS
    ),
    "GET /api/v1/figures/categories": _months(currency="USD"),
    "GET /api/v1/figures/receivables": lambda shelf: Example(
        query=_MONTHS
        | {"to": "2026-12", "from": "2020-01", "currency": "USD", "customer_id": shelf.customer["id"]}
    ),
    **{
        f"GET /api/v1/dashboards/{role}": lambda _shelf: Example()
        for role in ("owner", "sales_manager", "salesperson", "warehouse", "finance", "service")
    },
    "GET /api/v1/figures/terms-proposals": lambda _shelf: Example(),
    "GET /api/v1/figures/sell-through": lambda shelf: Example(query=_sold(shelf)),
    "GET /api/v1/figures/sell-through/items": lambda shelf: Example(query=_sold(shelf) | {"pace": "dead"}),
    "GET /api/v1/figures/process-health": lambda shelf: Example(query={"salesperson": shelf.owner_id}),
}
