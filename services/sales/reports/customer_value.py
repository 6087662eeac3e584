"""Who is worth how much: recency, frequency and money of the customers of a window, in quintiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Subquery, and_, case, cast, func, or_, select

from libs.common.db.quintiles import quintile
from libs.common.money import Money
from services.sales.domain.figure_period import Months
from services.sales.domain.segments import HIGH_SHARE_BP, SEGMENTS, segment_of
from services.sales.reports.bought import EVERYTHING, Among, bought_by_month
from services.sales.store.figure_tables import buyer
from services.sales.store.tables import customer
from services.sales.store.teams import SIGHT

_FULL_BP = 10_000


@dataclass(frozen=True)
class Valued:
    """A customer with what he bought in the window; the scores go from 1 to 5."""

    customer_id: str
    number: str
    name: str
    orders: int
    revenue: Money
    last_on: date
    recency: int
    frequency: int
    monetary: int
    high_value: bool

    @property
    def segment(self) -> str:
        """The name of what he is."""
        return segment_of(self.recency, self.frequency)


@dataclass(frozen=True)
class Segment:
    """How many customers are of a segment, and what they brought."""

    segment: str
    customers: int
    high_value: int
    revenue: Money


def segments(
    connection: Connection,
    months: Months,
    currency: str,
    *,
    only_owner: str | None,
    among: Among = EVERYTHING,
) -> list[Segment]:
    """Return the segments with what their customers brought."""
    valued = _valued(bought_by_month(connection, months, among), currency)
    sums = (
        func.count().label("customers"),
        func.sum(valued.c.high).label("high"),
        cast(func.sum(valued.c.minor), BigInteger).label("minor"),
    )
    query = select(valued.c.recency, valued.c.frequency, *sums).where(*_owned(valued, only_owner))
    found = {name: [0, 0, 0] for name in SEGMENTS}
    for row in connection.execute(query.group_by(valued.c.recency, valued.c.frequency)):
        kept = found[segment_of(row.recency, row.frequency)]
        for place, added in enumerate((row.customers, row.high, row.minor)):
            kept[place] += int(added)
    return [
        Segment(name, customers, high, Money(minor, currency))
        for name, (customers, high, minor) in found.items()
    ]


def valued_customers(
    connection: Connection,
    months: Months,
    currency: str,
    *,
    only_owner: str | None,
    among: Among = EVERYTHING,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[Valued]:
    """Return the customers of the window, who brought most first."""
    valued = _valued(bought_by_month(connection, months, among), currency)
    query = select(valued).where(*_owned(valued, only_owner))
    if after is not None:
        most, customer_id = after
        same = and_(valued.c.minor == most, valued.c.customer_id > customer_id)
        query = query.where(or_(valued.c.minor < most, same))
    rows = connection.execute(query.order_by(valued.c.minor.desc(), valued.c.customer_id).limit(limit))
    return [_customer(row, currency) for row in rows]


def _owned(valued: Subquery, only_owner: str | None) -> tuple[Any, ...]:
    """Return the condition on whose customer it is; the scores are those among all customers nevertheless."""
    return () if only_owner is None else (SIGHT.holds(valued.c.owner_id, only_owner),)


def _valued(sums: Subquery, currency: str) -> Subquery:
    """Return the scores among those who bought; how recent somebody is, his last order of all says."""
    buyers = (
        select(
            sums.c.customer_id,
            cast(func.sum(sums.c.orders), BigInteger).label("orders"),
            cast(func.sum(sums.c.net_minor), BigInteger).label("minor"),
        )
        .where(sums.c.currency == currency)
        .group_by(sums.c.customer_id)
        .having(func.sum(sums.c.orders) > 0)
        .subquery()
    )
    customer_id = buyers.c.customer_id
    most_first = (buyers.c.minor.desc(), customer_id)
    before = func.sum(buyers.c.minor).over(order_by=most_first, rows=(None, -1))
    whole = func.sum(buyers.c.minor).over()
    high = func.coalesce(before, 0) * _FULL_BP < whole * HIGH_SHARE_BP
    scores = {"recency": buyer.c.last_on, "frequency": buyers.c.orders, "monetary": buyers.c.minor}
    return (
        select(
            buyers,
            customer.c.number,
            customer.c.name,
            customer.c.owner_id,
            buyer.c.last_on,
            case((high, 1), else_=0).label("high"),
            *(quintile(worth).label(name) for name, worth in scores.items()),
        )
        .join(customer, customer.c.id == customer_id)
        .join(buyer, buyer.c.customer_id == customer_id)
        .subquery()
    )


def _customer(row: Row[Any], currency: str) -> Valued:
    return Valued(
        customer_id=row.customer_id,
        number=row.number,
        name=row.name,
        orders=int(row.orders),
        revenue=Money(int(row.minor), currency),
        last_on=row.last_on,
        recency=int(row.recency),
        frequency=int(row.frequency),
        monetary=int(row.monetary),
        high_value=bool(row.high),
    )
