"""Record an order of another system, so that its past deliveries can be brought in against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.inventory.domain.reservation import Reservation, ReservationLine
from services.inventory.store import reservations


@dataclass(frozen=True)
class RecordedLine:
    """A line of the order, with its number there."""

    order_line_id: str
    line_no: int
    item_id: str
    quantity: Quantity


@dataclass(frozen=True)
class RecordOrder:
    """The order as sales wrote it down."""

    order_id: str
    order_number: str
    customer_id: str
    correlation_id: str
    lines: tuple[RecordedLine, ...]
    ordered_on: date | None = None
    promised_on: date | None = None


def record_order(tx: Transaction, command: RecordOrder) -> None:
    """Keep the order without reserving anything for it; a second time changes nothing.

    It is written at the end of the transaction with all others that come in it: deliveries name it only later.
    """
    order = Reservation(
        id=tx.new_id(),
        order_id=command.order_id,
        order_number=command.order_number,
        customer_id=command.customer_id,
        correlation_id=command.correlation_id,
        state="recorded",
        ordered_on=command.ordered_on,
        promised_on=command.promised_on,
        lines=tuple(
            ReservationLine(line.order_line_id, line.item_id, line.quantity) for line in command.lines
        ),
    )
    tx.gather(reservations.add_many, (order, [line.line_no for line in command.lines]))
