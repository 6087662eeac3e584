"""What the service desk notes of inventory: what left for whom, and what items are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.quantity import Quantity
from services.service_desk.domain.installed import Item
from services.service_desk.use_cases.keep_item import keep_item
from services.service_desk.use_cases.note_return import NoteReturn, ReturnedLine, note_return
from services.service_desk.use_cases.note_shipment import NoteShipment, ShippedLine, note_shipment

subscriptions = Subscriptions("service_desk")


@dataclass(frozen=True)
class ItemDetails:
    """What the desk reads of an item."""

    item_id: str
    sku: str
    name: str
    category: str | None = None


@dataclass(frozen=True)
class DeliveredLine:
    """What the desk reads of a line that left."""

    item_id: str
    sku: str
    item_name: str
    quantity: Quantity
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeliveryShipped:
    """What the desk reads of a delivery note that left."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    shipped_on: date
    lines: tuple[DeliveredLine, ...]


@dataclass(frozen=True)
class CameBack:
    """What the desk reads of a line that came back."""

    item_id: str
    quantity: Quantity
    lot: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReturnInspected:
    """What the desk reads of a return that is over."""

    delivery_id: str
    inspected_on: date
    lines: tuple[CameBack, ...]


@subscriptions.on("inventory.item.registered.v1", ItemDetails)
@subscriptions.on("inventory.item.details_changed.v1", ItemDetails)
def item_described(tx: Transaction, view: ItemDetails, message: Message) -> None:
    """Note what the item is called."""
    keep_item(tx, Item(view.item_id, view.sku, view.name, view.category), message.sequence)


@subscriptions.on("inventory.delivery.shipped.v1", DeliveryShipped)
@subscriptions.on("inventory.delivery.recorded.v1", DeliveryShipped)
def delivery_shipped(tx: Transaction, view: DeliveryShipped, message: Message) -> None:
    """Note what the customer holds from now on, whether it left here or was brought in from another system."""
    command = NoteShipment(
        delivery_id=view.delivery_id,
        delivery_number=view.number,
        order_id=view.order_id,
        order_number=view.order_number,
        customer_id=view.customer_id,
        shipped_on=view.shipped_on,
        correlation_id=message.correlation_id,
        lines=[ShippedLine(**vars(line)) for line in view.lines],
    )
    note_shipment(tx, command)


@subscriptions.on("inventory.return.inspected.v1", ReturnInspected)
def return_inspected(tx: Transaction, view: ReturnInspected, message: Message) -> None:
    """Note what the customer does not hold any more, whether it went to the shelf or to scrap."""
    lines = [ReturnedLine(**vars(line)) for line in view.lines]
    note_return(tx, NoteReturn(view.delivery_id, view.inspected_on, lines))
