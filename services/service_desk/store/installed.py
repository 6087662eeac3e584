"""What customers hold: add, and find by what a ticket names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from libs.common.db import Transaction, Upsert, chunks
from services.service_desk.domain.installed import InstalledItem
from services.service_desk.store.tables import installed_item

_ADD = Upsert(
    installed_item,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["delivery_id", "line_no"]),
)


def add(tx: Transaction, rows: Iterable[InstalledItem]) -> None:
    """Store the lines of delivery notes; those that are there already stay as they are."""
    for some in chunks(rows):
        tx.connection.execute(_ADD.on(tx.connection), [_values(row, tx.now) for row in some])


def _values(row: InstalledItem, now: datetime) -> dict[str, Any]:
    values = vars(row) | {"quantity_milli": row.quantity, "created_at": now}
    del values["quantity"]
    return values


def conversation_of(
    connection: Connection, customer_id: str, *, order_id: str | None = None, item_id: str | None = None
) -> str | None:
    """Return the conversation of something that the customer holds of the order and the item, or nothing."""
    columns = installed_item.c
    statement = select(columns.correlation_id).where(columns.customer_id == customer_id)
    if order_id is not None:
        statement = statement.where(columns.order_id == order_id)
    if item_id is not None:
        statement = statement.where(columns.item_id == item_id)
    return connection.execute(
        statement.order_by(columns.shipped_on.desc(), columns.id.desc()).limit(1)
    ).scalar()
