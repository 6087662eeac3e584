"""What a person wants to know after the replay, and the one line that a program reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from meridian.demo.gateway import Person
from meridian.demo.quotas import quota_lines
from meridian.demo.scenario import Scenario


@dataclass(frozen=True)
class Summary:
    """The totals of a replay. ``revenue`` is exact: the sum of price x quantity x (1 - discount)."""

    orders: int
    paid: int
    waiting: int
    cancelled: int
    revenue: str
    waited_for_stock: int
    waited_for_credit: int
    purchase_orders: int
    production_orders: int
    order_to_note_p50_ms: int | None
    order_to_note_p95_ms: int | None
    events: int
    audit_violations: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return the line's object."""
        return asdict(self)


def summarise(
    person: Person, scenario: Scenario, *, events: int, violations: int, seconds: float
) -> tuple[Summary, list[str]]:
    """Return the totals as the system reports them, and the lines that explain them."""
    orders = person.every("/orders")
    states = Counter(order["state"] for order in orders)
    paid = sum(order["payment_status"] == "paid" for order in orders)
    cancelled = states["cancelled"]
    revenue = person.get("/order-revenue")
    took = person.get("/figures/order-to-delivery-note")["total"]
    summary = Summary(
        orders=len(orders),
        paid=paid,
        waiting=len(orders) - paid - cancelled,
        cancelled=cancelled,
        revenue=format(Decimal(revenue["exact"]).quantize(Decimal("0.01")), "f"),
        waited_for_stock=_ever_held(orders, "stock"),
        waited_for_credit=_ever_held(orders, "credit"),
        purchase_orders=len(person.every("/purchase-orders")),
        production_orders=len(person.every("/production-orders")),
        order_to_note_p50_ms=took["p50_ms"],
        order_to_note_p95_ms=took["p95_ms"],
        events=events,
        audit_violations=violations,
        seconds=round(seconds, 1),
    )
    lines = _explain(summary, orders, revenue)
    if scenario.supply is not None:
        lines += ["", *quota_lines(person, scenario.supply, orders)]
    return summary, lines


def _ever_held(orders: list[dict[str, Any]], code: str) -> int:
    """Return how many orders waited for something at some time."""
    return sum(any(hold["code"] == code for hold in order["holds"]) for order in orders)


def _explain(summary: Summary, orders: list[dict[str, Any]], revenue: dict[str, Any]) -> list[str]:
    holds = Counter(
        hold["code"] for order in orders for hold in order["holds"] if not hold.get("released_at")
    )
    waiting = [order for order in orders if order["state"] not in ("done", "cancelled")]
    reasons = Counter("on hold" if order["state"] == "pending" else "to be shipped" for order in waiting)
    return [
        f"orders taken            {summary.orders:>8}",
        f"  shipped and paid      {summary.paid:>8}",
        f"  still open            {summary.waiting:>8}   "
        + ", ".join(f"{n} {why}" for why, n in reasons.items()),
        f"  cancelled             {summary.cancelled:>8}",
        f"open holds              {sum(holds.values()):>8}   "
        + ", ".join(f"{n} {code}" for code, n in holds.items()),
        f"waited for stock        {summary.waited_for_stock:>8}   freed by a receipt, by themselves",
        f"waited for credit       {summary.waited_for_credit:>8}   freed by a payment or a new limit, by themselves",
        f"purchase orders         {summary.purchase_orders:>8}   asked for by shortages",
        f"production orders       {summary.production_orders:>8}   asked for by shortages",
        f"order to delivery note  {summary.order_to_note_p50_ms or 0:>8}   ms for half of them",
        f"  for 95 of 100         {summary.order_to_note_p95_ms or 0:>8}   ms, those included that waited",
        f"revenue, exact          {Decimal(revenue['exact']):>15,.4f}",
        f"revenue, as booked      {Decimal(revenue['booked']['amount']):>13,.2f}     each line rounded to the cent",
        f"  rounding difference   {Decimal(revenue['rounding']):>15,.4f}   over {revenue['lines_rounded']} lines",
        f"events                  {summary.events:>8}",
        f"audit violations        {summary.audit_violations:>8}",
        f"seconds                 {summary.seconds:>8}",
    ]
