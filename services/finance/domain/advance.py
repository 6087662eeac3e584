"""Advances: what a customer pays for an order before anything of it goes out, and the money that is kept for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from re import compile as pattern
from typing import Literal

from libs.common.errors import NotFound, Refused
from libs.common.money import Money
from services.finance.domain.account import Account
from services.finance.domain.payment import Payment, require_positive

AdvanceState = Literal["asked", "covered", "used", "released"]
_ORDER_NUMBER = pattern(r"(?<![A-Z0-9])SO-[0-9]+(?![0-9])")
MOST_NAMED = 20


class AdvanceNotFound(NotFound):
    """No advance was asked for this order, or the caller may not know of it."""

    code = "advance_not_found"
    usual_cure = "choose one from GET /api/v1/advances"


class AdvanceClosed(Refused):
    """The advance is covered, used or given up: nothing more is kept for it."""

    code = "advance_closed"
    usual_cure = "set the money against an invoice, or keep it for another order"


class AdvanceOfAnotherCustomer(Refused):
    """A payment is kept for its own customer's orders only."""

    code = "advance_of_another_customer"
    usual_cure = "choose an advance of the payer"


class AdvanceExceeded(Refused):
    """More is to be kept than the advance lacks, or than is free of the payment."""

    code = "advance_exceeded"


class AdvanceUncovers(Refused):
    """Other orders and invoices of the customer lean on this money: kept for an order, it lets the limit be passed."""

    code = "advance_uncovers_credit"
    usual_cure = "set the money against open invoices, raise the limit, or keep no more than the room"


@dataclass(frozen=True)
class Advance:
    """The advance on one order.

    ``asked``: ``covered`` of ``amount`` is there. ``covered``: all of it is. ``used``: its invoices took it.
    ``released``: given up, or refused before it was ever asked for (then nothing else is known of the order).
    """

    order_id: str
    order_number: str | None
    customer_id: str | None
    amount: Money
    covered: Money
    state: AdvanceState
    correlation_id: str
    asked_at: datetime
    reason: str | None = None
    version: int = 1

    @property
    def missing(self) -> Money:
        """What has not come in of it."""
        return self.amount - self.covered


@dataclass(frozen=True)
class Earmark:
    """What is kept of a payment for an order; ``left`` is what its invoices have not taken."""

    payment_id: str
    order_id: str
    amount: Money
    left: Money


def orders_named(reference: str) -> tuple[str, ...]:
    """Return the order numbers that a bank reference names, each once, up to ``MOST_NAMED``."""
    found = dict.fromkeys(_ORDER_NUMBER.findall(reference.upper()))
    return tuple(found)[:MOST_NAMED]


def within_room(account: Account, amount: Money) -> Money:
    """Return how much of ``amount``, money that was there before, can be kept for an order within the limit."""
    nothing = Money.zero(amount.currency)
    return amount if account.room is None else max(nothing, min(amount, account.room))


def check_room(account: Account, amount: Money) -> None:
    """Refuse to keep money for an order on which others lean by now."""
    if within_room(account, amount) < amount:
        raise AdvanceUncovers(
            f"{account.name} has {account.room} of room below the limit",
            field="amount",
            room=account.room,
            exposure=account.exposure,
            limit=account.limit,
        )


def check_earmark(payment: Payment, advance: Advance, amount: Money) -> None:
    """Raise the refusal that says why ``amount`` of ``payment`` cannot be kept for the order, if there is one."""
    require_positive(amount, payment.amount.currency, "amount")
    if advance.customer_id != payment.customer_id:
        raise AdvanceOfAnotherCustomer(
            f"{payment.number} is not of the customer who ordered", field="order_id"
        )
    if advance.state != "asked":
        raise AdvanceClosed(
            f"the advance on {advance.order_number} is {advance.state}", field="order_id", state=advance.state
        )
    if amount > advance.missing:
        raise AdvanceExceeded(
            f"{advance.order_number} lacks {advance.missing}",
            field="amount",
            cure="keep no more than is missing",
            missing=advance.missing,
            asked=amount,
        )
    if amount > payment.free:
        raise AdvanceExceeded(
            f"{payment.number} has {payment.free} free",
            field="amount",
            cure="keep no more than is free",
            free=payment.free,
            asked=amount,
        )
