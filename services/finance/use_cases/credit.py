"""Credit for orders: hold it, release it, and grant what waited as soon as there is room.

A customer's requests are served first come first served, under the lock of the account's row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.account import Account
from services.finance.domain.credit import (
    NO_RATE,
    RELEASED,
    WHY_REJECTED,
    CreditHold,
    explain_wait,
    why_never,
)
from services.finance.domain.credit_override import CreditOverride
from services.finance.domain.standing import CreditPolicy, first_policy, standing
from services.finance.domain.terms import Terms
from services.finance.events import CreditGranted, CreditRefused, CreditRejected, CreditReleased
from services.finance.store import (
    accounts,
    credit_policies,
    delivery_questions,
    dues,
    holds,
    overrides,
)
from services.finance.use_cases.approving import lapse_approval
from services.finance.use_cases.delivery_credit import decide_anew
from services.finance.use_cases.exchange import value_if_known
from services.finance.use_cases.send_off import worth_on_the_way


@dataclass(frozen=True)
class HoldCredit:
    """Hold credit of ``amount`` for an order, now or when there is room."""

    order_id: str
    order_number: str
    customer_id: str
    amount: Money


@dataclass(frozen=True)
class ReleaseCredit:
    """Give back what is held for an order or withdraw its request; it cannot ask again."""

    order_id: str
    reason: str


def hold_credit(tx: Transaction, command: HoldCredit, terms: Terms) -> None:
    """Hold the credit and say so, or queue the request and say why it waits; asked again, answer again.

    The request joins the queue and the queue is served, so that nobody overtakes; one that fits and before which
    nobody waits need not join it first.
    """
    account = accounts.lock(tx.connection, command.customer_id)
    if account is None:
        raise Later(f"the account of customer {command.customer_id} is not here yet")
    if _grant_at_once(tx, account, command, terms):
        return
    hold = _queue(tx, account, command, terms)
    if hold.state == "waiting":
        account, granted = _serve(tx, account, terms)
        if hold.order_id in granted:
            return
    _answer(tx, account, hold, terms)


def _grant_at_once(tx: Transaction, account: Account, command: HoldCredit, terms: Terms) -> bool:
    """Grant a new request that fits when nobody waits before it; return whether it was granted."""
    if _never(tx, account, command, terms) or not holds.is_next(
        tx.connection, command.order_id, command.customer_id
    ):
        return False
    if _is_overdue(tx, account, terms):
        return False
    after = accounts.hold(tx.connection, command.customer_id, command.amount)
    if after is None:
        return False
    hold = replace(_new_hold(tx, command), state="granted", held=command.amount)
    if holds.enqueue(tx.connection, hold) is None:  # its release was faster and has left its tombstone
        accounts.move(tx.connection, command.customer_id, held=-command.amount.minor)
        return False
    _publish_granted(tx, after, hold)
    return True


def _queue(tx: Transaction, account: Account, command: HoldCredit, terms: Terms) -> CreditHold:
    """Record a new request as waiting or never to be granted; return what is on record for the order."""
    hold = _new_hold(tx, command)
    never = _never(tx, account, command, terms)
    if never:
        hold = replace(hold, state="rejected", reason=never)
    return holds.enqueue(tx.connection, hold) or _existing(tx, command.order_id)


def _never(tx: Transaction, account: Account, command: HoldCredit, terms: Terms) -> str | None:
    """Return why this can never be granted: what cannot be invoiced for want of an exchange rate is not sold."""
    never = why_never(account, command.amount)
    if never is None and command.amount.currency != terms.currency:
        known = value_if_known(tx, command.amount, terms.today(tx.now), terms)
        return NO_RATE if known is None else None
    return never


def _new_hold(tx: Transaction, command: HoldCredit) -> CreditHold:
    """Return the request as it waits; its place is given to it as it is stored."""
    return CreditHold(
        order_id=command.order_id,
        customer_id=command.customer_id,
        order_number=command.order_number,
        state="waiting",
        amount=command.amount,
        held=Money.zero(command.amount.currency),
        queue_no=0,
        correlation_id=_conversation(tx, command.order_id),
        asked_at=tx.now,
    )


def _conversation(tx: Transaction, order_id: str) -> str:
    return tx.cause.correlation_id or order_id


def _existing(tx: Transaction, order_id: str) -> CreditHold:
    hold = holds.find(tx.connection, order_id, locked=True)
    assert hold is not None, "a hold is never deleted"
    return hold


def grant_waiting(tx: Transaction, account: Account, terms: Terms) -> Account:
    """Grant the waiting requests that now fit, in their order, and decide anew about goods that are to leave.

    Return the account after that. ``account`` must be locked. The first that does not fit keeps all later ones
    waiting, so that a stream of small orders cannot starve a large one.
    """
    after = _serve(tx, account, terms)[0]
    decide_anew(tx, after, terms)
    return after


def _serve(tx: Transaction, account: Account, terms: Terms) -> tuple[Account, set[str]]:
    """Grant what waits and fits; return the account after that, and which orders were granted.

    An order with an approved override goes before the others, and whether or not something is overdue.
    """
    granted: set[str] = set()
    waiting = holds.waiting(tx.connection, account.customer_id)
    if not waiting:
        return account, granted
    alive = overrides.alive_of(tx.connection, account.customer_id)
    for hold in waiting:
        override = alive.get(hold.order_id)
        if override is not None and override.is_usable(terms.today(tx.now)):
            account = _grant_beyond(tx, account, hold, override, granted)
    if _is_overdue(tx, account, terms):
        return account, granted
    for hold in waiting:
        if hold.order_id not in granted:
            after = accounts.hold(tx.connection, account.customer_id, hold.amount)
            if after is None:
                break
            account = _grant(tx, after, hold, granted)
            end_override(tx, alive.get(hold.order_id), "granted without it")
    return account, granted


def _grant_beyond(
    tx: Transaction, account: Account, hold: CreditHold, override: CreditOverride, granted: set[str]
) -> Account:
    """Grant an order by its override if that reaches, and use it up; return the account after that."""
    after = accounts.hold(tx.connection, account.customer_id, hold.amount, override.amount.minor)
    if after is None:
        return account
    overrides.settle(tx.connection, override.override_id, ("approved",), "used", tx.now)
    return _grant(tx, after, hold, granted, override.override_id)


def _grant(
    tx: Transaction, after: Account, hold: CreditHold, granted: set[str], override_id: str | None = None
) -> Account:
    holds.settle(tx.connection, hold.order_id, "granted", hold.amount, tx.now)
    granted.add(hold.order_id)
    _publish_granted(tx, after, hold, override_id)
    return after


def end_override(tx: Transaction, override: CreditOverride | None, reason: str) -> None:
    """End an override that is not needed any more, if there is one, and with it the approval that it waits for."""
    if override is None:
        return
    overrides.settle(tx.connection, override.override_id, overrides.ALIVE, "lapsed", tx.now)
    if override.state == "waiting":
        lapse_approval(tx, override.approval_id, reason)


def customers_of(tx: Transaction, order_ids: Iterable[str]) -> set[str]:
    """Return the customers for whose orders credit was asked, of those orders of which that is known."""
    return holds.customers_of(tx.connection, order_ids)


def customers_waiting(tx: Transaction) -> list[str]:
    """Return the customers that have a request waiting, or goods that leave by how they stand."""
    waiting = set(holds.customers_waiting(tx.connection))
    return sorted(waiting | set(delivery_questions.customers_with_open(tx.connection)))


def grant_for(tx: Transaction, customer_id: str, terms: Terms) -> None:
    """Grant what waits and fits of one customer."""
    account = accounts.lock(tx.connection, customer_id)
    if account is not None:
        grant_waiting(tx, account, terms)


def _is_overdue(tx: Transaction, account: Account, terms: Terms) -> bool:
    """Tell whether what is overdue keeps the account from more credit; what is open is looked at only if it could."""
    policy = policy_now(tx, terms)
    if account.limit is None or policy.grace_days is None:
        return False
    oldest = dues.oldest_due_on(tx.connection, account.customer_id)
    return policy.holds(account, oldest, terms.today(tx.now))


def policy_now(tx: Transaction, terms: Terms) -> CreditPolicy:
    """Return the credit policy that applies."""
    return credit_policies.policy_now(tx.connection, first_policy(terms))


def _answer(tx: Transaction, account: Account, hold: CreditHold, terms: Terms) -> None:
    """Say how the order's request stands."""
    if hold.state == "waiting":
        _publish_refused(tx, account, hold, terms)
    elif hold.state in ("granted", "used"):
        _publish_granted(tx, account, hold)
    else:
        reason = hold.reason if hold.state == "rejected" and hold.reason else RELEASED
        rejected = CreditRejected(hold.order_id, reason, WHY_REJECTED[reason])
        publish(tx, rejected, correlation_id=_conversation(tx, hold.order_id))


