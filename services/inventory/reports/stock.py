"""What lies where, and how it came to be so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, literal, select, tuple_

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.inventory.store.tables import item, stock, stock_move, warehouse
from services.inventory.store.value_tables import item_value


@dataclass(frozen=True)
class StockLevel:
    """One stock row with its names; ``available`` is what is promised to nobody and may be promised."""

    item_id: str
    sku: str
    name: str
    warehouse_id: str
    warehouse_code: str
    lot: str | None
    expires_on: date | None
    on_hand: Quantity
    reserved: Quantity
    in_quarantine: bool
    under_way: bool = False
    expired: bool = False

    @property
    def available(self) -> Quantity:
        """What is on hand and not reserved; nothing of what waits to be inspected, is under way or has expired."""
        if self.in_quarantine or self.under_way or self.expired:
            return Quantity.zero()
        return self.on_hand - self.reserved


@dataclass(frozen=True)
class MoveLine:
    """One line of the stock ledger; without a value no cost was known, or the goods stayed in the house."""

    id: str
    item_id: str
    sku: str
    warehouse_id: str
    lot: str | None
    quantity: Quantity
    kind: str
    document_id: str
    reference: str
    moved_on: date
    recorded_at: datetime
    actor: str | None
    value: Money | None


def levels(
    connection: Connection,
    filters: dict[str, Any],
    *,
    after: tuple[Any, ...] | None,
    limit: int,
    today: date | None = None,
) -> list[StockLevel]:
    """Return up to ``limit`` stock rows in the order of their keys; ``filters``: item_id, warehouse_id, sku."""
    key = (stock.c.item_id, stock.c.warehouse_id, stock.c.lot)
    statement = (
        select(
            stock,
            item.c.sku,
            item.c.name,
            warehouse.c.code,
            warehouse.c.quarantine_of,
            warehouse.c.transit_to,
        )
        .join(item, item.c.id == stock.c.item_id)
        .join(warehouse, warehouse.c.id == stock.c.warehouse_id)
        .order_by(*key)
        .limit(limit)
    )
    for name, column in (
        ("item_id", stock.c.item_id),
        ("warehouse_id", stock.c.warehouse_id),
        ("sku", item.c.sku),
    ):
        if filters.get(name) is not None:
            statement = statement.where(column == filters[name])
    if after is not None:
        place = (literal(value, column.type) for value, column in zip(after, key, strict=True))
        statement = statement.where(tuple_(*key) > tuple_(*place))
    return [
        StockLevel(
            row.item_id,
            row.sku,
            row.name,
            row.warehouse_id,
            row.code,
            row.lot or None,
            row.expires_on,
            row.on_hand_milli,
            row.reserved_milli,
            row.quarantine_of is not None,
            row.transit_to is not None,
            row.expired or (today is not None and row.expires_on is not None and row.expires_on < today),
        )
        for row in connection.execute(statement)
    ]


def moves(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[MoveLine]:
    """Return up to ``limit`` moves, oldest first; ``filters``: item_id, warehouse_id, kind, document_id."""
    statement = (
        select(stock_move, item.c.sku, item_value.c.currency)
        .join(item, item.c.id == stock_move.c.item_id)
        .outerjoin(item_value, item_value.c.item_id == stock_move.c.item_id)
        .order_by(stock_move.c.id)
        .limit(limit)
    )
    for name in ("item_id", "warehouse_id", "kind", "document_id"):
        if filters.get(name) is not None:
            statement = statement.where(stock_move.c[name] == filters[name])
    if after is not None:
        statement = statement.where(stock_move.c.id > after)
    return [
        MoveLine(
            row.id,
            row.item_id,
            row.sku,
            row.warehouse_id,
            row.lot or None,
            row.quantity_milli,
            row.kind,
            row.document_id,
            row.reference,
            row.moved_on,
            row.recorded_at,
            row.actor,
            None if row.value_minor is None else Money(row.value_minor, row.currency),
        )
        for row in connection.execute(statement)
    ]
