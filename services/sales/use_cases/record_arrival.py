"""Record on the order's side that goods arrived, or that they are late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.sales.domain.arrival import Arrival, ArrivedPart
from services.sales.store import arrivals
from services.sales.use_cases.follow_ticket import tell_ticket_arrival


def record_arrival(tx: Transaction, order_id: str, arrival: Arrival) -> None:
    """Record that a delivery of the order was signed for."""
    if arrivals.add(tx, order_id, arrival):
        tell_ticket_arrival(tx, order_id, arrival.number)


def record_delay(
    tx: Transaction, order_id: str, *, promised_on: date, noticed_on: date, waits_for: str
) -> None:
    """Record that the promised day has passed."""
    arrivals.add_delay(tx, order_id, promised_on, noticed_on, waits_for)


def parts_by_line(lines: Iterable[tuple[str, Quantity, Quantity]]) -> tuple[ArrivedPart, ...]:
    """Return one part per order line of ``lines`` (line, delivered, refused), which may come lot by lot."""
    sums: dict[str, tuple[Quantity, Quantity]] = {}
    nothing = Quantity.zero()
    for order_line_id, delivered, refused in lines:
        before = sums.get(order_line_id, (nothing, nothing))
        sums[order_line_id] = (before[0] + delivered, before[1] + refused)
    return tuple(ArrivedPart(order_line_id, *sums[order_line_id]) for order_line_id in sums)
