"""The replica of items: what they are called today, as inventory says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from libs.common.db import Upsert
from services.service_desk.store.tables import item

_TOLD = [column.name for column in item.c if not column.primary_key]
_PUT = Upsert(
    item,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: insert.excluded[name] for name in _TOLD},
        where=item.c.as_of_sequence < insert.excluded.as_of_sequence,
    ),
)


def put(connection: Connection, item_id: str, sku: str, name: str, sequence: int, now: datetime) -> None:
    """Store what inventory said of an item in its ``sequence``-th message, unless a later one was heard already."""
    values = {"id": item_id, "sku": sku, "name": name, "as_of_sequence": sequence, "updated_at": now}
    connection.execute(_PUT.on(connection), values)
