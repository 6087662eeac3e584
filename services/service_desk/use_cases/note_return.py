"""Note what a customer does not hold any more, because it came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.service_desk.store import installed


@dataclass(frozen=True)
class ReturnedLine:
    """What came back of an item and lot; ``serials`` name the units that have any."""

    item_id: str
    quantity: Quantity
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoteReturn:
    """What came back of a delivery, and the day on which it was inspected."""

    delivery_id: str
    inspected_on: date
    lines: Sequence[ReturnedLine]


def note_return(tx: Transaction, command: NoteReturn) -> None:
    """Take what came back off what the customer holds: serial by serial, and by quantity from the first line on.

    The shipment was heard before: both are told in the order's own sequence.
    """
    for line in command.lines:
        left = line.quantity
        for part in installed.of_delivery(tx.connection, command.delivery_id, line.item_id, line.lot):
            taken = min(left, part.held)
            if taken:
                installed.give_back(tx.connection, part.id, taken)
                left -= taken
        installed.give_back_serials(
            tx.connection, command.delivery_id, line.item_id, line.serials, command.inspected_on
        )
