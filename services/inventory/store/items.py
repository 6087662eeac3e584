"""Items: load, lock, save."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, select, update

from libs.common.db import Prepared, chunks, upsert_into
from libs.common.errors import VersionMismatch
from services.inventory.domain.items import Item
from services.inventory.store.tables import item

_COLUMNS = (
    item.c.id, item.c.sku, item.c.name, item.c.category, item.c.uom, item.c.decimals, item.c.lot_tracked,
    item.c.active, item.c.version, item.c.serial_tracked, item.c.fields, item.c.form_version,
)  # fmt: skip
# By the text of the id, which is the same order: by the id itself PostgreSQL may walk through all items in the order
# of their index rather than look for a few of them.
_LOCK = Prepared(
    select(*_COLUMNS)
    .where(item.c.id.in_(bindparam("b_ids", expanding=True)))
    .order_by(cast(item.c.id, Text))
    .with_for_update(key_share=True)
)


def _item(row: Any) -> Item:
    return Item(**row._asdict())


def find(connection: Connection, item_id: str) -> Item | None:
    """Return the item, or nothing."""
    row = connection.execute(select(*_COLUMNS).where(item.c.id == item_id)).one_or_none()
    return _item(row) if row else None


def lock(connection: Connection, item_ids: Iterable[str]) -> dict[str, Item]:
    """Return the known ones of ``item_ids`` and keep their stock and their queues to this transaction.

    Whoever changes what is reserved or queued for an item locks it first, all of them in the order of their ids:
    so everybody sees the same queue and nobody waits in a ring.
    """
    wanted = sorted(set(item_ids))
    if not wanted:
        return {}
    return {row.id: _item(row) for row in connection.execute(_LOCK, {"b_ids": wanted})}


def known(connection: Connection, item_ids: Iterable[str]) -> dict[str, Item]:
    """Return the known ones of ``item_ids``, by id, not locked."""
    found: dict[str, Item] = {}
    for some in chunks(sorted(set(item_ids))):
        rows = connection.execute(select(*_COLUMNS).where(item.c.id.in_(some)))
        found |= {row.id: _item(row) for row in rows}
    return found


def add(connection: Connection, new: Item, now: datetime) -> bool:
    """Store a new item; false when its SKU is taken."""
    statement = upsert_into(connection, item).values(**vars(new), created_at=now, updated_at=now)
    statement = statement.on_conflict_do_nothing(index_elements=["sku"]).returning(item.c.id)
    return connection.execute(statement).first() is not None


def save(connection: Connection, changed: Item, now: datetime) -> Item:
    """Store the changed item as its next version; ``VersionMismatch`` when somebody was faster."""
    values = vars(changed) | {"version": changed.version + 1, "updated_at": now}
    statement = (
        update(item).where(item.c.id == changed.id, item.c.version == changed.version).values(**values)
    )
    if connection.execute(statement).rowcount != 1:
        raise VersionMismatch(f"item {changed.sku} was changed meanwhile", cure="read it again and repeat")
    return replace(changed, version=changed.version + 1)
