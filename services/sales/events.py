"""What sales tells others, and what it orders of them. Within a major version fields are only added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from libs.common.envelope import command, event
from libs.common.money import Money, Price
from libs.common.quantity import Quantity


@event("sales.quotation.issued.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationIssued:
    """A quotation was drawn up; it may be accepted until ``valid_until``, that day included."""

    quotation_id: str
    number: str
    customer_id: str
    total: Money
    valid_until: date


@event("sales.quotation.sent.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationSent:
    """The customer has the quotation."""

    quotation_id: str
    number: str


@event("sales.quotation.revised.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationRevised:
    """The quotation is superseded by ``revision_id``, its revision number ``revision``."""

    quotation_id: str
    number: str
    revision_id: str
    revision_number: str
    revision: int


@dataclass(frozen=True)
class AskedStepTold:
    """A question that waits now: who may answer it, and how many different people must say yes."""

    step: int
    name: str
    people_needed: int
    roles: tuple[str, ...]
    users: tuple[str, ...]


@event("sales.quotation.approval_requested.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationApprovalRequested:
    """The quotation is not sent before those whom ``flows`` name have approved it; ``open_steps`` are asked now."""

    quotation_id: str
    number: str
    approval_id: str
    customer_id: str
    total: Money
    requested_by: str
    flows: tuple[str, ...]
    open_steps: tuple[AskedStepTold, ...]


@event("sales.quotation.approved.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationApproved:
    """Enough people approved; the last of them was ``approved_by``, maybe as the deputy of ``on_behalf_of``."""

    quotation_id: str
    number: str
    approval_id: str
    approved_by: str
    on_behalf_of: str | None = None


@event("sales.quotation.rejected.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationRejected:
    """Somebody who was asked said no, and why; the quotation is a draft again."""

    quotation_id: str
    number: str
    approval_id: str
    rejected_by: str
    reason: str
    on_behalf_of: str | None = None


@event("sales.quotation.approval_withdrawn.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationApprovalWithdrawn:
    """Who asked for the approval took the question back; the quotation is a draft again."""

    quotation_id: str
    number: str
    approval_id: str
    withdrawn_by: str


@event("sales.quotation.approval_escalated.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationApprovalEscalated:
    """Nobody answered a step in its time: the role ``asked_too`` may answer it as well."""

    quotation_id: str
    number: str
    approval_id: str
    step: int
    name: str
    asked_too: str


@event("sales.quotation.accepted.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationAccepted:
    """The customer accepted; the order that came of it is ``order_id``."""

    quotation_id: str
    number: str
    order_id: str


@event("sales.quotation.expired.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationExpired:
    """The last day of validity passed without an answer."""

    quotation_id: str
    number: str


@event("sales.quotation.declined.v1", key="quotation_id")
@dataclass(frozen=True)
class QuotationDeclined:
    """The customer does not want it."""

    quotation_id: str
    number: str
    reason: str | None = None


@dataclass(frozen=True)
class OrderedLine:
    """A line of an order as it was agreed; ``discount_percent`` has two decimals, ``amount`` is what is booked.

    What promotions took off, ``promotion``, is not in the amount any more.
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


@event("sales.order.placed.v1", key="order_id")
@dataclass(frozen=True)
class OrderPlaced:
    """There is an order; stock and credit are being asked for."""

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    total: Money
    lines: tuple[OrderedLine, ...]
    quotation_id: str | None = None
    promised_on: date | None = None


@event("sales.order.held.v1", key="order_id")
@dataclass(frozen=True)
class OrderHeld:
    """The order waits for ``code`` (stock or credit); told again when the ``figures`` change.

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
    """Stock and credit are held: the goods may go out."""

    order_id: str
    number: str
    customer_id: str
    ordered_on: date
    total: Money
    lines: tuple[OrderedLine, ...]
    promised_on: date | None = None


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


@dataclass(frozen=True)
class LineToReserve:
    """An order line and how much of its item it needs."""

    order_line_id: str
    item_id: str
    quantity: Quantity


@command("inventory.reserve_stock.v1", key="order_id")
@dataclass(frozen=True)
class ReserveStock:
    """Reserve all lines, or let the order wait for what is missing."""

    order_id: str
    order_number: str
    customer_id: str
    ordered_on: date
    lines: tuple[LineToReserve, ...]
    promised_on: date | None = None


@command("inventory.release_stock.v1", key="order_id")
@dataclass(frozen=True)
class ReleaseStock:
    """Give up what is reserved for the order, and refuse a reservation that arrives later."""

    order_id: str
    reason: str


@command("finance.hold_credit.v1", key="order_id")
@dataclass(frozen=True)
class HoldCredit:
    """Hold the order's amount within the customer's limit, or let it wait for room."""

    order_id: str
    order_number: str
    customer_id: str
    amount: Money


@command("finance.release_credit.v1", key="order_id")
@dataclass(frozen=True)
class ReleaseCredit:
    """Give up the credit held for the order, and refuse a hold that arrives later."""

    order_id: str
    reason: str
