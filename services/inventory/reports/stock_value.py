"""What stock is worth, item by item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from libs.common.money import Money, Price
from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain.errors import ItemNotFound
from services.inventory.store.tables import item
from services.inventory.store.value_tables import item_value


@dataclass(frozen=True)
class ItemCost:
    """An item with what all of it in stock is worth; no value and no cost while nobody said what a unit costs."""

    item_id: str
    sku: str
    name: str
    uom: str
    quantity: Quantity
    value: Money | None
    unit_cost: Price | None
    changed_at: datetime


_ROWS: Select[Any] = select(
    item.c.id,
    item.c.sku,
    item.c.name,
    item.c.uom,
    func.coalesce(item_value.c.quantity_milli, 0).label("milli"),
    item_value.c.value_minor,
    item_value.c.currency,
    item_value.c.unit_cost_e4,
    func.coalesce(item_value.c.changed_at, item.c.created_at, type_=item.c.created_at.type).label(
        "changed_at"
    ),
).outerjoin(item_value, item_value.c.item_id == item.c.id)


def item_cost(connection: Connection, item_id: str) -> ItemCost:
    """Return what the stock of an item is worth; refuse an item that there is not."""
    row = connection.execute(_ROWS.where(item.c.id == item_id)).one_or_none()
    if row is None:
        raise ItemNotFound("there is no such item", field="item_id")
    return _cost(row)


def item_costs(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[ItemCost]:
    """Return up to ``limit`` items by SKU, behind the SKU ``after``; ``filters``: sku, category."""
    query = _ROWS.order_by(item.c.sku).limit(limit)
    for name in ("sku", "category"):
        if filters.get(name) is not None:
            query = query.where(item.c[name] == filters[name])
    if after is not None:
        query = query.where(item.c.sku > after)
    return [_cost(row) for row in connection.execute(query)]


def _cost(row: Row[Any]) -> ItemCost:
    known = row.currency is not None
    return ItemCost(
        item_id=row.id,
        sku=row.sku,
        name=row.name,
        uom=row.uom,
        quantity=Quantity(min(row.milli, LIMIT_MILLI)),
        value=Money(row.value_minor, row.currency) if known else None,
        unit_cost=Price(row.unit_cost_e4, row.currency) if known else None,
        changed_at=row.changed_at,
    )
