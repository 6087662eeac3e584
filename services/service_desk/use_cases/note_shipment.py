"""Note what a customer holds from now on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.service_desk.domain.installed import InstalledItem
from services.service_desk.store import installed


@dataclass(frozen=True)
class ShippedLine:
    """One line of the delivery note; an untracked item has no ``lot``."""

    item_id: str
    sku: str
    item_name: str
    quantity: Quantity
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoteShipment:
    """The delivery note as it left."""

    delivery_id: str
    delivery_number: str
    order_id: str
    order_number: str
    customer_id: str
    shipped_on: date
    correlation_id: str
    lines: Sequence[ShippedLine]


def note_shipment(tx: Transaction, command: NoteShipment) -> None:
    """Add each line to what the customer holds; noting the same delivery again changes nothing.

    It does not wait for crm to introduce the customer: what was shipped is true whoever hears of whom first. The
    lines of all deliveries that come in one transaction are written together at its end.
    """
    shared = {name: value for name, value in vars(command).items() if name != "lines"}
    for line_no, line in enumerate(command.lines, start=1):
        tx.gather(installed.add, InstalledItem(id=tx.new_id(), line_no=line_no, **shared, **vars(line)))
