"""A customer's credit, for whoever sells to them: whose limit, what it is used for, the status and why, the habit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from libs.common.db import matches
from libs.common.money import Money
from services.finance.domain.account import Account
from services.finance.domain.habit import PaidPart, PaymentHabit, payment_habit, year_before
from services.finance.domain.limits import GroupLimit
from services.finance.domain.standing import CreditPolicy, Reason, days_overdue, first_policy, standing
from services.finance.domain.terms import Terms
from services.finance.domain.what_if import Due, Outlook, Question, check_question, look_ahead
from services.finance.reports.accounts import account_not_found
from services.finance.reports.paging import Position
from services.finance.store import credit_policies, dues
from services.finance.store.accounts import to_account
from services.finance.store.credit_policy_tables import credit_group_limit
from services.finance.store.tables import account, allocation, credit_hold, invoice, sales_order
from services.finance.store.teams import SIGHT


@dataclass(frozen=True)
class Exposure:
    """What credit is used for; total = unconfirmed + undelivered + not_due + overdue - unallocated.

    ``unconfirmed``: held for orders that sales has not confirmed yet. ``undelivered``: confirmed, not yet delivered,
    hence not invoiced. ``not_due`` and ``overdue`` are open of invoices.
    """

    unconfirmed: Money
    undelivered: Money
    not_due: Money
    overdue: Money
    unallocated: Money
    total: Money


@dataclass(frozen=True)
class CreditView:
    """The credit of a customer. ``waiting`` is asked for by ``waiting_orders`` orders and not part of the exposure."""

    customer_id: str
    number: str
    name: str
    owner_id: str | None
    group: str | None
    currency: str
    limit: Money | None
    limit_source: str
    status: str
    reasons: tuple[Reason, ...]
    exposure: Exposure
    room: Money | None
    used_percent: int | None
    waiting: Money
    waiting_orders: int
    oldest_due_on: date | None
    days_overdue: int
    policy_version: int
    habit: PaymentHabit


def credit_policy(connection: Connection, terms: Terms) -> CreditPolicy:
    """Return the policy that applies now."""
    return credit_policies.policy_now(connection, first_policy(terms))


def list_group_limits(connection: Connection, *, after: Position | None, limit: int) -> list[GroupLimit]:
    """Return what groups are trusted with, by name and currency."""
    table = credit_group_limit.c
    query = credit_policies.current_group_limits()
    if after is not None:
        group, currency = after
        same = (table.customer_group == group) & (table.currency > currency)
        query = query.where((table.customer_group > group) | same)
    query = query.order_by(table.customer_group, table.currency).limit(limit)
    return [credit_policies.to_group_limit(row) for row in connection.execute(query)]


def credit_of(
    connection: Connection, customer_id: str, terms: Terms, today: date, *, only_owner: str | None
) -> CreditView:
    """Return the credit of a customer; refuse one whom the caller may not know of."""
    found = _account(connection, customer_id, only_owner)
    open_dues = dues.open_of(connection, customer_id)
    policy = credit_policy(connection, terms)
    oldest = min((due.due_on for due in open_dues), default=None)
    stands = standing(found, policy, oldest, today)
    waiting = waiting_amounts(connection, found)
    since = year_before(today)
    return CreditView(
        customer_id=found.customer_id,
        number=found.number,
        name=found.name,
        owner_id=found.owner_id,
        group=found.group,
        currency=found.currency,
        limit=found.limit,
        limit_source=found.limit_source,
        status=stands.status,
        reasons=stands.reasons,
        exposure=_exposure(connection, found, open_dues, today),
        room=found.room,
        used_percent=found.used_percent,
        waiting=Money.total(waiting, found.currency),
        waiting_orders=len(waiting),
        oldest_due_on=oldest,
        days_overdue=days_overdue(oldest, today),
        policy_version=policy.version,
        habit=payment_habit(_paid_since(connection, found, since), found.currency, since),
    )


def _account(connection: Connection, customer_id: str, only_owner: str | None) -> Account:
    row = connection.execute(select(account).where(account.c.customer_id == customer_id)).one_or_none()
    if row is None or not SIGHT.shows(connection, row.owner_id, only_owner):
        raise account_not_found(customer_id)
    return to_account(row)


def _exposure(connection: Connection, found: Account, open_dues: list[Due], today: date) -> Exposure:
    query = (
        select(func.coalesce(func.sum(credit_hold.c.held_minor), 0))
        .join(sales_order, sales_order.c.order_id == credit_hold.c.order_id)
        .where(credit_hold.c.customer_id == found.customer_id, matches(credit_hold.c.state, "granted"))
    )
    undelivered = Money(int(connection.execute(query).scalar_one()), found.currency)
    overdue = Money.total((due.open for due in open_dues if due.due_on < today), found.currency)
    return Exposure(
        unconfirmed=found.held - undelivered,
        undelivered=undelivered,
        not_due=found.receivable - overdue,
        overdue=overdue,
        unallocated=found.unallocated,
        total=found.exposure,
    )


def waiting_amounts(connection: Connection, found: Account) -> list[Money]:
    """Return what the customer's waiting orders ask for, first come first."""
    query = (
        select(credit_hold.c.amount_minor)
        .where(credit_hold.c.customer_id == found.customer_id, matches(credit_hold.c.state, "waiting"))
        .order_by(credit_hold.c.queue_no)
    )
    return [Money(minor, found.currency) for minor in connection.execute(query).scalars()]


def _paid_since(connection: Connection, found: Account, since: date) -> list[PaidPart]:
    return [_part(row, found.currency) for row in connection.execute(_payments(found.customer_id, since))]


def _payments(customer_id: str, since: date) -> Select[Any]:
    """Select what was paid since a day; what took the same days is taken together."""
    days = (invoice.c.posted_on, invoice.c.due_on, allocation.c.days_to_pay)
    return (
        select(*days, func.sum(allocation.c.amount_minor).label("paid_minor"), func.count().label("parts"))
        .join(allocation, allocation.c.invoice_id == invoice.c.id)
        .where(invoice.c.customer_id == customer_id, allocation.c.allocated_on >= since)
        .group_by(*days)
    )


def _part(row: Row[Any], currency: str) -> PaidPart:
    allowed = (row.due_on - row.posted_on).days
    late = max(row.days_to_pay - allowed, 0)
    return PaidPart(Money(int(row.paid_minor), currency), row.days_to_pay, late, int(row.parts))


def what_if(
    connection: Connection,
    customer_id: str,
    question: Question,
    terms: Terms,
    today: date,
    *,
    only_owner: str | None,
) -> Outlook:
    """Return what would become of an order; nothing is changed, and the rules are those of real orders."""
    found = _account(connection, customer_id, only_owner)
    check_question(question, found, today)
    open_dues = dues.open_of(connection, customer_id)
    waiting = waiting_amounts(connection, found)
    return look_ahead(found, credit_policy(connection, terms), open_dues, question, waiting)
