"""What was sold of each item, or of each category.

All of it is read from monthly sums. Of some orders only (a salesperson's, a team's, a campaign's), the lines are summed
up at each look as they are counted: it is the same lines that the sums are made of, so the parts come to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Subquery, and_, cast, func, or_, select

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.figure_period import Months
from services.sales.reports.order_figures import OrderFilter, conditions
from services.sales.store.figure_tables import counted_line, counted_order, item_month
from services.sales.store.tables import item

_SUMS = ("milli", "net_minor", "costed_minor", "cost_minor")


@dataclass(frozen=True)
class ProductFilter:
    """What was sold: in these months and one currency, by confirmed orders of these words where they are given.

    ``team`` is the id of the team in which the salesperson was on the day of the confirmation.
    """

    months: Months
    currency: str
    words: dict[str, str] = field(default_factory=dict)
    team: str | None = None

    @property
    def some_orders(self) -> OrderFilter | None:
        """The orders that alone are meant; none: all."""
        if not self.words and self.team is None:
            return None
        return OrderFilter(self.months.days, self.currency, self.words, self.team)


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
    wanted: ProductFilter,
    *,
    category: str | None,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[ProductSold]:
    """Return the items that were sold, what brought most first."""
    sums = _by_item(wanted)
    shown = select(sums, item.c.sku, item.c.name, item.c.category).join(item, item.c.id == sums.c.item_id)
    shown = shown.where(sums.c.milli != 0)
    if category is not None:
        shown = shown.where(item.c.category == category)
    if after is not None:
        most, item_id = after
        same = and_(sums.c.net_minor == most, sums.c.item_id > item_id)
        shown = shown.where(or_(sums.c.net_minor < most, same))
    rows = connection.execute(shown.order_by(sums.c.net_minor.desc(), sums.c.item_id).limit(limit))
    return [_product(row, wanted.currency) for row in rows]


def categories(connection: Connection, wanted: ProductFilter) -> list[CategorySold]:
    """Return the categories that were sold, what brought most first."""
    of_items = _by_item(wanted)
    sums = [_total(of_items.c[name]) for name in _SUMS[1:]]
    query = select(item.c.category, *sums).join(of_items, item.c.id == of_items.c.item_id)
    rows = connection.execute(query.group_by(item.c.category).order_by(sums[0].desc(), item.c.category))
    return [CategorySold(row.category, *_amounts(row, wanted.currency)) for row in rows]


def _by_item(wanted: ProductFilter) -> Subquery:
    """Return the sums of each item."""
    some = wanted.some_orders
    of = (item_month if some is None else counted_line).c
    query = select(of.item_id, *(_total(of[name]) for name in _SUMS)).group_by(of.item_id)
    if some is None:
        months = of.month.between(wanted.months.since, wanted.months.until)
        return query.where(months, of.currency == wanted.currency).subquery()
    query = query.join(counted_order, counted_order.c.order_id == of.order_id)
    return query.where(*conditions(some, counted_order.c)).subquery()


def _total(column: Any) -> Any:
    return cast(func.sum(column), BigInteger).label(column.name)


def _product(row: Row[Any], currency: str) -> ProductSold:
    quantity = Quantity(int(row.milli))
    return ProductSold(row.item_id, row.sku, row.name, row.category, quantity, *_amounts(row, currency))


def _amounts(row: Row[Any], currency: str) -> tuple[Money, Money, Money]:
    net, costed, cost = (Money(int(getattr(row, name)), currency) for name in _SUMS[1:])
    return net, costed, cost
