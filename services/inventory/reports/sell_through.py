"""Sell-through: what was sold of each item against what is left of it, and which items move at all.

Out of the sums of days within the period and the stock as it lies now: the cost of a look does not grow with the past.
An item is *fast* when at least a share of what there was was sold, else *slow*; *dead* when nothing was sold of what
lay there before the period already, and *new* when it came in only during the period.

What lies there is worth its share of the item's stock at moving-average cost, as that is now. Items are summed up by
the database; only one of which a part lies there is worked out by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, and_, case, cast, func, or_, select
from sqlalchemy import type_coerce as as_type

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.inventory.domain.valuation import Valuation, share_of
from services.inventory.store.flow_tables import item_day
from services.inventory.store.tables import item, stock, warehouse
from services.inventory.store.value_tables import item_value

PACES = ("fast", "slow", "dead", "new")
_FULL_BP = 10_000


@dataclass(frozen=True)
class Wanted:
    """Of which days, both included; ``fast_bp`` is from which share on an item is fast, in hundredths of a percent."""

    since: date
    until: date
    fast_bp: int
    warehouse_id: str | None = None
    category: str | None = None


@dataclass(frozen=True)
class PaceShare:
    """How many items are of a pace, of ``items_in_stock``; what is left of them is ``worth`` so much, by currency.

    Of ``items_without_cost`` among them nobody said what a unit costs.
    """

    pace: str
    items: int
    share_bp: int | None
    worth: tuple[Money, ...]
    items_without_cost: int


@dataclass(frozen=True)
class Moving:
    """``items_sold`` of ``items_in_stock``: what was sold or is left at the end of the period."""

    items_in_stock: int
    items_sold: int
    paces: tuple[PaceShare, ...]

    @property
    def moving_bp(self) -> int | None:
        """The share of items that move, in hundredths of a percent, rounded down."""
        return _share(self.items_sold, self.items_in_stock)


@dataclass(frozen=True)
class ItemSold:
    """``sold`` (shipped less brought back, at least 0) of ``sold`` + ``on_hand`` at the end of the period.

    ``value`` is what ``on_hand`` is worth; nothing, while nobody said what a unit costs.
    """

    item_id: str
    sku: str
    name: str
    category: str | None
    uom: str
    opening: Quantity
    sold: Quantity
    on_hand: Quantity
    value: Money | None
    pace: str
    last_sold_on: date | None

    @property
    def sell_through_bp(self) -> int | None:
        """The share, in hundredths of a percent, rounded down."""
        return _share(self.sold.milli, self.sold.milli + self.on_hand.milli)


def moving_items(connection: Connection, wanted: Wanted) -> Moving:
    """Count the items by their pace, and sum up what is left of them."""
    items = _items(wanted).subquery().c
    in_part = and_(items.currency.is_not(None), items.on_hand != items.valued)
    keys = (items.pace, items.currency, case((in_part, items.item_id), else_=None).label("item_id"))
    sums = (
        cast(func.sum(items[name]), BigInteger).label(name) for name in ("on_hand", "valued", "value_minor")
    )
    cost = func.max(items.unit_cost_e4).label("unit_cost_e4")
    query = select(*keys, func.count().label("items"), *sums, cost).group_by(*keys)
    count, without = Counter[str](), Counter[str]()
    worth: dict[str, Counter[str]] = defaultdict(Counter)
    for row in connection.execute(query):
        count[row.pace] += row.items
        value = _value(row)
        if value is None:
            without[row.pace] += row.items
        else:
            worth[row.pace][value.currency] += value.minor
    whole = count.total()
    paces = (
        PaceShare(pace, count[pace], _share(count[pace], whole), _moneys(worth[pace]), without[pace])
        for pace in PACES
    )
    return Moving(whole, count["fast"] + count["slow"], tuple(paces))


def items_sold(
    connection: Connection, wanted: Wanted, pace: str | None, *, after: str | None, limit: int
) -> list[ItemSold]:
    """Return the items that were sold or are left, by SKU, after the one with the SKU ``after``."""
    items = _items(wanted).subquery()
    last = select(func.max(item_day.c.day)).where(
        item_day.c.item_id == items.c.item_id, item_day.c.shipped_milli > 0
    )
    query = select(items, last.scalar_subquery().label("last_sold_on"))
    if pace is not None:
        query = query.where(items.c.pace == pace)
    if after is not None:
        query = query.where(items.c.sku > after)
    return [_item(row) for row in connection.execute(query.order_by(items.c.sku).limit(limit))]


def _items(wanted: Wanted) -> Select[Any]:
    flow, lying = _flow(wanted), _lying(wanted)
    on_hand = func.coalesce(lying.c.milli, 0) - func.coalesce(flow.c.after, 0)
    opening = on_hand - func.coalesce(flow.c.within, 0)
    sold = case((flow.c.sold > 0, flow.c.sold), else_=0)
    pace = case(
        (and_(sold > 0, sold * _FULL_BP >= (sold + on_hand) * wanted.fast_bp), "fast"),
        (sold > 0, "slow"),
        (opening > 0, "dead"),
        else_="new",
    )
    query = (
        select(
            item.c.id.label("item_id"),
            *(item.c[name] for name in ("sku", "name", "category", "uom")),
            *(
                cast(milli, BigInteger).label(name)
                for name, milli in (("opening", opening), ("sold", sold), ("on_hand", on_hand))
            ),
            pace.label("pace"),
            func.coalesce(item_value.c.quantity_milli, 0).label("valued"),
            *(item_value.c[name] for name in ("value_minor", "currency", "unit_cost_e4")),
        )
        .outerjoin(item_value, item_value.c.item_id == item.c.id)
        .outerjoin(flow, flow.c.item_id == item.c.id)
        .outerjoin(lying, lying.c.item_id == item.c.id)
        .where(or_(sold > 0, on_hand > 0))
    )
    return query if wanted.category is None else query.where(item.c.category == wanted.category)


def _flow(wanted: Wanted) -> Any:
    """Return what was sold of each item, and by how much it changed within the period and after it."""
    day, on_shelf = item_day.c.day, warehouse.c.quarantine_of.is_(None)

    def total(condition: ColumnElement[bool], milli: Any) -> Any:
        return func.sum(case((condition, milli), else_=0))

    query = (
        select(
            item_day.c.item_id,
            total(day <= wanted.until, item_day.c.shipped_milli - item_day.c.returned_milli).label("sold"),
            total(and_(day <= wanted.until, on_shelf), item_day.c.change_milli).label("within"),
            total(and_(day > wanted.until, on_shelf), item_day.c.change_milli).label("after"),
        )
        .join(warehouse, warehouse.c.id == item_day.c.warehouse_id)
        .where(day >= wanted.since)
        .group_by(item_day.c.item_id)
    )
    if wanted.warehouse_id is not None:
        # What customers bring back comes into the warehouse's quarantine first.
        here = or_(warehouse.c.id == wanted.warehouse_id, warehouse.c.quarantine_of == wanted.warehouse_id)
        query = query.where(here)
    return query.subquery("flow")


def _lying(wanted: Wanted) -> Any:
    """Return what lies there of each item now, without what is in quarantine."""
    query = (
        select(stock.c.item_id, func.sum(as_type(stock.c.on_hand_milli, BigInteger)).label("milli"))
        .join(warehouse, warehouse.c.id == stock.c.warehouse_id)
        .where(warehouse.c.quarantine_of.is_(None))
        .group_by(stock.c.item_id)
    )
    if wanted.warehouse_id is not None:
        query = query.where(stock.c.warehouse_id == wanted.warehouse_id)
    return query.subquery("lying")


def _item(row: Row[Any]) -> ItemSold:
    opening, sold, on_hand = (Quantity(int(milli)) for milli in (row.opening, row.sold, row.on_hand))
    words = (row.item_id, row.sku, row.name, row.category, row.uom)
    return ItemSold(*words, opening, sold, on_hand, _value(row), row.pace, row.last_sold_on)


def _value(row: Row[Any]) -> Money | None:
    """Return what is on hand of an item is worth, or of several items of which all lies there."""
    if row.currency is None:
        return None
    cost = Price(int(row.unit_cost_e4), row.currency)
    valued = Valuation(str(row.item_id), int(row.valued), int(row.value_minor), row.currency, cost)
    return share_of(valued, int(row.on_hand))


def _moneys(minor: Counter[str]) -> tuple[Money, ...]:
    return tuple(Money(minor[currency], currency) for currency in sorted(minor))


def _share(part: int, whole: int) -> int | None:
    return part * _FULL_BP // whole if whole else None
