"""From the shelf to the customer's door, as inventory tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class ShortLine:
    """What was not on the shelf: ``reason`` is ``not_found``, ``damaged``, ``expired`` or ``other``."""

    order_line_id: str
    item_id: str
    missing: Quantity
    reason: str
    discrepancy_number: str
    lot: str | None = None


@event("inventory.delivery.short_picked.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryShortPicked:
    """Less was found than was reserved; what is missing waits in front of all orders for stock of its item."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    lines: tuple[ShortLine, ...]


@dataclass(frozen=True)
class ArrivedLine:
    """What came to the customer's door, of which ``refused`` goes back."""

    order_line_id: str
    item_id: str
    sku: str
    quantity: Quantity
    refused: Quantity
    lot: str | None = None


@event("inventory.delivery.delivered.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryDelivered:
    """A shipped delivery arrived and was signed for; ``on_time`` compares the day with the promised one, if any."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    shipped_on: date
    delivered_on: date
    signed_by: str
    lines: tuple[ArrivedLine, ...]
    promised_on: date | None = None
    on_time: bool | None = None
    return_number: str | None = None


@dataclass(frozen=True)
class ShortShippedLine:
    """An order line of which less left than the note had: ``left_behind``, or why it was not on the shelf."""

    order_line_id: str
    item_id: str
    sku: str
    shipped: Quantity
    missing: Quantity
    reason: str


@event("inventory.delivery.short_shipped.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryShortShipped:
    """A delivery left with less than its note had; what is missing follows by itself as a note of its own."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    lines: tuple[ShortShippedLine, ...]
    promised_on: date | None = None


@dataclass(frozen=True)
class DelayedLine:
    """An order line and how much of it has not left."""

    order_line_id: str
    item_id: str
    open: Quantity


@dataclass(frozen=True)
class DelayedNote:
    """A delivery note of a late order that has not left, and how far it is."""

    delivery_id: str
    number: str
    state: str


@event("inventory.delivery.delayed.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryDelayed:
    """The promised day has passed, and not all of the order has left; told once per order and promised day.

    ``waits_for``: ``stock``, ``release`` (credit or another hold of the order), ``picking``, ``packing``, ``shipping``.
    """

    order_id: str
    order_number: str
    customer_id: str | None
    promised_on: date
    noticed_on: date
    waits_for: str
    lines: tuple[DelayedLine, ...]
    notes: tuple[DelayedNote, ...] = ()


@dataclass(frozen=True)
class PackedPackage:
    """A package: its number within the delivery, its weight in grams and what its carrier calls it, if known."""

    package_no: int
    weight_g: int | None = None
    tracking_number: str | None = None


@event("inventory.delivery.packed.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryPacked:
    """What was picked of a delivery note is in packages and waits to leave."""

    delivery_id: str
    number: str
    order_id: str
    packages: tuple[PackedPackage, ...]


@event("inventory.delivery.put_back.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryPutBack:
    """What was picked of a delivery note went back to the shelves; the note is ready to be picked again."""

    delivery_id: str
    number: str
    order_id: str
    reason: str
