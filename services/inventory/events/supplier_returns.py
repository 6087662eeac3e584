"""Goods that go back to suppliers, as inventory tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money, Price
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class SupplierReturnPart:
    """How much of a line of the purchase order this is about, and what was to be paid for one.

    ``value`` is what the stock is worth less, in the currency in which the item is valued; goods from quarantine were
    worth nothing. ``serials`` are its units, of an item that is kept by serial number.
    """

    line_no: int
    line_id: str
    item_id: str
    quantity: Quantity
    unit_price: Price
    lot: str | None = None
    value: Money | None = None
    serials: tuple[str, ...] = ()


@event("inventory.supplier_return.requested.v1", key="supplier_return_id")
@dataclass(frozen=True)
class SupplierReturnRequested:
    """Goods of a purchase order shall go back to their supplier."""

    supplier_return_id: str
    number: str
    supplier_id: str
    purchase_order_id: str
    purchase_order_number: str
    reason: str
    lines: tuple[SupplierReturnPart, ...]


@event("inventory.supplier_return.decided.v1", key="supplier_return_id")
@dataclass(frozen=True)
class SupplierReturnDecided:
    """A return to a supplier was answered: ``state`` is approved, rejected or cancelled, ``answer`` says why."""

    supplier_return_id: str
    number: str
    supplier_id: str
    purchase_order_id: str
    state: str
    answer: str | None = None


@event("inventory.supplier_return.shipped.v1", key="supplier_return_id")
@dataclass(frozen=True)
class SupplierReturnShipped:
    """The goods have left on their way back to the supplier."""

    supplier_return_id: str
    number: str
    supplier_id: str
    purchase_order_id: str
    purchase_order_number: str
    warehouse_id: str
    shipped_on: date
    lines: tuple[SupplierReturnPart, ...]
