"""The same rows into two tables, each taking the columns that it has: by one statement where the engine can."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Dialect, Table, insert, select

from libs.common.db.form import Form
from libs.common.db.prepared import Prepared
from libs.common.db.recordset import Rows, as_one_value, recordset

Names = tuple[str, ...]


class Twofold:
    """An insert of given rows into ``first`` and ``second``; in the order given, answering nothing.

    PostgreSQL reads the rows once and writes them to both; for SQLite it is two statements.
    """

    def __init__(self, first: Table, second: Table) -> None:
        self._tables = (first, second)
        self._single = [Prepared(insert(table)) for table in self._tables]
        self._forms: dict[Names, Form] = {}

    def write(self, connection: Connection, rows: Rows) -> None:
        """Insert ``rows``, all with the same names. A name that neither table has is a fault: ``KeyError``."""
        names = tuple(rows[0])
        if connection.dialect.name != "postgresql":
            for single, share in zip(self._single, self._shares(names), strict=True):
                connection.execute(single, [{name: row[name] for name in share} for row in rows])
            return
        form = self._forms.get(names)
        if form is None:
            form = self._forms[names] = self._in_one(connection.dialect, names)
        form.run(connection, [rows])

    def _shares(self, names: Names) -> tuple[Names, ...]:
        """Return which of ``names`` each table takes."""
        shares = tuple(tuple(name for name in names if name in table.c) for table in self._tables)
        for name in names:
            if not any(name in share for share in shares):
                raise KeyError(name)
        return shares

    def _in_one(self, dialect: Dialect, names: Names) -> Form:
        columns: dict[str, Column[Any]] = {}
        shares = self._shares(names)
        for table, share in zip(self._tables, shares, strict=True):
            columns |= {name: table.c[name] for name in share}
        given = select(*recordset([columns[name] for name in names]).c).cte("given")
        first, second = (
            insert(table).from_select(
                share, select(*(given.c[name] for name in share)), include_defaults=False
            )
            for table, share in zip(self._tables, shares, strict=True)
        )
        return as_one_value(second.add_cte(first.cte("written")), columns, names, dialect)
