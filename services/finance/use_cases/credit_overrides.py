"""Credit beyond the limit for one order: asked for with a reason, decided by another, used once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.approvals import Approval
from libs.common.db import Transaction, next_number
from libs.common.money import Money
from services.finance.domain.approving import OVERRIDE
from services.finance.domain.credit_override import (
    CreditOverride,
    OrderNotWaiting,
    OverrideAlive,
    OverrideNotFound,
    approve,
    check_override,
)
from services.finance.domain.delivery_check import needed_for_delivery
from services.finance.domain.terms import Terms
from services.finance.store import accounts, delivery_questions, holds, overrides
from services.finance.store.teams import SIGHT
from services.finance.use_cases.accounts import lock_account
from services.finance.use_cases.approving import Asked, ask_for_approval
from services.finance.use_cases.credit import end_override, grant_waiting

SERIES = "credit_override"


@dataclass(frozen=True)
class RequestOverride:
    """Ask that an order is granted although it passes the limit by ``amount``; left out: by what it needs now.

    ``only_owner`` is given for somebody who sees only their own customers.
    """

    order_id: str
    reason: str
    expires_on: date
    by: str
    amount: Money | None = None
    only_owner: str | None = None


def request_override(tx: Transaction, command: RequestOverride, terms: Terms) -> CreditOverride:
    """Record the request and ask for its approval. The account is locked first, then the order's hold.

    Of a confirmed order whose goods are held back, it is asked that these may leave.
    """
    today = terms.today(tx.now)
    seen = holds.find(tx.connection, command.order_id)
    if seen is None or seen.customer_id is None:
        raise _no_such_order(command.order_id)
    account = lock_account(tx, seen.customer_id)
    if not SIGHT.shows(tx.connection, account.owner_id, command.only_owner):
        raise _no_such_order(command.order_id)
    hold = holds.find(tx.connection, command.order_id, locked=True)
    assert hold is not None, "a hold is never deleted"
    assert hold.order_number is not None, "a hold with a customer has its order's number"
    held_back = hold.state != "waiting" and bool(
        delivery_questions.refused_of_order(tx.connection, command.order_id)
    )
    least = needed_for_delivery(account) if held_back else None
    amount = check_override(account, hold, command.amount, command.expires_on, today, least)
    _make_way(tx, account.customer_id, command.order_id, today)
    override_id, number = tx.new_id(), f"CO-{next_number(tx, SERIES):06d}"
    asked = Asked(OVERRIDE, override_id, number, amount)
    begun = ask_for_approval(tx, asked, account, command.by)
    new = CreditOverride(
        override_id=override_id,
        number=number,
        order_id=hold.order_id,
        order_number=hold.order_number,
        customer_id=account.customer_id,
        amount=amount,
        reason=command.reason,
        expires_on=command.expires_on,
        approval_id=begun.id,
        requested_by=command.by,
        requested_at=tx.now,
        purpose="delivery" if held_back else "order",
    )
    overrides.add(tx, new)
    return new


def _no_such_order(order_id: str) -> OrderNotWaiting:
    return OrderNotWaiting(f"order {order_id} does not wait for credit", field="order_id")


def _make_way(tx: Transaction, customer_id: str, order_id: str, today: date) -> None:
    """End what the order had asked for before if its last day is past; else refuse a second request."""
    alive = overrides.alive_of(tx.connection, customer_id).get(order_id)
    if alive is None:
        return
    if today <= alive.expires_on:
        raise OverrideAlive(
            f"{alive.order_number} has {alive.number}, which is {alive.state}",
            field="order_id",
            number=alive.number,
            state=alive.state,
        )
    end_override(tx, alive, "its last day is past")


def lock_override(tx: Transaction, override_id: str) -> None:
    """Keep the customer's account to this transaction, as whoever changes its credit does."""
    accounts.lock(tx.connection, _find(tx, override_id).customer_id)


def override_approved(tx: Transaction, approval: Approval, terms: Terms) -> None:
    """Let the order be granted, and grant it if the override reaches; else it waits until it does, or expires."""
    override = approve(_find(tx, approval.document_id), terms.today(tx.now))
    overrides.settle(tx.connection, override.override_id, ("waiting",), "approved", tx.now)
    account = lock_account(tx, override.customer_id)
    grant_waiting(tx, account, terms)


def override_refused(tx: Transaction, approval: Approval, terms: Terms) -> None:
    """Note that the override was rejected or withdrawn."""
    state = "rejected" if approval.state == "rejected" else "withdrawn"
    overrides.settle(tx.connection, approval.document_id, ("waiting",), state, tx.now)  # type: ignore[arg-type]


def _find(tx: Transaction, override_id: str) -> CreditOverride:
    found = overrides.find(tx.connection, override_id)
    if found is None:
        raise OverrideNotFound(f"there is no credit override {override_id}")
    return found
