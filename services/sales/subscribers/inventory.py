"""What sales does about inventory's facts: the items it may sell, the answers to its saga, what was shipped."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.forms import ToldField, form_told
from libs.common.inbox import Subscriptions
from libs.common.money import Price
from libs.common.quantity import Quantity
from libs.common.saga import handle
from services.sales.domain.arrival import Arrival
from services.sales.domain.items import Item
from services.sales.sagas.order_change import ORDER_CHANGE
from services.sales.sagas.order_to_cash import ORDER_TO_CASH
from services.sales.sagas.replies import Rejected, StockShort
from services.sales.use_cases.hold_order import release_hold
from services.sales.use_cases.keep_replicas import keep_cost, keep_form, keep_item
from services.sales.use_cases.record_arrival import parts_by_line, record_arrival, record_delay
from services.sales.use_cases.record_progress import record_shipment

subscriptions = Subscriptions("sales")


@dataclass(frozen=True)
class ItemDetails:
    """What sales reads of an item."""

    item_id: str
    sku: str
    name: str
    uom: str
    decimals: int
    active: bool
    category: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FormDefined:
    """What sales reads of a form of items."""

    document: str
    version: int
    fields: tuple[ToldField, ...]
    defined_by: str


@dataclass(frozen=True)
class ItemCost:
    """What sales reads of a new average cost."""

    item_id: str
    unit_cost: Price
    changed_on: date


@dataclass(frozen=True)
class AboutOrder:
    """An answer that says no more than which order it is about."""

    order_id: str


@dataclass(frozen=True)
class ShippedLine:
    """What left the house of one order line."""

    order_line_id: str
    quantity: Quantity


@dataclass(frozen=True)
class DeliveryShipped:
    """What sales reads of a shipment."""

    order_id: str
    lines: tuple[ShippedLine, ...]
    order_fully_shipped: bool


@dataclass(frozen=True)
class ArrivedLine:
    """What came to the customer's door of one order line and lot."""

    order_line_id: str
    quantity: Quantity
    refused: Quantity


@dataclass(frozen=True)
class DeliveryDelivered:
    """What sales reads of an arrival."""

    order_id: str
    delivery_id: str
    number: str
    shipped_on: date
    delivered_on: date
    signed_by: str
    lines: tuple[ArrivedLine, ...]
    on_time: bool | None = None
    return_number: str | None = None


@dataclass(frozen=True)
class AmendAnswer:
    """What sales reads of a reservation that was amended."""

    order_id: str
    change_id: str
    order_fully_shipped: bool


@dataclass(frozen=True)
class AmendRefused:
    """What sales reads of a reservation that stays as it is."""

    order_id: str
    change_id: str
    reason: str
    detail: str


@dataclass(frozen=True)
class DeliveryDelayed:
    """What sales reads of a late order."""

    order_id: str
    promised_on: date
    noticed_on: date
    waits_for: str


@subscriptions.on("inventory.item.registered.v1", ItemDetails)
@subscriptions.on("inventory.item.details_changed.v1", ItemDetails)
def item_described(tx: Transaction, view: ItemDetails, message: Message) -> None:
    """Note the item as inventory describes it."""
    item = Item(
        view.item_id, view.sku, view.name, view.uom, view.decimals, view.active, category=view.category
    )
    keep_item(tx, item, view.fields)


@subscriptions.on("inventory.form.defined.v1", FormDefined)
def form_defined(tx: Transaction, view: FormDefined, message: Message) -> None:
    """Note which fields the company added to items."""
    keep_form(tx, form_told(view.document, view.version, view.fields, view.defined_by))


@subscriptions.on("inventory.item.cost_changed.v1", ItemCost)
def item_costs(tx: Transaction, view: ItemCost, message: Message) -> None:
    """Note what the item costs now: what is priced from here on has its margin over that."""
    keep_cost(tx, view.item_id, view.unit_cost, view.changed_on)


