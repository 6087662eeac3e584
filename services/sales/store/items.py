"""The replica of items: what may be sold, in which unit and how finely, as inventory says; and its tax, as we say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from libs.common.db import Prepared, Upsert, chunks
from libs.common.money import Price
from services.sales.domain.items import Item
from services.sales.store.cost_tables import item_cost
from services.sales.store.tables import item

_COLUMNS = (
    item.c.id, item.c.sku, item.c.name, item.c.uom, item.c.decimals, item.c.active, item.c.tax_code,
    item.c.category,
)  # fmt: skip
_TOLD = [column.name for column in item.c if not column.primary_key and column.name != "tax_code"]
_PUT = Upsert(
    item,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: insert.excluded[name] for name in _TOLD},
    ),
)
_KNOWN = Prepared(
    select(*_COLUMNS, item_cost.c.unit_cost_e4, item_cost.c.currency)
    .outerjoin(item_cost, item_cost.c.item_id == item.c.id)
    .where(item.c.id.in_(bindparam("ids", expanding=True)))
)


def put(connection: Connection, new: Item, now: datetime) -> None:
    """Store what inventory says of an item; the last word counts."""
    told = {column.name: getattr(new, column.name) for column in _COLUMNS}
    connection.execute(_PUT.on(connection), told | {"updated_at": now})


def set_tax_code(connection: Connection, item_id: str, code: str | None, now: datetime) -> Item | None:
    """Store which tax the item bears and return it; ``None`` when it is not known (yet)."""
    changed = update(item).where(item.c.id == item_id).values(tax_code=code, updated_at=now)
    row = connection.execute(changed.returning(*_COLUMNS)).one_or_none()
    return None if row is None else Item(**row._asdict())


def known(connection: Connection, item_ids: Iterable[str]) -> dict[str, Item]:
    """Return those of ``item_ids`` that sales has heard of, by id, with what they cost."""
    found: dict[str, Item] = {}
    for some in chunks(sorted(set(item_ids))):
        rows = connection.execute(_KNOWN, {"ids": some})
        found |= {row.id: _item(row) for row in rows}
    return found


def _item(row: Row[Any]) -> Item:
    cost = None if row.currency is None else Price(row.unit_cost_e4, row.currency)
    told = {column.name: getattr(row, column.name) for column in _COLUMNS}
    return Item(**told, unit_cost=cost)
