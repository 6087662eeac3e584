"""Set how the company judges credit: the policy for everybody, and what the customers of a group are trusted with."""

from __future__ import annotations

from dataclasses import dataclass, replace

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from services.finance.domain.limits import GroupLimit, inherited
from services.finance.domain.standing import CreditPolicy, DeliveryCheck, first_policy
from services.finance.domain.terms import Terms
from services.finance.events import DeliveryCheckSet
from services.finance.store import accounts, credit_policies, holds
from services.finance.use_cases.accounts import give_limit
from services.finance.use_cases.credit import grant_waiting
from services.finance.use_cases.exchange import limit_for


@dataclass(frozen=True)
class SetCreditPolicy:
    """The policy from now on; without ``delivery`` the check at the delivery stays as it is."""

    watch_percent: int
    watch_overdue_days: int | None
    grace_days: int | None
    expected_version: int | None = None
    delivery: DeliveryCheck | None = None


@dataclass(frozen=True)
class SetGroupLimit:
    """What a group is trusted with in a currency; not ``active``: nothing of its own any more."""

    group: str
    currency: str
    limit: Money | None
    active: bool = True


def set_credit_policy(tx: Transaction, command: SetCreditPolicy, terms: Terms) -> CreditPolicy:
    """Store the next version; orders that it lets through are granted by the job that looks at all who wait."""
    current = credit_policies.policy_now(tx.connection, first_policy(terms))
    if command.expected_version not in (None, current.version):
        raise VersionMismatch(f"the credit policy is at version {current.version}")
    new = CreditPolicy(
        current.version + 1,
        command.watch_percent,
        command.watch_overdue_days,
        command.grace_days,
        command.delivery or current.delivery,
    )
    if replace(new, version=current.version) == current:
        return current
    credit_policies.add_policy(tx, new)
    if new.delivery != current.delivery:
        check = new.delivery
        publish(tx, DeliveryCheckSet(new.version, check.when, check.from_status, check.days))
    return new


def set_group_limit(tx: Transaction, command: SetGroupLimit, terms: Terms) -> GroupLimit:
    """Store the group's limit, give it to all its customers without one of their own, and grant what then fits."""
    credit_policies.lock_group(tx, command.group)
    before = credit_policies.group_limit(tx.connection, command.group, command.currency)
    version = 1 if before is None else before.version + 1
    new = GroupLimit(command.group, command.currency, command.limit, version, command.active)
    if before is not None and replace(new, version=before.version) == before:
        return before
    credit_policies.add_group_limit(tx, new)
    what = inherited(new, limit_for(tx, command.currency, terms))
    members = accounts.lock_group_members(tx.connection, command.group, command.currency)
    changed = [give_limit(tx, each, what.limit, what.source) for each in members]
    waiting = set(holds.customers_waiting(tx.connection))
    for account in changed:
        if account.customer_id in waiting or account.open_questions:
            grant_waiting(tx, account, terms)
    return new
