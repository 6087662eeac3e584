"""What inventory tells others. Names and meanings never change within a major version; fields are only added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money, Price
from libs.common.quantity import Quantity


@event("inventory.item.registered.v1", key="item_id")
@dataclass(frozen=True)
class ItemRegistered:
    """There is a new item; ``decimals`` (0 to 3) is how finely its unit of measure may be divided."""

    item_id: str
    sku: str
    name: str
    uom: str
    decimals: int
    active: bool
    lot_tracked: bool
    category: str | None = None


@event("inventory.item.details_changed.v1", key="item_id")
@dataclass(frozen=True)
class ItemDetailsChanged:
    """An item's name, category or activity changed; all fields carry the present values."""

    item_id: str
    sku: str
    name: str
    uom: str
    decimals: int
    active: bool
    lot_tracked: bool
    category: str | None = None


@event("inventory.stock.received.v1", key="item_id")
@dataclass(frozen=True)
class StockReceived:
    """More of an item lies in a warehouse; orders that wait for it are served because of this."""

    receipt_id: str
    item_id: str
    warehouse_id: str
    quantity: Quantity
    lot: str | None = None


@event("inventory.stock.freed.v1", key="item_id")
@dataclass(frozen=True)
class StockFreed:
    """Stock of an item may be free for orders that wait behind ``after_queue_no``.

    ``reason``: ``released`` (an order gave its stock or its place up), ``adjusted`` (more was counted than was
    booked) or ``queue_advanced`` (a part of a long queue was served and the rest is next).
    """

    item_id: str
    reason: str
    after_queue_no: int = 0


@dataclass(frozen=True)
class ReservedLine:
    """An order line and what is reserved for it."""

    order_line_id: str
    item_id: str
    quantity: Quantity


@event("inventory.reservation.reserved.v1", key="order_id")
@dataclass(frozen=True)
class ReservationReserved:
    """Everything that the order wants is reserved for it."""

    reservation_id: str
    order_id: str
    order_number: str
    lines: tuple[ReservedLine, ...]


@dataclass(frozen=True)
class WaitingLine:
    """An order line of a waiting order; ``missing`` is what those ahead in the queue would leave it short of."""

    order_line_id: str
    item_id: str
    sku: str
    requested: Quantity
    reserved: Quantity
    missing: Quantity


@event("inventory.reservation.waiting.v1", key="order_id")
@dataclass(frozen=True)
class ReservationWaiting:
    """The order cannot be filled completely, holds nothing, and is number ``queue_position`` for its items."""

    reservation_id: str
    order_id: str
    order_number: str
    queue_position: int
    lines: tuple[WaitingLine, ...]
    releases_by: str = "inventory.stock.received"


@event("inventory.reservation.rejected.v1", key="order_id")
@dataclass(frozen=True)
class ReservationRejected:
    """The request can never be filled; ``reason`` is a code, ``detail`` a sentence."""

    order_id: str
    reason: str
    detail: str


@event("inventory.reservation.released.v1", key="order_id")
@dataclass(frozen=True)
class ReservationReleased:
    """The order holds nothing (any more) but what was shipped; ``had_effect`` is false when that was so already."""

    order_id: str
    reason: str
    had_effect: bool


@dataclass(frozen=True)
class DeliveryLine:
    """An order line and how much of it is on a delivery note."""

    order_line_id: str
    item_id: str
    quantity: Quantity


