"""Advances: ask for one, keep the money that comes in for it, and give it back when the order is off.

Money that is kept for an order stays the customer's unallocated money until an invoice takes it, and the order holds as
much credit as is kept for it. So it makes no room for other orders, and its invoice needs none.
"""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.account import Account
from services.finance.domain.advance import (
    Advance,
    AdvanceExceeded,
    AdvanceNotFound,
    check_earmark,
    check_room,
    orders_named,
    within_room,
)
from services.finance.domain.credit import RELEASED, WHY_REJECTED, CreditHold, why_never
from services.finance.domain.payment import Payment, PaymentNotFound
from services.finance.domain.terms import Terms
from services.finance.events import AdvanceCovered, AdvanceRejected, AdvanceReleased, AdvanceRequested
from services.finance.store import accounts, advances, holds, payments
from services.finance.use_cases.accounts import lock_account
from services.finance.use_cases.credit import grant_waiting


@dataclass(frozen=True)
class AskAdvance:
    """Ask for ``amount`` before the order goes out."""

    order_id: str
    order_number: str
    customer_id: str
    amount: Money


@dataclass(frozen=True)
class ReleaseAdvance:
    """Keep nothing for the order any more; it cannot ask again."""

    order_id: str
    reason: str


@dataclass(frozen=True)
class KeepForOrder:
    """Keep ``amount`` of a payment for the order's advance."""

    payment_id: str
    order_id: str
    amount: Money


def ask_advance(tx: Transaction, command: AskAdvance) -> None:
    """Ask for the advance and take what is there for it already; asked again, answer again.

    Of money on which other orders lean no more is taken than there is room below the limit.
    """
    account = accounts.lock(tx.connection, command.customer_id)
    if account is None:
        raise Later(f"the account of customer {command.customer_id} is not here yet")
    never = why_never(account, command.amount)
    if never:
        _reject(tx, command.order_id, never)
        return
    asked = _new(tx, command)
    if not advances.add_if_new(tx.connection, asked):
        _answer(tx, _existing(tx, command.order_id))
        return
    for payment_id, reference in advances.free_payments(tx.connection, command.customer_id):
        if command.order_number in orders_named(reference) and asked.state == "asked":
            payment = _payment(tx, payment_id)
            part = within_room(account, min(payment.free, asked.missing))
            if part:
                asked, account = _keep(tx, account, asked, payment, part)
    _answer(tx, asked)


def _new(tx: Transaction, command: AskAdvance) -> Advance:
    """Return the advance as it is asked for; one of nothing is covered from the start."""
    return Advance(
        order_id=command.order_id,
        order_number=command.order_number,
        customer_id=command.customer_id,
        amount=command.amount,
        covered=Money.zero(command.amount.currency),
        state="asked" if command.amount else "covered",
        correlation_id=_conversation(tx, command.order_id),
        asked_at=tx.now,
    )


def keep_what_was_sent(tx: Transaction, account: Account, payment: Payment) -> Account:
    """Keep what is free of a new payment for the orders that its reference names; return the account after it."""
    named = orders_named(payment.reference)
    if not (named and payment.unallocated):
        return account
    for asked in advances.asked_of(tx.connection, payment.customer_id, named):
        left = _payment(tx, payment.payment_id)
        if left.free:
            after, account = _keep(tx, account, asked, left)
            _answer(tx, after)
    return account


def keep_for_order(tx: Transaction, command: KeepForOrder) -> None:
    """Keep a part of a payment for an order, as a person says; the order goes on with the last of it."""
    payment = _payment(tx, command.payment_id)
    account = lock_account(tx, payment.customer_id)
    payment = _payment(tx, command.payment_id)
    asked = advances.find(tx.connection, command.order_id, locked=True)
    if asked is None:
        raise AdvanceNotFound(f"no advance was asked for order {command.order_id}", field="order_id")
    check_earmark(payment, asked, command.amount)
    check_room(account, command.amount)
    after, _ = _keep(tx, account, asked, payment, command.amount)
    _answer(tx, after)


def _payment(tx: Transaction, payment_id: str) -> Payment:
    found = payments.find(tx.connection, payment_id)
    if found is None:
        raise PaymentNotFound(
            f"there is no payment {payment_id}", cure="choose one from GET /api/v1/payments"
        )
    return found


def _keep(
    tx: Transaction, account: Account, asked: Advance, payment: Payment, amount: Money | None = None
) -> tuple[Advance, Account]:
    """Keep ``amount`` of a payment for an order, else as much as there is and is missing, and hold as much credit."""
    part = amount or min(payment.free, asked.missing)
    if payments.earmark(tx.connection, payment.payment_id, part) is None:
        raise _overtaken(payment, asked)
    after = advances.cover(tx.connection, asked.order_id, part, tx.now)
    if after is None:
        raise _overtaken(payment, asked)
    advances.keep(tx.connection, payment.payment_id, asked.order_id, part, tx.now)
    if not holds.grow(tx.connection, asked.order_id, part):
        holds.add_if_new(tx.connection, _hold(tx, asked, part))
    return after, accounts.move(tx.connection, account.customer_id, held=part.minor)


