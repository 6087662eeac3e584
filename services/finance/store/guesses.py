"""Whose money a line may be and what it may be meant for, from what is on record."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from libs.common.money import Money
from services.finance.domain.matching import OpenInvoice, suggest
from services.finance.domain.payer import Guess, named_invoices, rank
from services.finance.store import bank
from services.finance.store.bank import BankLine
from services.finance.store.cash_discounts import allowed
from services.finance.store.dues import DUE_ON, IS_OPEN, WITH_PARTS
from services.finance.store.invoices import to_invoice
from services.finance.store.tables import invoice

MOST_INVOICES = 200
"""Of a payer's open invoices so many are looked at, those that fell due first."""


def guesses_for(connection: Connection, line: BankLine, *, by_name: bool = True) -> list[Guess]:
    """Return who may have paid a line, the likeliest first; nobody for money that went out.

    ``by_name`` also looks for customers of the payer's name, which costs a look at every account.
    """
    if line.amount.minor <= 0:
        return []
    currency = line.amount.currency
    payers = rank(
        bank.payers_of_invoices(connection, named_invoices(line.text), currency),
        bank.payers_from_account(connection, line.payer_account, currency),
        bank.payers_named(connection, line.payer, currency) if by_name else [],
    )
    return [
        Guess(
            payer,
            tuple(suggest(line.text, line.amount, open_of(connection, payer.customer_id, line.booked_on))),
        )
        for payer in payers
    ]


def open_of(connection: Connection, customer_id: str, day: date) -> list[OpenInvoice]:
    """Return what the customer has open, what fell due first before the others.

    With it stands what money that came in on ``day`` may leave out.
    """
    due_on = func.min(DUE_ON).label("first_due_on")
    query = (
        select(invoice, due_on)
        .select_from(WITH_PARTS)
        .where(invoice.c.customer_id == customer_id, IS_OPEN, invoice.c.state == "posted")
        .group_by(invoice.c.id)
        .order_by(due_on, invoice.c.id)
        .limit(MOST_INVOICES)
    )
    return [
        OpenInvoice(
            row.id,
            row.number,
            row.first_due_on,
            Money(row.open_minor, row.currency),
            allowed(connection, to_invoice(row), day),
        )
        for row in connection.execute(query).all()
    ]
