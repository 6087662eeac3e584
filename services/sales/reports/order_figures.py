"""Order revenue out of its daily sums: the cost of a look goes by days and words, not by orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, cast, func, or_, select
from sqlalchemy.types import BigInteger, String

from libs.common.money import Money
from services.sales.domain.figure_period import Days
from services.sales.store.figure_tables import buyer, counted_order, day_figure
from services.sales.store.tables import customer

GROUPS = ("day", "month", "salesperson", "region", "channel", "customer_group")
MOST_ROWS = 1000
_MONTH_LENGTH = 7
_SUMS = ("orders", "net_minor", "costed_minor", "cost_minor")


@dataclass(frozen=True)
class OrderFilter:
    """Which confirmed orders: of these days and of one currency, and of these words where they are given."""

    days: Days
    currency: str
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sold:
    """What confirmed orders came to without tax; ``margin`` is over ``costed``, the part of known cost."""

    key: str
    orders: int
    revenue: Money
    costed: Money
    cost: Money

    @property
    def average_order_value(self) -> Money | None:
        """The revenue per order, rounded half up; none without an order."""
        return self.revenue.share(1, self.orders) if self.orders else None

    @property
    def margin(self) -> Money:
        """What is left of the part of known cost."""
        return self.costed - self.cost


@dataclass(frozen=True)
class CountedOrder:
    """An order behind a figure; one that was cancelled counts for nothing."""

    order_id: str
    number: str
    customer_id: str
    day: date
    counts: bool
    revenue: Money
    salesperson: str
    region: str
    channel: str
    customer_group: str


def order_figures(connection: Connection, wanted: OrderFilter, by: str | None) -> tuple[Sold, list[Sold]]:
    """Return the figures of the whole, and by the days, months or words that are asked for."""
    row = connection.execute(_sums().where(*_conditions(wanted, day_figure.c))).one()
    whole = _sold("", row, wanted.currency)
    if by is None:
        return whole, []
    key = _key(by)
    query = _sums().add_columns(key.label("key")).where(*_conditions(wanted, day_figure.c)).group_by(key)
    order = (key.desc(),) if by in ("day", "month") else (func.sum(day_figure.c.net_minor).desc(), key)
    rows = connection.execute(query.order_by(*order).limit(MOST_ROWS))
    found = [_sold(str(row.key), row, wanted.currency) for row in rows]
    return whole, found[::-1] if by in ("day", "month") else found


def new_customers(connection: Connection, days: Days, salesperson: str | None) -> int:
    """Count the customers whose first confirmed order fell into the period; of one salesperson's, if given."""
    query = select(func.count()).where(buyer.c.first_on.between(days.since, days.until))
    if salesperson is not None:
        query = query.join(customer, customer.c.id == buyer.c.customer_id)
        query = query.where(customer.c.owner_id == salesperson)
    return int(connection.execute(query).scalar_one())


def counted_orders(
    connection: Connection, wanted: OrderFilter, *, after: tuple[Any, ...] | None, limit: int
) -> list[CountedOrder]:
    """Return the orders behind the figures, the latest first."""
    query = select(counted_order).where(*_conditions(wanted, counted_order.c))
    if after is not None:
        day, order_id = _day(after[0]), after[1]
        same = and_(counted_order.c.day == day, counted_order.c.order_id < order_id)
        query = query.where(or_(counted_order.c.day < day, same))
    order = (counted_order.c.day.desc(), counted_order.c.order_id.desc())
    return [_counted(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def _day(told: Any) -> date:
    return date.fromisoformat(told) if isinstance(told, str) else told


def _sums() -> Any:
    sums = (cast(func.coalesce(func.sum(day_figure.c[name]), 0), BigInteger).label(name) for name in _SUMS)
    return select(*sums)


def _key(by: str) -> ColumnElement[Any]:
    day = cast(day_figure.c.day, String)
    return func.substr(day, 1, _MONTH_LENGTH) if by == "month" else day if by == "day" else day_figure.c[by]


def _conditions(wanted: OrderFilter, columns: Any) -> list[ColumnElement[bool]]:
    found = [
        columns.day.between(wanted.days.since, wanted.days.until),
        columns.currency == wanted.currency,
    ]
    return found + [columns[word] == value for word, value in wanted.words.items()]


def _sold(key: str, row: Row[Any], currency: str) -> Sold:
    orders, *amounts = (int(getattr(row, name)) for name in _SUMS)
    return Sold(key, orders, *(Money(minor, currency) for minor in amounts))


def _counted(row: Row[Any]) -> CountedOrder:
    names = ("order_id", "number", "customer_id", "day", "salesperson", "region", "channel", "customer_group")
    told = {name: getattr(row, name) for name in names}
    return CountedOrder(**told, counts=bool(row.orders), revenue=Money(row.net_minor, row.currency))
