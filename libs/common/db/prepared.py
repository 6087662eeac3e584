"""Statements of the hot path: compiled once per engine, then handed to the driver without further ado.

SQLAlchemy takes a statement apart again at each execution, to find its text in a cache and to build a result
around the cursor; for the short statements of an order's way that costs more than the statement itself, about
twice what the driver needs. A ``Prepared`` keeps text, order of values and type conversions. What it cannot keep
(defaults that are made in Python) it executes the usual way; the answer is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Insert

from libs.common.db.arrays import with_arrays
from libs.common.db.form import Find, Form, Values
from libs.common.db.recordset import as_one_value, can_be_one_value, from_recordset

MOST_ROWS_IN_ONE = 16
"""Rows of an insert that go as a text of their own; more of them go as one value, which returns nothing."""


class Prepared(Executable):
    """``statement``, its values left open as bind parameters; executed like any other statement.

    Values are given by name, as one mapping or as a list of mappings with the same names; a list for an expanding
    parameter. Rows answer to the names of their columns; ``rowcount`` is the driver's.
    """

    inherit_cache = False

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self._templates: dict[tuple[str, tuple[str, ...]], _Template] = {}

    def _execute_on_connection(
        self, connection: Connection, distilled_params: Sequence[Values], execution_options: Any
    ) -> Any:
        """Be executed: what ``Connection.execute`` asks of a statement."""
        rows = distilled_params or ({},)
        key = (connection.dialect.name, tuple(rows[0]))
        template = self._templates.get(key)
        if template is None:
            template = self._templates[key] = _Template(self.statement, connection.dialect, rows[0])
        several = template.rows_in_one(rows) if len(rows) > 1 else None
        if several is not None:
            return several.run(connection, [rows])
        form = template.form(rows[0])
        if form is None or (form.returns and len(rows) > 1):
            return connection.execute(self.statement, distilled_params, execution_options=execution_options)
        return form.run(connection, rows)


class _Template:
    """A statement compiled for one engine and one set of names; lists of values are still open."""

    def __init__(self, statement: Any, dialect: Dialect, values: Values) -> None:
        self._dialect = dialect
        self._compiled = statement.compile(dialect=dialect, column_keys=list(values))
        self._lists = [
            name for name, bind in self._compiled.binds.items() if bind.expanding and name in values
        ]
        if self._lists and dialect.name == "postgresql":
            statement, self._lists = with_arrays(statement, self._lists), []
            self._compiled = statement.compile(dialect=dialect)
        self._statement = statement
        self._usable = not (self._compiled.insert_prefetch or self._compiled.update_prefetch)
        self._forms: dict[tuple[int, ...], Form] = {}
        self._several: dict[int, Form] = {}

    def rows_in_one(self, rows: Sequence[Values]) -> Form | None:
        """Return the form of an insert that takes so many rows at once; ``None`` when they go one by one."""
        if not (isinstance(self._statement, Insert) and self._usable):
            return None
        if len(rows) > MOST_ROWS_IN_ONE:
            return self._as_one_value(rows)
        form = self._several.get(len(rows))
        if form is None:
            compiled = self._statement.values([dict(row) for row in rows]).compile(dialect=self._dialect)
            places = {
                f"{name}_m{number}": _cell(name, number) for number in range(len(rows)) for name in rows[0]
            }
            form = self._several[len(rows)] = Form(compiled, self._dialect, {}, places)
        return form

    def _as_one_value(self, rows: Sequence[Values]) -> Form | None:
        """Return the form of an insert of any number of rows; ``None`` where there is none."""
        if not can_be_one_value(self._statement, self._dialect):
            return None
        if 0 not in self._several:
            names = list(rows[0])
            statement = from_recordset(self._statement, names)
            self._several[0] = as_one_value(statement, self._statement.table.c, names, self._dialect)
        return self._several[0]

    def form(self, values: Values) -> Form | None:
        """Return the form for lists as long as those in ``values``; ``None`` when the usual way must do."""
        if not self._usable:
            return None
        lengths = tuple([_padded(len(values[name])) for name in self._lists])
        found = self._forms.get(lengths)
        if found is None:
            longest = {
                name: _pad(values[name], length) for name, length in zip(self._lists, lengths, strict=True)
            }
            padded = {**values, **longest}
            found = self._forms[lengths] = Form(self._compiled, self._dialect, padded, _places(padded))
        return found


def _padded(length: int) -> int:
    """Return the next power of two: lists of any length then share a dozen texts, which the server plans once."""
    return length if length < 2 else 1 << (length - 1).bit_length()


def _pad(values: Sequence[Any], length: int) -> list[Any]:
    """Repeat the last value, which changes nothing about what is in the list."""
    return [*values, *[values[-1]] * (length - len(values))] if values else []


def _places(values: Values) -> dict[str, Find]:
    """Return how each parameter gets its value: by its own name."""
    return {name: itemgetter(name) for name in values}


def _cell(name: str, number: int) -> Find:
    """Return how a parameter gets its value from one of several rows."""
    return lambda rows: rows[number][name]
