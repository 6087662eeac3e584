"""What crm notes of inventory: what there is to ask for, what left, and what customers sent back."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.crm.domain.followed_line import Back
from services.crm.domain.item import Item
from services.crm.use_cases.follow_lines import note_return
from services.crm.use_cases.follow_opportunity import note_restocked, note_shipment
from services.crm.use_cases.keep_item import keep_item

subscriptions = Subscriptions("crm")


@dataclass(frozen=True)
class ItemDetails:
    """What crm reads of an item."""

    item_id: str
    sku: str
    name: str
    uom: str
    decimals: int
    active: bool
    category: str | None = None


@subscriptions.on("inventory.item.registered.v1", ItemDetails)
@subscriptions.on("inventory.item.details_changed.v1", ItemDetails)
def item_described(tx: Transaction, view: ItemDetails, message: Message) -> None:
    """Note the item as inventory describes it."""
    item = Item(view.item_id, view.sku, view.name, view.uom, view.decimals, view.active, view.category)
    keep_item(tx, item, message.sequence)


@dataclass(frozen=True)
class ReturnedLine:
    """How much of an order line came back."""

    order_line_id: str
    item_id: str
    quantity: Quantity
    cost: Money | None = None


@dataclass(frozen=True)
class ShippedLine:
    """What crm reads of a line that left: what the goods were worth, where known."""

    cost: Money | None = None


@dataclass(frozen=True)
class DeliveryShipped:
    """What crm reads of goods that left."""

    order_id: str
    lines: tuple[ShippedLine, ...]


@dataclass(frozen=True)
class ReturnInspected:
    """What crm reads of goods that came back."""

    order_id: str
    customer_id: str
    lines: tuple[ReturnedLine, ...]


@subscriptions.on("inventory.return.inspected.v1", ReturnInspected)
def return_inspected(tx: Transaction, view: ReturnInspected, message: Message) -> None:
    """Note what the customer did not keep."""
    for line in view.lines:
        ids = (line.order_line_id, view.order_id, view.customer_id, line.item_id)
        note_return(tx, Back(*ids, line.quantity))
    note_restocked(tx, view.order_id, [line.cost for line in view.lines if line.cost is not None])


@subscriptions.on("inventory.delivery.shipped.v1", DeliveryShipped)
def delivery_shipped(tx: Transaction, view: DeliveryShipped, message: Message) -> None:
    """Note that goods of the order left, and what they cost."""
    note_shipment(tx, view.order_id, message.time, [line.cost for line in view.lines])