@subscriptions.on("inventory.reservation.reserved.v1", AboutOrder)
def stock_reserved(tx: Transaction, view: AboutOrder, message: Message) -> None:
    """Let the saga go on; where it is further already, stock that was taken back from the order is there again."""
    if handle(tx, ORDER_TO_CASH, message) == "late":
        release_hold(tx, view.order_id, "stock", message.type)
    handle(tx, ORDER_CHANGE, message)


@subscriptions.on("inventory.reservation.released.v1", AboutOrder)
def stock_released(tx: Transaction, view: AboutOrder, message: Message) -> None:
    """Let the saga go back."""
    handle(tx, ORDER_TO_CASH, message)
    handle(tx, ORDER_CHANGE, message)


@subscriptions.on("inventory.reservation.waiting.v1", StockShort)
def stock_short(tx: Transaction, view: StockShort, message: Message) -> None:
    """Hold the order, or its change, until the goods are there."""
    handle(tx, ORDER_TO_CASH, message)
    handle(tx, ORDER_CHANGE, message)


@subscriptions.on("inventory.reservation.rejected.v1", Rejected)
def stock_rejected(tx: Transaction, view: Rejected, message: Message) -> None:
    """Give the order up, or its change: it can never be filled."""
    handle(tx, ORDER_TO_CASH, message)
    handle(tx, ORDER_CHANGE, message)


@subscriptions.on("inventory.reservation.amended.v1", AmendAnswer)
def stock_amended(tx: Transaction, view: AmendAnswer, message: Message) -> None:
    """Rewrite the order: the warehouse does as its change says. Where nothing is left to ship, its saga goes on."""
    handle(tx, ORDER_TO_CASH, message)
    handle(tx, ORDER_CHANGE, message, key=view.change_id)


@subscriptions.on("inventory.reservation.amend_refused.v1", AmendRefused)
def amend_refused(tx: Transaction, view: AmendRefused, message: Message) -> None:
    """Give back what was taken for the change: goods left, or were picked, before the warehouse heard of it."""
    handle(tx, ORDER_CHANGE, message, key=view.change_id)


@subscriptions.on("inventory.delivery.shipped.v1", DeliveryShipped)
def delivery_shipped(tx: Transaction, view: DeliveryShipped, message: Message) -> None:
    """Let the saga know, then record what left the house (the saga's row is always locked before the order's)."""
    handle(tx, ORDER_TO_CASH, message)
    record_shipment(tx, view.order_id, ((line.order_line_id, line.quantity) for line in view.lines))


@subscriptions.on("inventory.delivery.recorded.v1", DeliveryShipped)
def delivery_recorded(tx: Transaction, view: DeliveryShipped, message: Message) -> None:
    """Record what left the house before this system was there; no saga is about such an order."""
    record_shipment(tx, view.order_id, ((line.order_line_id, line.quantity) for line in view.lines))


@subscriptions.on("inventory.delivery.delivered.v1", DeliveryDelivered)
def delivery_delivered(tx: Transaction, view: DeliveryDelivered, message: Message) -> None:
    """Record what came to the customer's door."""
    arrival = Arrival(
        delivery_id=view.delivery_id,
        number=view.number,
        shipped_on=view.shipped_on,
        delivered_on=view.delivered_on,
        signed_by=view.signed_by,
        parts=parts_by_line((line.order_line_id, line.quantity, line.refused) for line in view.lines),
        on_time=view.on_time,
        return_number=view.return_number,
    )
    record_arrival(tx, view.order_id, arrival)


@subscriptions.on("inventory.delivery.delayed.v1", DeliveryDelayed)
def delivery_delayed(tx: Transaction, view: DeliveryDelayed, message: Message) -> None:
    """Record that the promised day has passed."""
    record_delay(
        tx,
        view.order_id,
        promised_on=view.promised_on,
        noticed_on=view.noticed_on,
        waits_for=view.waits_for,
    )
