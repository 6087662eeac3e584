"""Follow what is open of invoices."""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction
from libs.common.money import Money
from services.crm.store import followed_invoices


def note_owed(tx: Transaction, invoice_id: str, customer_id: str, due_on: date, total: Money) -> None:
    """Note that a customer owes an invoice, until when it is to be paid, and how much."""
    followed_invoices.posted(tx, invoice_id, customer_id, due_on, total)


def note_settled(tx: Transaction, invoice_id: str, customer_id: str, amount: Money) -> None:
    """Note that a part of an invoice is not owed any more: paid, credited, discounted or given up."""
    followed_invoices.settled(tx, invoice_id, customer_id, amount.minor)


def note_owed_again(tx: Transaction, invoice_id: str, customer_id: str, amount: Money) -> None:
    """Note that a part of an invoice is owed again: what settled it was taken back."""
    followed_invoices.settled(tx, invoice_id, customer_id, -amount.minor)
