"""What a payment may be meant for, from what its payer has open."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from libs.common.money import Money
from services.finance.domain.matching import Suggestion, suggest
from services.finance.domain.payment import PaymentNotFound
from services.finance.store.guesses import open_of
from services.finance.store.payments import find


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
    found = suggest(
        payment.reference, payment.free, open_of(connection, payment.customer_id, payment.received_on)
    )
    return Suggestions(
        payment_id=payment.payment_id,
        number=payment.number,
        reference=payment.reference,
        unallocated=payment.free,
        version=payment.version,
        suggestions=tuple(found),
    )