@event("inventory.delivery.created.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryCreated:
    """A delivery note is ready for the warehouse; ``backorder_of`` names the note that left in part before it."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    warehouse_id: str
    lines: tuple[DeliveryLine, ...]
    promised_on: date | None = None
    backorder_of: str | None = None


@event("inventory.delivery.picked.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryPicked:
    """The goods of a delivery note are off the shelves."""

    delivery_id: str
    order_id: str


@dataclass(frozen=True)
class ShippedLine:
    """What left the house: one line per order line and lot."""

    order_line_id: str
    item_id: str
    sku: str
    item_name: str
    quantity: Quantity
    lot: str | None = None


@event("inventory.delivery.shipped.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryShipped:
    """The goods of a delivery note left on ``shipped_on``; the last of an order sets ``order_fully_shipped``."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    shipped_on: date
    lines: tuple[ShippedLine, ...]
    order_fully_shipped: bool
    promised_on: date | None = None


@event("inventory.delivery.recorded.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryRecorded:
    """A delivery that left from another system was written down: no stock moved, and nothing is invoiced by itself."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    shipped_on: date
    lines: tuple[ShippedLine, ...]
    order_fully_shipped: bool
    promised_on: date | None = None


@event("inventory.delivery.cancelled.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryCancelled:
    """A delivery note was given up before it left."""

    delivery_id: str
    order_id: str
    reason: str


@event("inventory.requisition.raised.v1", key="requisition_id")
@dataclass(frozen=True)
class RequisitionRaised:
    """Somebody, or the shortage of an item, asks for something to be bought.

    ``origin``: ``shortage`` (waiting orders lack ``need`` of it), ``reorder_point`` (the stock fell to its lower
    bound) or ``manual``. ``quantity`` is the need in the quantities that the supplier sells.
    """

    requisition_id: str
    number: str
    item_id: str
    sku: str
    warehouse_id: str
    origin: str
    need: Quantity
    quantity: Quantity
    supplier_id: str | None = None


@event("inventory.requisition.changed.v1", key="requisition_id")
@dataclass(frozen=True)
class RequisitionChanged:
    """The need behind a requisition that is not ordered yet grew or shrank; all fields carry the present values."""

    requisition_id: str
    number: str
    item_id: str
    sku: str
    warehouse_id: str
    origin: str
    need: Quantity
    quantity: Quantity
    supplier_id: str | None = None


@event("inventory.requisition.approved.v1", key="requisition_id")
@dataclass(frozen=True)
class RequisitionApproved:
    """A requisition may be ordered; ``value`` is what it would cost by the supplier's price, if that is known."""

    requisition_id: str
    number: str
    item_id: str
    sku: str
    warehouse_id: str
    origin: str
    need: Quantity
    quantity: Quantity
    supplier_id: str | None = None
    value: Money | None = None


@event("inventory.requisition.ended.v1", key="requisition_id")
@dataclass(frozen=True)
class RequisitionEnded:
    """Nothing more is bought for a requisition; ``outcome``: ``rejected``, ``cancelled`` or ``closed`` (it was)."""

    requisition_id: str
    number: str
    item_id: str
    warehouse_id: str
    outcome: str
    reason: str | None = None


@dataclass(frozen=True)
class PurchasedLine:
    """A line of a purchase order, as it was agreed with the supplier."""

    line_id: str
    requisition_id: str
    item_id: str
    sku: str
    quantity: Quantity
    unit_price: Price
    amount: Money
    expected_on: date


@event("inventory.purchase_order.placed.v1", key="purchase_order_id")
@dataclass(frozen=True)
class PurchaseOrderPlaced:
    """Goods were ordered of a supplier on ``ordered_on``; ``total`` is the sum of the lines, without tax."""

    purchase_order_id: str
    number: str
    supplier_id: str
    supplier_number: str
    supplier_name: str
    warehouse_id: str
    ordered_on: date
    expected_on: date
    total: Money
    lines: tuple[PurchasedLine, ...]
    reference: str | None = None


@dataclass(frozen=True)
class PurchaseReceivedLine:
    """What came in of a line with one receipt: one line per lot; ``amount`` is its price at the order's."""

    line_id: str
    item_id: str
    sku: str
    quantity: Quantity
    unit_price: Price
    amount: Money
    lot: str | None = None


@event("inventory.purchase_order.received.v1", key="purchase_order_id")
@dataclass(frozen=True)
class PurchaseOrderReceived:
    """Goods of a purchase order came in on ``received_on``; the last of them set ``fully_received``."""

    purchase_order_id: str
    number: str
    supplier_id: str
    supplier_number: str
    warehouse_id: str
    receipt_id: str
    receipt_number: str
    received_on: date
    lines: tuple[PurchaseReceivedLine, ...]
    fully_received: bool
    reference: str | None = None


@dataclass(frozen=True)
class PurchaseClosedLine:
    """What was ordered and what came in of a line, at the end."""

    line_id: str
    item_id: str
    ordered: Quantity
    received: Quantity


@event("inventory.purchase_order.closed.v1", key="purchase_order_id")
@dataclass(frozen=True)
class PurchaseOrderClosed:
    """No more will come of an order that was placed; ``outcome``: ``closed`` or, if nothing came, ``cancelled``."""

    purchase_order_id: str
    number: str
    supplier_id: str
    supplier_number: str
    outcome: str
    reason: str
    lines: tuple[PurchaseClosedLine, ...]
