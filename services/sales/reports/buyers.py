"""Customers as buyers, out of their monthly sums: who came again, since when, and who brings most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.types import String

from libs.common.money import Money
from services.sales.domain.figure_period import Months, later
from services.sales.reports.bought import EVERYTHING, Among, bought_by_month, came_by
from services.sales.store.figure_tables import buyer, buyer_month
from services.sales.store.tables import customer
from services.sales.store.teams import SIGHT

_FULL_BP = 10_000
_MONTH_LENGTH = 7


@dataclass(frozen=True)
class Repurchase:
    """``again`` of the ``customers`` with a confirmed order in the window had two or more."""

    customers: int
    again: int

    @property
    def share_bp(self) -> int | None:
        """The share, in hundredths of a percent, rounded down."""
        return self.again * _FULL_BP // self.customers if self.customers else None


@dataclass(frozen=True)
class Buyer:
    """What a customer bought in the window."""

    customer_id: str
    number: str
    name: str
    orders: int
    revenue: Money


@dataclass(frozen=True)
class Cohort:
    """Customers whose first order fell into ``month``: how many of them ordered ``again`` within n months after."""

    month: str
    customers: int
    again: tuple[int, ...]

    @property
    def share_bp(self) -> tuple[int, ...]:
        """The shares, in hundredths of a percent, rounded down."""
        return tuple(count * _FULL_BP // self.customers for count in self.again)


def repurchase(
    connection: Connection, months: Months, only_owner: str | None, among: Among = EVERYTHING
) -> Repurchase:
    """Return how many of those who bought in the window did so twice or more, in whatever currency."""
    sums = bought_by_month(connection, months, among)
    by_customer = (
        _owned(select(func.sum(sums.c.orders).label("orders")), sums, only_owner)
        .group_by(sums.c.customer_id)
        .subquery()
    )
    again = case((by_customer.c.orders > 1, 1), else_=0)
    some = by_customer.c.orders > 0
    row = connection.execute(select(func.count(), func.coalesce(func.sum(again), 0)).where(some)).one()
    return Repurchase(int(row[0]), int(row[1]))


def buyers(
    connection: Connection,
    months: Months,
    currency: str,
    *,
    only_owner: str | None,
    among: Among = EVERYTHING,
    least_orders: int,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[Buyer]:
    """Return who bought in the window in ``currency`` at least so often, who bought for most first."""
    each = bought_by_month(connection, months, among).c
    orders, minor = (cast(func.sum(each[name]), BigInteger).label(name) for name in ("orders", "net_minor"))
    query = (
        select(each.customer_id, customer.c.number, customer.c.name, orders, minor)
        .join(customer, customer.c.id == each.customer_id)
        .where(each.currency == currency)
        .group_by(each.customer_id, customer.c.number, customer.c.name)
        .having(orders >= least_orders)
    )
    if only_owner is not None:
        query = query.where(SIGHT.holds(customer.c.owner_id, only_owner))
    sums = query.subquery()
    shown = select(sums)
    if after is not None:
        most, customer_id = after
        same = and_(sums.c.net_minor == most, sums.c.customer_id > customer_id)
        shown = shown.where(or_(sums.c.net_minor < most, same))
    rows = connection.execute(shown.order_by(sums.c.net_minor.desc(), sums.c.customer_id).limit(limit))
    return [_buyer(row, currency) for row in rows]


def cohorts(
    connection: Connection,
    months: Months,
    within: int,
    only_owner: str | None,
    among: Among = EVERYTHING,
) -> list[Cohort]:
    """Return the cohorts of the window with how many ordered again within 0, 1, ... ``within`` months.

    Of a team's or a campaign's cohorts are those whose first order was sold by it; they came again whoever sold to them
    then, for it is asked whether they stayed.
    Within no month is a second order in the month of the first one. A month that is not over counts as far as it is.
    """
    first = func.substr(cast(buyer.c.first_on, String), 1, _MONTH_LENGTH).label("first")
    days = months.days
    query = select(first, buyer_month.c.month, buyer_month.c.customer_id, func.sum(buyer_month.c.orders))
    query = (
        query.join(buyer_month, buyer_month.c.customer_id == buyer.c.customer_id)
        .where(
            buyer.c.first_on.between(days.since, days.until),
            buyer_month.c.month <= later(months.until, within),
            buyer_month.c.orders > literal(0),
            *came_by(among),
        )
        .group_by(first, buyer_month.c.month, buyer_month.c.customer_id)
        .order_by(first, buyer_month.c.month)
    )
    if only_owner is not None:
        query = query.join(customer, customer.c.id == buyer.c.customer_id)
        query = query.where(SIGHT.holds(customer.c.owner_id, only_owner))
    whose: dict[str, set[str]] = {month: set() for month in months.each}
    came: dict[tuple[str, str], str] = {}
    for month, bought, customer_id, orders in connection.execute(query):
        whose[month].add(customer_id)
        if bought > month or orders > 1:
            came.setdefault((month, customer_id), bought)
    return [_cohort(month, members, came, within) for month, members in whose.items() if members]


def _cohort(month: str, members: set[str], came: dict[tuple[str, str], str], within: int) -> Cohort:
    when = [came[month, each] for each in members if (month, each) in came]
    again = tuple(sum(each <= later(month, number) for each in when) for number in range(within + 1))
    return Cohort(month, len(members), again)


def _owned(query: Select[Any], sums: Subquery, only_owner: str | None) -> Select[Any]:
    if only_owner is None:
        return query
    query = query.join(customer, customer.c.id == sums.c.customer_id)
    return query.where(SIGHT.holds(customer.c.owner_id, only_owner))


def _buyer(row: Row[Any], currency: str) -> Buyer:
    return Buyer(row.customer_id, row.number, row.name, int(row.orders), Money(int(row.net_minor), currency))
