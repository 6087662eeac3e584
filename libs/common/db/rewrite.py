"""Rows that are changed together: each to values of its own, if it still is at the version that was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Table, bindparam, update

from libs.common.db.form import Form
from libs.common.db.prepared import Prepared
from libs.common.db.recordset import as_one_value, recordset

_ID = "id"
_READ = "read_version"


class Rewrite:
    """An update of given rows of ``table``, which has ``id`` and ``version``: sets the columns ``names``, all of them.

    PostgreSQL takes several rows in one statement, which it plans as if they were a hundred: for a single one, and for
    SQLite, it is a statement per row.
    """

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        self._table = table
        self._names = tuple(names)
        here, read = table.c.id == bindparam(f"of_{_ID}"), table.c.version == bindparam(f"of_{_READ}")
        self._single = Prepared(update(table).where(here, read))
        self._form: Form | None = None

    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Change ``rows``, each with ``id``, ``read_version`` and the columns; return how many still were so."""
        if len(rows) == 1 or connection.dialect.name != "postgresql":
            return sum(connection.execute(self._single, self._alone(row)).rowcount for row in rows)
        if self._form is None:
            self._form = self._in_one(connection.dialect)
        return self._form.run(connection, [rows]).rowcount

    def _alone(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: row[name] for name in self._names} | {f"of_{name}": row[name] for name in (_ID, _READ)}

    def _in_one(self, dialect: Dialect) -> Form:
        columns = {name: self._table.c[name] for name in (_ID, *self._names)}
        read = Column(_READ, self._table.c.version.type)
        given = recordset([*columns.values(), read])
        statement = (
            update(self._table)
            .where(self._table.c.id == given.c[_ID], self._table.c.version == given.c[_READ])
            .values({name: given.c[name] for name in self._names})
        )
        return as_one_value(statement, columns | {_READ: read}, (*columns, _READ), dialect)
