"""Reorder points: load and save."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, select

from libs.common.db import Transaction, upsert_into
from services.inventory.domain.reorder import ReorderPoint
from services.inventory.store.purchase_tables import reorder_point


def of_row(row: Row[Any]) -> ReorderPoint:
    """Return the reorder point that stands in a row of its table."""
    return ReorderPoint(
        item_id=row.item_id,
        warehouse_id=row.warehouse_id,
        minimum=row.minimum_milli,
        maximum=row.maximum_milli,
        multiple=row.multiple_milli,
        horizon_days=row.horizon_days,
        version=row.version,
    )


def find(connection: Connection, item_id: str, warehouse_id: str) -> ReorderPoint | None:
    """Return the reorder point of an item in a warehouse, or nothing."""
    query = select(reorder_point).where(
        reorder_point.c.item_id == item_id, reorder_point.c.warehouse_id == warehouse_id
    )
    row = connection.execute(query).one_or_none()
    return of_row(row) if row else None


def put(tx: Transaction, new: ReorderPoint) -> None:
    """Store the reorder point of a locked item in place of the one before."""
    values = {
        "minimum_milli": new.minimum,
        "maximum_milli": new.maximum,
        "multiple_milli": new.multiple,
        "horizon_days": new.horizon_days,
        "version": new.version,
        "set_by": tx.cause.actor,
        "set_at": tx.now,
    }
    statement = upsert_into(tx.connection, reorder_point).values(
        item_id=new.item_id, warehouse_id=new.warehouse_id, **values
    )
    tx.connection.execute(
        statement.on_conflict_do_update(index_elements=["item_id", "warehouse_id"], set_=values)
    )


def remove(connection: Connection, item_id: str, warehouse_id: str) -> None:
    """Forget the reorder point of an item in a warehouse."""
    connection.execute(
        delete(reorder_point).where(
            reorder_point.c.item_id == item_id, reorder_point.c.warehouse_id == warehouse_id
        )
    )
