"""The replica of items: what they are called today, as inventory says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from libs.common.db import Upsert
from services.service_desk.domain.installed import Item
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


def put(connection: Connection, new: Item, sequence: int, now: datetime) -> None:
    """Store what inventory said of an item in its ``sequence``-th message, unless a later one was heard already."""
    connection.execute(_PUT.on(connection), vars(new) | {"as_of_sequence": sequence, "updated_at": now})


def find(connection: Connection, item_id: str) -> Item | None:
    """Return the item, or nothing."""
    query = select(item.c.id, item.c.sku, item.c.name, item.c.category).where(item.c.id == item_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Item(**row._asdict())