def _publish_granted(
    tx: Transaction, account: Account, hold: CreditHold, override_id: str | None = None
) -> None:
    granted = CreditGranted(
        order_id=hold.order_id,
        customer_id=account.customer_id,
        amount=hold.amount,
        exposure=account.exposure,
        limit=account.limit,
        override_id=override_id,
    )
    publish(tx, granted, correlation_id=hold.correlation_id)


def _publish_refused(tx: Transaction, account: Account, hold: CreditHold, terms: Terms) -> None:
    count, ahead = holds.waiting_before(tx.connection, account.customer_id, hold.queue_no)
    oldest = dues.oldest_due_on(tx.connection, account.customer_id)
    stands = standing(account, policy_now(tx, terms), oldest, terms.today(tx.now))
    wait = explain_wait(account, hold.amount, Money(ahead, account.currency), count + 1, stands.status)
    refused = CreditRefused(
        order_id=hold.order_id,
        customer_id=account.customer_id,
        amount=hold.amount,
        exposure=wait.exposure,
        limit=wait.limit,
        shortfall=wait.shortfall,
        status=wait.status,
        waits=True,
        queue_position=wait.position,
    )
    publish(tx, refused, correlation_id=hold.correlation_id)


def release_credit(tx: Transaction, command: ReleaseCredit, terms: Terms) -> None:
    """Release what is held for an order, and grant others what that frees; repeating it changes nothing."""
    hold = holds.find(tx.connection, command.order_id)
    if hold is None and _bury(tx, command, terms):
        _publish_released(tx, command, _conversation(tx, command.order_id), had_effect=False)
        return
    hold = hold or _existing(tx, command.order_id)
    if hold.customer_id is None:
        _publish_released(tx, command, hold.correlation_id, had_effect=False)
        return
    account = accounts.lock(tx.connection, hold.customer_id)
    assert account is not None, "a hold with a customer has that customer's account"
    hold = _existing(tx, command.order_id)
    is_alive = hold.state in ("waiting", "granted")
    if is_alive:
        account = _give_back(tx, account, hold, command.reason)
    _publish_released(tx, command, hold.correlation_id, had_effect=is_alive)
    if is_alive:
        grant_waiting(tx, account, terms)


