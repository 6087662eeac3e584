"""Customer accounts: open them as customers register, and let people set limits and stops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.errors import Later, VersionMismatch
from libs.common.money import Money
from libs.common.outbox import publish
from libs.common.teams import TeamTold
from services.finance.domain.account import Account, AccountNotFound, LimitSource
from services.finance.domain.limits import Inherited, inherited
from services.finance.domain.terms import Terms
from services.finance.events import CreditStopChanged, LimitChanged
from services.finance.store import accounts, credit_policies
from services.finance.store.teams import TEAMS
from services.finance.use_cases.credit import grant_waiting
from services.finance.use_cases.exchange import limit_for


@dataclass(frozen=True)
class KeepCustomer:
    """A customer as crm knows it now."""

    customer_id: str
    number: str
    name: str
    currency: str
    owner_id: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class KeepOwner:
    """A customer's salesperson as crm knows it now."""

    customer_id: str
    owner_id: str | None = None


@dataclass(frozen=True)
class ChangeLimit:
    """Set a customer's own credit limit; ``None`` means that credit is not checked."""

    customer_id: str
    limit: Money | None
    expected_version: int | None = None


@dataclass(frozen=True)
class InheritLimit:
    """Take the customer's own limit away: that of the group counts again, or the company's default."""

    customer_id: str
    expected_version: int | None = None


@dataclass(frozen=True)
class ChangeStop:
    """Stop all new credit for a customer, whatever the limit, or lift the stop."""

    customer_id: str
    stopped: bool
    reason: str | None = None
    expected_version: int | None = None


def lock_together(tx: Transaction, customer_ids: Iterable[str], groups: Iterable[str] = ()) -> None:
    """Lock groups, then the accounts of several customers, in the one order in which everybody does."""
    for group in sorted(set(groups)):
        credit_policies.lock_group(tx, group)
    accounts.lock_many(tx.connection, customer_ids)


def keep_customer(tx: Transaction, customer: KeepCustomer, terms: Terms) -> None:
    """Open the customer's account with the limit of its group or of everybody, or keep what crm says of it now.

    A new currency is taken over as long as the account has no figures; after that the books stay as they are. Who has
    no limit of their own gets that of a new group.
    """
    if customer.group is not None:
        credit_policies.lock_group(tx, customer.group)
    account = accounts.lock(tx.connection, customer.customer_id)
    if account is None:
        accounts.add(tx.connection, _new_account(tx, customer, terms), tx.now)
        return
    known = accounts.describe(
        tx.connection, customer.customer_id, customer.number, customer.name, customer.owner_id, customer.group
    )
    if customer.currency != account.currency and accounts.is_unused(tx.connection, customer.customer_id):
        what = _inherited(tx, customer.group, customer.currency, terms)
        accounts.restart_in(tx.connection, customer.customer_id, customer.currency, what.limit, what.source)
    elif customer.group != account.group and account.limit_source != "customer":
        what = _inherited(tx, customer.group, account.currency, terms)
        grant_waiting(tx, give_limit(tx, known, what.limit, what.source), terms)


def _new_account(tx: Transaction, customer: KeepCustomer, terms: Terms) -> Account:
    nothing = Money.zero(customer.currency)
    what = _inherited(tx, customer.group, customer.currency, terms)
    return Account(
        customer_id=customer.customer_id,
        number=customer.number,
        name=customer.name,
        owner_id=customer.owner_id,
        currency=customer.currency,
        limit=what.limit,
        held=nothing,
        receivable=nothing,
        unallocated=nothing,
        group=customer.group,
        limit_source=what.source,
    )


def _inherited(tx: Transaction, group: str | None, currency: str, terms: Terms) -> Inherited:
    found = None if group is None else credit_policies.group_limit(tx.connection, group, currency)
    return inherited(found, limit_for(tx, currency, terms))


def keep_owner(tx: Transaction, customer: KeepOwner) -> None:
    """Keep the customer's present salesperson, who alone of the salespeople sees the account."""
    if not accounts.set_owner(tx.connection, customer.customer_id, customer.owner_id):
        raise Later(f"the account of customer {customer.customer_id} is not here yet")


def change_limit(tx: Transaction, command: ChangeLimit, terms: Terms) -> Account:
    """Set the customer's own limit, record who did, and grant the waiting orders that it makes room for."""
    account = lock_account(tx, command.customer_id, command.expected_version)
    account.check_limit(command.limit)
    return grant_waiting(tx, give_limit(tx, account, command.limit, "customer"), terms)


def inherit_limit(tx: Transaction, command: InheritLimit, terms: Terms) -> Account:
    """Let the limit of the customer's group, or the company's default, count again, and grant what then fits."""
    seen = accounts.find(tx.connection, command.customer_id)
    if seen is not None and seen.group is not None:
        credit_policies.lock_group(tx, seen.group)
    account = lock_account(tx, command.customer_id, command.expected_version)
    what = _inherited(tx, account.group, account.currency, terms)
    return grant_waiting(tx, give_limit(tx, account, what.limit, what.source), terms)


def give_limit(tx: Transaction, account: Account, limit: Money | None, source: LimitSource) -> Account:
    """Give a locked account a limit, and say so; one that it has already changes nothing."""
    if (limit, source) == (account.limit, account.limit_source):
        return account
    changed = accounts.set_limit(tx, account, limit, source)
    publish(tx, LimitChanged(account.customer_id, limit, account.limit, source))
    return changed


def change_stop(tx: Transaction, command: ChangeStop, terms: Terms) -> Account:
    """Stop the customer's credit or lift the stop, and then grant what waited and fits."""
    account = lock_account(tx, command.customer_id, command.expected_version)
    if command.stopped == account.stopped:
        return account
    reason = command.reason if command.stopped else None
    changed = accounts.set_stop(tx.connection, account.customer_id, command.stopped, reason)
    publish(tx, CreditStopChanged(account.customer_id, command.stopped, command.reason))
    return grant_waiting(tx, changed, terms)


def lock_account(tx: Transaction, customer_id: str, expected_version: int | None = None) -> Account:
    """Return the account, locked; refuse an unknown one, and one that is not at the version that was read."""
    account = accounts.lock(tx.connection, customer_id)
    if account is None:
        raise AccountNotFound(
            f"there is no account of customer {customer_id}",
            field="customer_id",
            cure="choose a customer from GET /api/v1/accounts",
        )
    if expected_version is not None and expected_version != account.version:
        raise VersionMismatch(
            f"the account is at version {account.version}", cure="read it again and repeat the change"
        )
    return account


def keep_team(tx: Transaction, told: TeamTold) -> None:
    """Keep who is in a team now, and who leads it: he sees what is about the customers of its members."""
    TEAMS.keep(tx, told)
