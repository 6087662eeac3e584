"""One page of rows in the order of their ids, which is the order in which they were made."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Row, Select

Position = tuple[Any, ...]


def page_of(
    connection: Connection, query: Select[Any], by: Column[Any], after: Position | None, limit: int
) -> list[Row[Any]]:
    """Return up to ``limit`` rows, newest first, that come after the id in ``after``."""
    if after is not None:
        (last_id,) = after
        query = query.where(by < last_id)
    return list(connection.execute(query.order_by(by.desc()).limit(limit)))