def _give_back(tx: Transaction, account: Account, hold: CreditHold, reason: str) -> Account:
    """Give back what is held for an order, but for what is on its way of it and will be invoiced when it arrives."""
    worth = worth_on_the_way(tx.connection, hold.order_id)
    if worth is not None and hold.state == "granted":
        kept = min(worth, hold.held)
        holds.settle(tx.connection, hold.order_id, "granted", kept, tx.now, reason)
        return accounts.move(tx.connection, account.customer_id, held=(kept - hold.held).minor)
    nothing = Money.zero(hold.amount.currency)
    holds.settle(tx.connection, hold.order_id, "released", nothing, tx.now, reason)
    if hold.state == "waiting":
        alive = overrides.alive_of(tx.connection, account.customer_id)
        end_override(tx, alive.get(hold.order_id), "the order gave its request up")
    if not hold.held:
        return account
    return accounts.move(tx.connection, account.customer_id, held=-hold.held.minor)


def _bury(tx: Transaction, command: ReleaseCredit, terms: Terms) -> bool:
    """Leave a tombstone, so that a hold after its release is rejected; return whether it was new."""
    nothing = Money.zero(terms.currency)
    tombstone = CreditHold(
        order_id=command.order_id,
        customer_id=None,
        order_number=None,
        state="released",
        amount=nothing,
        held=nothing,
        queue_no=0,
        correlation_id=_conversation(tx, command.order_id),
        asked_at=tx.now,
        reason=command.reason,
    )
    return holds.add_if_new(tx.connection, tombstone)


def _publish_released(
    tx: Transaction, command: ReleaseCredit, conversation: str, *, had_effect: bool
) -> None:
    publish(tx, CreditReleased(command.order_id, command.reason, had_effect), correlation_id=conversation)