def _overtaken(payment: Payment, asked: Advance) -> AdvanceExceeded:
    message = f"{payment.number} or the advance on {asked.order_number} changed meanwhile"
    return AdvanceExceeded(message, field="amount", cure="read both again and repeat")


def _hold(tx: Transaction, asked: Advance, part: Money) -> CreditHold:
    return CreditHold(
        order_id=asked.order_id,
        customer_id=asked.customer_id,
        order_number=asked.order_number,
        state="granted",
        amount=part,
        held=part,
        queue_no=0,
        correlation_id=asked.correlation_id,
        asked_at=tx.now,
    )


def release_advance(tx: Transaction, command: ReleaseAdvance, terms: Terms) -> None:
    """Give back what is kept for the order, and let others use the room; repeating it changes nothing."""
    seen = advances.find(tx.connection, command.order_id)
    if seen is None:
        _bury(tx, command, terms)
        return
    if seen.customer_id is None:
        _tell_released(tx, command, seen.correlation_id, had_effect=False)
        return
    account = accounts.lock(tx.connection, seen.customer_id)
    assert account is not None, "an advance with a customer has that customer's account"
    before = _existing(tx, command.order_id)
    is_alive = before.state in ("asked", "covered")
    if is_alive:
        account = _give_back(tx, account, before, command.reason)
    _tell_released(tx, command, before.correlation_id, had_effect=is_alive)
    if is_alive:
        grant_waiting(tx, account, terms)


def _give_back(tx: Transaction, account: Account, before: Advance, reason: str) -> Account:
    freed = Money.zero(before.amount.currency)
    for kept in advances.kept_for(tx.connection, before.order_id):
        if not (
            advances.take(tx.connection, kept, kept.left)
            and payments.free(tx.connection, kept.payment_id, kept.left)
        ):
            raise RuntimeError(f"what is kept for {before.order_number} changed under lock")
        freed += kept.left
    advances.settle(tx.connection, before.order_id, "released", tx.now, reason)
    hold = holds.find(tx.connection, before.order_id, locked=True)
    if hold is None or hold.state != "granted":
        return account
    holds.settle(tx.connection, before.order_id, "released", Money.zero(freed.currency), tx.now, reason)
    return accounts.move(tx.connection, account.customer_id, held=-hold.held.minor)


def _bury(tx: Transaction, command: ReleaseAdvance, terms: Terms) -> None:
    """Leave a tombstone, so that a request after its release is refused."""
    nothing = Money.zero(terms.currency)
    tombstone = Advance(
        order_id=command.order_id,
        order_number=None,
        customer_id=None,
        amount=nothing,
        covered=nothing,
        state="released",
        correlation_id=_conversation(tx, command.order_id),
        asked_at=tx.now,
        reason=command.reason,
    )
    if not advances.add_if_new(tx.connection, tombstone):
        raise Later("the order's advance is being asked for at this moment")
    _tell_released(tx, command, tombstone.correlation_id, had_effect=False)


def customers_of(tx: Transaction, order_ids: list[str]) -> set[str]:
    """Return the customers from whom advances on these orders were asked."""
    return advances.customers_of(tx.connection, order_ids) if order_ids else set()


def _existing(tx: Transaction, order_id: str) -> Advance:
    found = advances.find(tx.connection, order_id, locked=True)
    assert found is not None, "an advance is never deleted"
    return found


def _conversation(tx: Transaction, order_id: str) -> str:
    return tx.cause.correlation_id or order_id


def _answer(tx: Transaction, now: Advance) -> None:
    """Say how the order's advance stands."""
    if now.state == "released":
        _reject(tx, now.order_id, RELEASED)
        return
    assert now.customer_id is not None
    assert now.order_number is not None
    told: AdvanceCovered | AdvanceRequested = AdvanceCovered(
        now.order_id, now.order_number, now.customer_id, now.amount
    )
    if now.state == "asked":
        told = AdvanceRequested(
            now.order_id, now.order_number, now.customer_id, now.amount, now.covered, now.missing
        )
    publish(tx, told, correlation_id=now.correlation_id)


def _reject(tx: Transaction, order_id: str, reason: str) -> None:
    rejected = AdvanceRejected(order_id, reason, WHY_REJECTED[reason])
    publish(tx, rejected, correlation_id=_conversation(tx, order_id))


def _tell_released(tx: Transaction, command: ReleaseAdvance, conversation: str, *, had_effect: bool) -> None:
    publish(tx, AdvanceReleased(command.order_id, command.reason, had_effect), correlation_id=conversation)
