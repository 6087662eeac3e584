"""What happens to orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from libs.common.envelope import event
from libs.common.money import Money, Price
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class OrderedLine:
    """A line of an order as it was agreed; ``discount_percent`` has two decimals, ``amount`` is what is booked.

    What promotions took off, ``promotion``, is not in the amount any more. ``net`` is without tax, and so is the
    amount unless prices are inclusive; ``tax`` by ``tax_code`` at ``tax_percent`` comes on top of it.
    """

    order_line_id: str
    line_no: int
    item_id: str
    sku: str
    name: str
    quantity: Quantity
    unit_price: Price
    discount_percent: Decimal
    amount: Money
    promotion: Money | None = None
    net: Money | None = None
    tax: Money | None = None
    tax_code: str | None = None
    tax_percent: Decimal | None = None


@event("sales.order.placed.v1", key="order_id")
@dataclass(frozen=True)
class OrderPlaced:
    """There is an order; stock and credit are being asked for. ``total`` is with ``tax``.

    ``opportunity_id`` is the opportunity of crm that it comes of.
    """

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    total: Money
    lines: tuple[OrderedLine, ...]
    quotation_id: str | None = None
    promised_on: date | None = None
    order_type: str = "standard"
    order_type_version: int = 1
    tax: Money | None = None
    opportunity_id: str | None = None


@event("sales.order.held.v1", key="order_id")
@dataclass(frozen=True)
class OrderHeld:
    """The order waits for ``code`` (stock, credit, payment or date); told again when the ``figures`` change.

    ``owner`` is the role that can do something about it until ``deadline``; ``releases_by`` says what frees it.
    """

    order_id: str
    number: str
    code: str
    figures: dict[str, str]
    owner: str
    since: datetime
    deadline: datetime
    releases_by: str


@event("sales.order.hold_released.v1", key="order_id")
@dataclass(frozen=True)
class OrderHoldReleased:
    """The order no longer waits for ``code``; ``released_by`` names what freed it."""

    order_id: str
    number: str
    code: str
    released_by: str


@event("sales.order.hold_escalated.v1", key="order_id")
@dataclass(frozen=True)
class OrderHoldEscalated:
    """A hold outlived its deadline and is the ``owner``'s now, until the next one."""

    order_id: str
    number: str
    code: str
    owner: str
    deadline: datetime


@event("sales.order.confirmed.v1", key="order_id")
@dataclass(frozen=True)
class OrderConfirmed:
    """What its order type asks for before it is there, such as stock and credit: the goods may go out.

    ``total`` is with ``tax``. ``payment``: ``on_account``, ``advance`` (the money is there) or ``cash`` (it is paid as
    it is handed over). ``invoice_on``: ``shipment``, ``order`` (the whole of it, now), or
    ``delivery`` (what the customer has signed for). ``down_payment_bp`` of the total, in hundredths of a percent, is
    invoiced now and deducted from the invoices that follow. ``source``: ``stock``,
    ``to_order`` or ``supplier`` (who sends it to the customer). ``handover``: ``delivery``, or ``counter`` (it leaves
    at once).
    """

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    total: Money
    lines: tuple[OrderedLine, ...]
    promised_on: date | None = None
    order_type: str = "standard"
    order_type_version: int = 1
    payment: str = "on_account"
    invoice_on: str = "shipment"
    source: str = "stock"
    handover: str = "delivery"
    tax: Money | None = None
    down_payment_bp: int = 0


@event("sales.order.recorded.v1", key="order_id")
@dataclass(frozen=True)
class OrderRecorded:
    """An order of another system was written down: nothing is reserved or held for it, its documents may follow."""

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    total: Money
    lines: tuple[OrderedLine, ...]
    promised_on: date | None = None


@event("sales.order.cancelled.v1", key="order_id")
@dataclass(frozen=True)
class OrderCancelled:
    """The order is off and nothing is held for it; ``reason`` is a person's words or a code, ``detail`` a sentence."""

    order_id: str
    number: str
    reason: str
    detail: str | None = None


@dataclass(frozen=True)
class GivenUpLine:
    """How much of an order line will never be shipped."""

    order_line_id: str
    item_id: str
    quantity: Quantity


@event("sales.order.closed_short.v1", key="order_id")
@dataclass(frozen=True)
class OrderClosedShort:
    """The order was cancelled while a part was on its way: that part stays sold, the rest was given up."""

    order_id: str
    number: str
    reason: str
    lines: tuple[GivenUpLine, ...]


@event("sales.order.completed.v1", key="order_id")
@dataclass(frozen=True)
class OrderCompleted:
    """Everything that was not given up was shipped, invoiced and paid."""

    order_id: str
    number: str
