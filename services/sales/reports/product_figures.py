"""What was sold of each item, or of each category, out of the monthly sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, and_, cast, func, or_, select

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.figure_period import Months
from services.sales.store.figure_tables import item_month
from services.sales.store.tables import item

_SUMS = ("milli", "net_minor", "costed_minor", "cost_minor")


@dataclass(frozen=True)
class ProductSold:
    """What stays sold of an item; ``margin`` is over the part of known cost."""

    item_id: str
    sku: str
    name: str
    category: str | None
    quantity: Quantity
    revenue: Money
    costed: Money
    cost: Money

    @property
    def margin(self) -> Money:
        """What is left of the part of known cost."""
        return self.costed - self.cost


@dataclass(frozen=True)
class CategorySold:
    """What stays sold of a category, in money."""

    category: str | None
    revenue: Money
    costed: Money
    cost: Money

    @property
    def margin(self) -> Money:
        """What is left of the part of known cost."""
        return self.costed - self.cost


def products(
    connection: Connection,
    months: Months,
    currency: str,
    *,
    category: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[ProductSold]:
    """Return the items that were sold, what brought most first."""
    sums = [_total(name).label(name) for name in _SUMS]
    words = (item_month.c.item_id, item.c.sku, item.c.name, item.c.category)
    query = select(*words, *sums).join(item, item.c.id == item_month.c.item_id)
    query = query.where(*_within(months, currency)).group_by(*words)
    if category is not None:
        query = query.where(item.c.category == category)
    found = query.subquery()
    shown = select(found).where(found.c.milli != 0)
    if after is not None:
        most, item_id = after
        same = and_(found.c.net_minor == most, found.c.item_id > item_id)
        shown = shown.where(or_(found.c.net_minor < most, same))
    rows = connection.execute(shown.order_by(found.c.net_minor.desc(), found.c.item_id).limit(limit))
    return [_product(row, currency) for row in rows]


def categories(connection: Connection, months: Months, currency: str) -> list[CategorySold]:
    """Return the categories that were sold, what brought most first."""
    sums = [_total(name).label(name) for name in _SUMS[1:]]
    query = select(item.c.category, *sums).join(item, item.c.id == item_month.c.item_id)
    query = query.where(*_within(months, currency)).group_by(item.c.category)
    rows = connection.execute(query.order_by(sums[0].desc(), item.c.category))
    return [CategorySold(row.category, *_amounts(row, currency)) for row in rows]


def _total(name: str) -> Any:
    return cast(func.sum(item_month.c[name]), BigInteger)


def _within(months: Months, currency: str) -> tuple[Any, ...]:
    return item_month.c.month.between(months.since, months.until), item_month.c.currency == currency


def _product(row: Row[Any], currency: str) -> ProductSold:
    quantity = Quantity(int(row.milli))
    return ProductSold(row.item_id, row.sku, row.name, row.category, quantity, *_amounts(row, currency))


def _amounts(row: Row[Any], currency: str) -> tuple[Money, Money, Money]:
    net, costed, cost = (Money(int(getattr(row, name)), currency) for name in _SUMS[1:])
    return net, costed, cost
