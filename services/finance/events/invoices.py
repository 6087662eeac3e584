"""What happens to invoices, and the reminders of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.envelope import event
from libs.common.money import Money
from libs.common.quantity import Quantity


@dataclass(frozen=True)
class InvoicedLine:
    """A part of an order line on an invoice; the ``tax`` comes on top of the amount."""

    order_line_id: str
    item_id: str
    quantity: Quantity
    amount: Money
    tax: Money | None = None


@event("finance.invoice.posted.v1", key="order_id")
@dataclass(frozen=True)
class InvoicePosted:
    """A delivery was invoiced; ``order_fully_invoiced`` when nothing of the order is left to invoice.

    The total is with ``tax``. ``kind``: ``goods``, or ``down_payment``, which is for no delivery and has no lines.
    ``deducted``, with tax, was invoiced before as a down payment and is not in the total any more.
    """

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
    tax: Money | None = None
    kind: str = "goods"
    deducted: Money | None = None


@dataclass(frozen=True)
class UninvoicedLine:
    """How much of an order line left and will not be invoiced."""

    order_line_id: str
    quantity: Quantity


@event("finance.delivery.not_invoiced.v1", key="order_id")
@dataclass(frozen=True)
class DeliveryNotInvoiced:
    """Goods left and will not be invoiced: ``refused`` at the door, or ``returned`` before anybody signed for them.

    ``order_fully_invoiced`` when nothing of the order is left to invoice.
    """

    order_id: str
    delivery_id: str
    customer_id: str
    reason: str
    lines: tuple[UninvoicedLine, ...]
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
