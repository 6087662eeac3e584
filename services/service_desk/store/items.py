"""The replica of items: what they are called today, as inventory says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from libs.common.db import upsert_into
from services.service_desk.store.tables import item


def put(connection: Connection, item_id: str, sku: str, name: str, sequence: int, now: datetime) -> None:
    """Store what inventory said of an item in its ``sequence``-th message, unless a later one was heard already."""
    values = {"sku": sku, "name": name, "as_of_sequence": sequence, "updated_at": now}
    statement = upsert_into(connection, item).values(id=item_id, **values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_=values, where=item.c.as_of_sequence < sequence
        )
    )
