"""The replica of items: what can be asked for, as inventory says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from libs.common.db import Upsert, rows_among
from services.crm.domain.item import Item
from services.crm.store.pipeline_tables import item

_COLUMNS = (item.c.id, item.c.sku, item.c.name, item.c.uom, item.c.decimals, item.c.active, item.c.category)
_TOLD = [column.name for column in item.c if not column.primary_key]
_PUT = Upsert(
    item,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: insert.excluded[name] for name in _TOLD},
        where=item.c.as_of_sequence < insert.excluded.as_of_sequence,
    ),
)


def put(connection: Connection, told: Item, sequence: int, now: datetime) -> None:
    """Store what inventory said of an item in its ``sequence``-th message, unless a later one was heard already."""
    connection.execute(_PUT.on(connection), vars(told) | {"as_of_sequence": sequence, "updated_at": now})


def known(connection: Connection, item_ids: Iterable[str]) -> dict[str, Item]:
    """Return the known ones of ``item_ids``, by id."""
    rows = rows_among(connection, select(*_COLUMNS), item.c.id, set(item_ids))
    return {row.id: Item(**row._asdict()) for row in rows}


def sold(connection: Connection) -> dict[str, str | None]:
    """Return the category of each item that is sold, by the item's id."""
    query = select(item.c.id, item.c.category).where(item.c.active)
    return {row.id: row.category for row in connection.execute(query)}
