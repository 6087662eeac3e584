"""Which stock has expired and is not set aside yet, or is promised still."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, or_, select

from services.inventory.store.stock import PROMISED
from services.inventory.store.tables import stock


def items_to_set_aside(connection: Connection, *, today: date, after: str | None, limit: int) -> list[str]:
    """Return up to ``limit`` items, behind ``after``, with stock that expired before ``today`` and is to be seen to."""
    query = (
        select(stock.c.item_id)
        .distinct()
        .where(stock.c.expires_on < today, or_(~stock.c.expired, PROMISED))
        .order_by(stock.c.item_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(stock.c.item_id > after)
    return list(connection.execute(query).scalars())
