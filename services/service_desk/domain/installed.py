"""What a customer holds, as it was shipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.quantity import Quantity


@dataclass(frozen=True)
class Item:
    """What the desk reads of an item."""

    id: str
    sku: str
    name: str
    category: str | None = None


@dataclass(frozen=True)
class InstalledItem:
    """One line of a delivery note that left for the customer; ``line_no`` is its place on the note, from 1.

    ``item_name`` is the name on that day; ``correlation_id`` is the conversation of the order; ``serials`` name the
    units of an item that is kept by serial number.
    """

    id: str
    delivery_id: str
    line_no: int
    delivery_number: str
    order_id: str
    order_number: str
    customer_id: str
    item_id: str
    sku: str
    item_name: str
    quantity: Quantity
    lot: str | None
    shipped_on: date
    correlation_id: str
    serials: tuple[str, ...] = ()
