"""What is to be bought and what is on its way, as inventory tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money, Price
from libs.common.quantity import Quantity


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
    """What came in of a line with one receipt: one line per lot; ``amount`` is its price at the order's.

    ``value`` is what the stock is worth more with it, in the currency in which the item is valued.
    """

    line_id: str
    item_id: str
    sku: str
    quantity: Quantity
    unit_price: Price
    amount: Money
    lot: str | None = None
    value: Money | None = None


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
