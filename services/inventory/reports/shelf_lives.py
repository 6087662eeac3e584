"""Looking at how long lots must still last, and at what was allowed although it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from services.inventory.domain.errors import DeliveryNotFound
from services.inventory.store import deliveries
from services.inventory.store.shelf_life_tables import shelf_life_rule, short_dated_allowed


@dataclass(frozen=True)
class ShelfLifeShown:
    """A rule, and who set it."""

    id: str
    item_id: str | None
    customer_id: str | None
    customer_group: str | None
    days: int
    version: int
    set_by: str | None
    set_at: datetime


@dataclass(frozen=True)
class ShortDatedShown:
    """A lot that may go to an order although it does not last long enough: why, and by whose word."""

    order_id: str
    delivery_id: str
    item_id: str
    lot: str
    reason: str
    allowed_by: str | None
    allowed_at: datetime


_RULE = tuple(shelf_life_rule.c[name] for name in ShelfLifeShown.__dataclass_fields__)
_WORD = tuple(short_dated_allowed.c[name] for name in ShortDatedShown.__dataclass_fields__)


def list_rules(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[ShelfLifeShown]:
    """Return up to ``limit`` rules, oldest first; ``filters``: id, item_id, customer_id, customer_group."""
    statement = select(*_RULE).order_by(shelf_life_rule.c.id).limit(limit)
    for name in ("id", "item_id", "customer_id", "customer_group"):
        if filters.get(name) is not None:
            statement = statement.where(shelf_life_rule.c[name] == filters[name])
    if after is not None:
        statement = statement.where(shelf_life_rule.c.id > after)
    return [ShelfLifeShown(*row) for row in connection.execute(statement)]


def allowed_of(connection: Connection, delivery_id: str) -> list[ShortDatedShown]:
    """Return what was allowed for the order of a note, by item and lot."""
    note = deliveries.find(connection, delivery_id)
    if note is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id")
    this = short_dated_allowed.c
    statement = select(*_WORD).where(this.order_id == note.order_id).order_by(this.item_id, this.lot)
    return [ShortDatedShown(*row) for row in connection.execute(statement)]
