"""Items, warehouses and suppliers, listed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select

from libs.common.forms import Asked, Values, asked_for
from services.inventory.domain.items import DOCUMENT, Item, Warehouse
from services.inventory.domain.suppliers import Supplier
from services.inventory.store import items, warehouses
from services.inventory.store.tables import item, supplier, warehouse

_ITEM = tuple(column for column in item.c if column.name not in ("created_at", "updated_at"))
_SUPPLIER = tuple(column for column in supplier.c if column.name != "created_at")
_WAREHOUSE = tuple(column for column in warehouse.c if column.name != "created_at")


def find_item(connection: Connection, item_id: str) -> Item | None:
    """Return the item, or nothing."""
    return items.find(connection, item_id)


@dataclass(frozen=True)
class OwnField:
    """What is asked of a field of the company's own form, by somebody with ``roles``."""

    asked: Asked
    roles: Collection[str]


def last_said(connection: Connection, most: int) -> list[Values]:
    """Return what the last items say of the company's own form."""
    return list(connection.execute(select(item.c.fields).order_by(item.c.id.desc()).limit(most)).scalars())


def list_items(
    connection: Connection,
    filters: dict[str, Any],
    *,
    after: str | None,
    limit: int,
    own: OwnField | None = None,
) -> list[Item]:
    """Return up to ``limit`` items by SKU, behind the SKU ``after``.

    ``filters``: sku, category, active, and ``search``, which is in the SKU or in the name, whatever its case.
    """
    statement = select(*_ITEM).order_by(item.c.sku).limit(limit)
    if own is not None:
        statement = statement.where(*asked_for(connection, DOCUMENT, item.c.id, own.asked, own.roles))
    for name in ("sku", "category", "active"):
        if filters.get(name) is not None:
            statement = statement.where(item.c[name] == filters[name])
    if filters.get("search") is not None:
        wanted = filters["search"].lower()
        found = [func.lower(item.c[name]).contains(wanted, autoescape=True) for name in ("sku", "name")]
        statement = statement.where(or_(*found))
    if after is not None:
        statement = statement.where(item.c.sku > after)
    return [Item(**row._asdict()) for row in connection.execute(statement)]


def find_warehouse(connection: Connection, warehouse_id: str) -> Warehouse | None:
    """Return the warehouse, or nothing."""
    return warehouses.find(connection, warehouse_id)


def list_warehouses(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[Warehouse]:
    """Return up to ``limit`` warehouses by code, behind the code ``after``; ``filters``: code, is_default.

    Places of quarantine and of what is under way are left out: nobody chooses them, they belong to their warehouse.
    """
    chosen = (warehouse.c.quarantine_of.is_(None), warehouse.c.transit_to.is_(None))
    statement = select(*_WAREHOUSE).where(*chosen).order_by(warehouse.c.code).limit(limit)
    for name in ("code", "is_default"):
        if filters.get(name) is not None:
            statement = statement.where(warehouse.c[name] == filters[name])
    if after is not None:
        statement = statement.where(warehouse.c.code > after)
    return [Warehouse(**row._asdict()) for row in connection.execute(statement)]


def list_suppliers(connection: Connection, *, after: str | None, limit: int) -> list[Supplier]:
    """Return up to ``limit`` suppliers by number, behind the number ``after``."""
    statement = select(*_SUPPLIER).order_by(supplier.c.number).limit(limit)
    if after is not None:
        statement = statement.where(supplier.c.number > after)
    return [Supplier(**row._asdict()) for row in connection.execute(statement)]
