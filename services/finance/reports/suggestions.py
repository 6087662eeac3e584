"""What a payment may be meant for, from what its payer has open."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from libs.common.money import Money
from services.finance.domain.matching import OpenInvoice, Suggestion, suggest
from services.finance.domain.payment import PaymentNotFound
from services.finance.store.payments import find
from services.finance.store.tables import invoice

MOST_INVOICES = 200
"""Of the payer's open invoices so many are looked at, those that fell due first."""


@dataclass(frozen=True)
class Suggestions:
    """What is left of a payment, and what it may be meant for, the likeliest first."""

    payment_id: str
    number: str
    reference: str
    unallocated: Money
    version: int
    suggestions: tuple[Suggestion, ...]


def suggestions_for(connection: Connection, payment_id: str) -> Suggestions:
    """Return what is left of the payment may pay; refuse a payment that there is not."""
    payment = find(connection, payment_id)
    if payment is None:
        raise PaymentNotFound(
            f"there is no payment {payment_id}", cure="choose one from GET /api/v1/payments"
        )
    found = suggest(payment.reference, payment.unallocated, _open_invoices(connection, payment.customer_id))
    return Suggestions(
        payment_id=payment.payment_id,
        number=payment.number,
        reference=payment.reference,
        unallocated=payment.unallocated,
        version=payment.version,
        suggestions=tuple(found),
    )


def _open_invoices(connection: Connection, customer_id: str) -> list[OpenInvoice]:
    query = (
        select(invoice.c.id, invoice.c.number, invoice.c.due_on, invoice.c.open_minor, invoice.c.currency)
        .where(invoice.c.customer_id == customer_id, invoice.c.open_minor > 0, invoice.c.state == "posted")
        .order_by(invoice.c.due_on, invoice.c.id)
        .limit(MOST_INVOICES)
    )
    return [
        OpenInvoice(row.id, row.number, row.due_on, Money(row.open_minor, row.currency))
        for row in connection.execute(query)
    ]
