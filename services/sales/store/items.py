"""The replica of items: what may be sold, in which unit and how finely, as inventory says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from libs.common.db import Prepared, Upsert, chunks
from services.sales.domain.items import Item
from services.sales.store.tables import item

_COLUMNS = (item.c.id, item.c.sku, item.c.name, item.c.uom, item.c.decimals, item.c.active)
_TOLD = [column.name for column in item.c if not column.primary_key]
_PUT = Upsert(
    item,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: insert.excluded[name] for name in _TOLD},
    ),
)
_KNOWN = Prepared(select(*_COLUMNS).where(item.c.id.in_(bindparam("ids", expanding=True))))


def put(connection: Connection, new: Item, now: datetime) -> None:
    """Store what inventory says of an item; the last word counts."""
    connection.execute(_PUT.on(connection), vars(new) | {"updated_at": now})


def known(connection: Connection, item_ids: Iterable[str]) -> dict[str, Item]:
    """Return those of ``item_ids`` that sales has heard of, by id."""
    found: dict[str, Item] = {}
    for some in chunks(sorted(set(item_ids))):
        rows = connection.execute(_KNOWN, {"ids": some})
        found |= {row.id: Item(**row._asdict()) for row in rows}
    return found
