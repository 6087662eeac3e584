"""What order lines wait for in the warehouse."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from libs.common.db import Transaction
from services.sales.domain.backorder import Backordered
from services.sales.store.backorder_tables import order_backorder


def replace_all(tx: Transaction, order_id: str, new: Iterable[Backordered]) -> None:
    """Store what the lines of a locked order wait for, in place of what they did; nothing: for none of it any more."""
    tx.connection.execute(delete(order_backorder).where(order_backorder.c.order_id == order_id))
    rows = [
        {
            "order_line_id": each.order_line_id,
            "order_id": order_id,
            "backordered_milli": each.quantity,
            "expected_on": each.expected_on,
            "recorded_at": tx.now,
        }
        for each in new
    ]
    if rows:
        tx.connection.execute(insert(order_backorder), rows)


def by_line(connection: Connection, order_id: str) -> dict[str, Backordered]:
    """Return what the lines of an order wait for, by line."""
    columns = (
        order_backorder.c.order_line_id,
        order_backorder.c.backordered_milli,
        order_backorder.c.expected_on,
    )
    query = select(*columns).where(order_backorder.c.order_id == order_id)
    return {row[0]: Backordered(*row) for row in connection.execute(query)}
