"""INSERT ... ON CONFLICT, which both engines have but SQLAlchemy spells per dialect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from libs.common.db.prepared import Prepared


def upsert_into(connection: Connection, table: Table) -> Any:
    """Return an insert into ``table`` that offers ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    return _insert_of(connection.dialect.name)(table)


def _insert_of(dialect: str) -> Callable[[Table], Any]:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


class Upsert:
    """An insert with what a conflict leads to, put together once per engine; rows are given when it is executed.

    ``rule`` gets the bare insert and returns the whole statement; in it ``insert.excluded`` is the refused row.
    Rows given together must not conflict with each other: they may go as one statement.
    """

    def __init__(self, table: Table, rule: Callable[[Any], Any]) -> None:
        self._built = {name: Prepared(rule(_insert_of(name)(table))) for name in ("postgresql", "sqlite")}

    def on(self, connection: Connection) -> Prepared:
        """Return the statement for the engine of ``connection``."""
        return self._built[connection.dialect.name]
