"""What crm notes of finance: what was invoiced, credited and paid of each order."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.envelope import Message
from libs.common.inbox import Subscriptions
from libs.common.money import Money
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
class Paid:
    """What crm reads of money that an invoice was paid with."""

    order_id: str
    amount: Money


@subscriptions.on("finance.invoice.posted.v1", Billed)
def invoice_posted(tx: Transaction, view: Billed, message: Message) -> None:
    """Add the invoice to its order."""
    note_invoice(tx, view.order_id, view.total, view.net)


@subscriptions.on("finance.credit_note.posted.v1", Billed)
def credit_note_posted(tx: Transaction, view: Billed, message: Message) -> None:
    """Add the credit note to its order."""
    note_credit(tx, view.order_id, view.total, view.net)


@subscriptions.on("finance.payment.allocated.v1", Paid)
def payment_allocated(tx: Transaction, view: Paid, message: Message) -> None:
    """Add the money to its order."""
    note_payment(tx, view.order_id, view.amount)
