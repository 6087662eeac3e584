"""What crm notes of finance: what was invoiced, credited and paid of each order, and what is open of invoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.money import Money
from services.crm.use_cases.follow_invoices import note_owed, note_owed_again, note_settled
from services.crm.use_cases.follow_opportunity import note_credit, note_invoice, note_payment

subscriptions = Subscriptions("crm")


@dataclass(frozen=True)
class Billed:
    """What crm reads of an invoice or a credit note; the total is with ``tax``."""

    order_id: str
    total: Money
    tax: Money | None = None

    @property
    def net(self) -> Money:
        """What it comes to without tax."""
        return self.total if self.tax is None else self.total - self.tax


@dataclass(frozen=True)
class Invoiced(Billed):
    """What crm reads of an invoice; it is followed where all of this was told."""

    invoice_id: str = ""
    customer_id: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Settled:
    """What crm reads of a part of an invoice that is not owed any more, or owed again."""

    invoice_id: str
    customer_id: str
    amount: Money


@dataclass(frozen=True)
class Paid:
    """What crm reads of money that an invoice was paid with."""

    order_id: str
    amount: Money
    invoice_id: str = ""
    customer_id: str = ""


@subscriptions.on("finance.invoice.posted.v1", Invoiced)
def invoice_posted(tx: Transaction, view: Invoiced, message: Message) -> None:
    """Add the invoice to its order; its customer owes it."""
    note_invoice(tx, view.order_id, view.total, view.net)
    if view.due_on is not None:
        note_owed(tx, view.invoice_id, view.customer_id, view.due_on, view.total)


@subscriptions.on("finance.credit_note.posted.v1", Billed)
def credit_note_posted(tx: Transaction, view: Billed, message: Message) -> None:
    """Add the credit note to its order."""
    note_credit(tx, view.order_id, view.total, view.net)


@subscriptions.on("finance.payment.allocated.v1", Paid)
def payment_allocated(tx: Transaction, view: Paid, message: Message) -> None:
    """Add the money to its order; so much less is open of the invoice."""
    note_payment(tx, view.order_id, view.amount)
    if view.invoice_id:
        note_settled(tx, view.invoice_id, view.customer_id, view.amount)


@subscriptions.on("finance.credit_note.allocated.v1", Settled)
@subscriptions.on("finance.write_off.posted.v1", Settled)
@subscriptions.on("finance.cash_discount.granted.v1", Settled)
def settled(tx: Transaction, view: Settled, message: Message) -> None:
    """Note that so much less is open of the invoice."""
    note_settled(tx, view.invoice_id, view.customer_id, view.amount)


@subscriptions.on("finance.write_off.reversed.v1", Settled)
@subscriptions.on("finance.cash_discount.reversed.v1", Settled)
def owed_again(tx: Transaction, view: Settled, message: Message) -> None:
    """Note that so much more is open of the invoice."""
    note_owed_again(tx, view.invoice_id, view.customer_id, view.amount)
