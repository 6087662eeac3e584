"""Items, stock, reservations and deliveries, as inventory tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money
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
    serial_tracked: bool = False
    fields: dict[str, str] = field(default_factory=dict)


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
    serial_tracked: bool = False
    fields: dict[str, str] = field(default_factory=dict)


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
    """Stock of an item may be free for orders that wait behind ``after_queue_no`` (0: for all of them).

    ``reason``: ``released`` (an order gave its stock or its place up), ``adjusted`` (more was counted than was
    booked), ``queue_advanced`` (a part of a long queue was served and the rest is next), ``short_picked`` (what was
    promised was not found, and other stock may serve the order), ``reordered`` (somebody went ahead by the rule),
    ``requeued`` (a promise was taken back), ``claimed`` (one ahead was filled with what another held) or ``expired``
    (stock was set aside: what was promised of it is taken back).
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
    """Everything that the order wants is reserved for it; ``served_by`` is the rule by which its turn came."""

    reservation_id: str
    order_id: str
    order_number: str
    lines: tuple[ReservedLine, ...]
    served_by: str | None = None


@event("inventory.reservation.reordered.v1", key="order_id")
@dataclass(frozen=True)
class ReservationReordered:
    """The place of a waiting order in the queue has changed, because the company's rule did; ``reason`` says how."""

    order_id: str
    order_number: str
    rule_version: int
    reason: str


@dataclass(frozen=True)
class WaitingLine:
    """An order line of a waiting order; ``missing`` is what those ahead in the queue would leave it short of.

    Where the order takes what there is, ``reserved`` is held for it or has left, and ``missing`` is all the rest.
    ``expected_on``: by what was known then, that can be had on this day.
    """

    order_line_id: str
    item_id: str
    sku: str
    requested: Quantity
    reserved: Quantity
    missing: Quantity
    expected_on: date | None = None


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


@event("inventory.reservation.partially_reserved.v1", key="order_id")
@dataclass(frozen=True)
class ReservationPartiallyReserved:
    """The order has got what there was of its goods, and is number ``queue_position`` for the rest; told each time.

    With ``ship_complete`` it holds that until the rest is there too; else what it holds may leave.
    """

    reservation_id: str
    order_id: str
    order_number: str
    queue_position: int
    lines: tuple[WaitingLine, ...]
    ship_complete: bool
    served_by: str | None = None
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


@dataclass(frozen=True)
class PickedLine:
    """What was taken from the shelf: one line per order line and lot."""

    order_line_id: str
    item_id: str
    sku: str
    quantity: Quantity
    lot: str | None = None


@event("inventory.delivery.picked.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryPicked:
    """The goods of a delivery note are off the shelves; ``lines`` are what was really taken, lot by lot."""

    delivery_id: str
    order_id: str
    number: str = ""
    lines: tuple[PickedLine, ...] = ()


@dataclass(frozen=True)
class ShippedLine:
    """What left the house: one line per order line and lot; ``cost`` is what the goods were worth, where known.

    ``serials`` name each unit of an item that is kept by serial number.
    """

    order_line_id: str
    item_id: str
    sku: str
    item_name: str
    quantity: Quantity
    lot: str | None = None
    cost: Money | None = None
    serials: tuple[str, ...] = ()


@event("inventory.delivery.shipped.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryShipped:
    """The goods of a delivery note left on ``shipped_on``; the last of an order sets ``order_fully_shipped``.

    ``carrier`` is the name of who takes them along. ``change_no`` is the number of the last change of the order that
    the warehouse had been told of; 0: none.
    """

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    shipped_on: date
    lines: tuple[ShippedLine, ...]
    order_fully_shipped: bool
    promised_on: date | None = None
    carrier: str | None = None
    tracking_numbers: tuple[str, ...] = ()
    change_no: int = 0


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
