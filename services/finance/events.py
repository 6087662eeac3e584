"""What finance tells others: facts in the past tense, in the order of the story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money
from libs.common.quantity import Quantity


@event("finance.credit_hold.granted.v1", key="order_id")
@dataclass(frozen=True)
class CreditGranted:
    """Credit is held for an order, at once or after it waited for room."""

    order_id: str
    customer_id: str
    amount: Money
    exposure: Money
    limit: Money | None


@event("finance.credit_hold.refused.v1", key="order_id")
@dataclass(frozen=True)
class CreditRefused:
    """There is no room now; with ``waits`` the request keeps its place and is granted when room comes free.

    ``shortfall`` is what must come free for this request and those ahead of it; ``queue_position`` 1 is next.
    """

    order_id: str
    customer_id: str
    amount: Money
    exposure: Money
    limit: Money | None
    shortfall: Money
    status: str
    waits: bool
    queue_position: int = 1


@event("finance.credit_hold.rejected.v1", key="order_id")
@dataclass(frozen=True)
class CreditRejected:
    """This request can never be granted; ``reason`` is released, currency_mismatch or amount_negative."""

    order_id: str
    reason: str
    detail: str


@event("finance.credit_hold.released.v1", key="order_id")
@dataclass(frozen=True)
class CreditReleased:
    """An order's hold or request is no more; without ``had_effect`` there was nothing to give back."""

    order_id: str
    reason: str
    had_effect: bool


@event("finance.account.limit_changed.v1", key="customer_id")
@dataclass(frozen=True)
class LimitChanged:
    """A person set a customer's credit limit; ``None`` means that credit is not checked."""

    customer_id: str
    limit: Money | None
    previous: Money | None


@event("finance.account.credit_stop_changed.v1", key="customer_id")
@dataclass(frozen=True)
class CreditStopChanged:
    """A person stopped all new credit for a customer, or lifted the stop."""

    customer_id: str
    stopped: bool
    reason: str | None = None


@dataclass(frozen=True)
class InvoicedLine:
    """A part of an order line on an invoice."""

    order_line_id: str
    item_id: str
    quantity: Quantity
    amount: Money


@event("finance.invoice.posted.v1", key="order_id")
@dataclass(frozen=True)
class InvoicePosted:
    """A delivery was invoiced; ``order_fully_invoiced`` when nothing of the order is left to invoice."""

    invoice_id: str
    number: str
    order_id: str
    delivery_id: str
    customer_id: str
    posted_on: date
    due_on: date
    total: Money
    lines: tuple[InvoicedLine, ...]
    order_fully_invoiced: bool


@event("finance.invoice.paid.v1", key="order_id")
@dataclass(frozen=True)
class InvoicePaid:
    """Nothing of an invoice is open any more."""

    invoice_id: str
    number: str
    order_id: str
    customer_id: str
    total: Money


@event("finance.payment.received.v1", key="payment_id")
@dataclass(frozen=True)
class PaymentReceived:
    """Money came in from a customer."""

    payment_id: str
    number: str
    customer_id: str
    amount: Money
    received_on: date
    reference: str


@event("finance.payment.allocated.v1", key="payment_id")
@dataclass(frozen=True)
class PaymentAllocated:
    """A part of a payment paid a part of an invoice."""

    payment_id: str
    invoice_id: str
    order_id: str
    customer_id: str
    amount: Money


@dataclass(frozen=True)
class CreditedLine:
    """What a credit note takes back of an order line; no quantity where only the price was lowered."""

    order_line_id: str
    item_id: str
    quantity: Quantity
    amount: Money


@event("finance.credit_note.posted.v1", key="order_id")
@dataclass(frozen=True)
class CreditNotePosted:
    """A part of an invoice was taken back.

    ``settled`` is what was open of the invoice and is not owed any more; ``unallocated``, the rest, was paid already
    and is the customer's to set against other invoices. ``return_id``: the goods that came back, if it is for goods.
    """

    credit_note_id: str
    number: str
    invoice_id: str
    invoice_number: str
    order_id: str
    customer_id: str
    posted_on: date
    total: Money
    settled: Money
    unallocated: Money
    reason: str
    lines: tuple[CreditedLine, ...]
    return_id: str | None = None


@event("finance.credit_note.allocated.v1", key="order_id")
@dataclass(frozen=True)
class CreditNoteAllocated:
    """A part of a credit note settled a part of an invoice: its own, or another one of the customer."""

    credit_note_id: str
    invoice_id: str
    order_id: str
    customer_id: str
    amount: Money


@event("finance.reminder.issued.v1", key="customer_id")
@dataclass(frozen=True)
class ReminderIssued:
    """A customer was reminded of overdue invoices; ``level`` is the highest that one of them has reached."""

    reminder_id: str
    number: str
    customer_id: str
    level: int
    issued_on: date
    total: Money
    invoice_ids: tuple[str, ...]
