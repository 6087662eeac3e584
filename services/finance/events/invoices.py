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

    The total is with ``tax``.
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
