"""Statements of the hot path: compiled once per engine, then handed to the driver without further ado.

SQLAlchemy takes a statement apart again at each execution, to find its text in a cache and to build a result
around the cursor; for the short statements of an order's way that costs more than the statement itself, about
twice what the driver needs. A ``Prepared`` keeps text, order of values and type conversions. What it cannot keep
(defaults that are made in Python) it executes the usual way; the answer is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Insert
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from libs.common.db.recordset import ROWS, can_be_one_value, from_recordset, writer

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]
_Find = Callable[[Any], Any]
_MOST_ROWS_IN_ONE = 16
_CURSOR = "meridian_cursor"


class DriverResult(IteratorResult[Any]):
    """Rows that are fetched already, and how many rows the statement changed."""

    def __init__(self, metadata: SimpleResultMetaData, rows: Sequence[Sequence[Any]], rowcount: int) -> None:
        super().__init__(metadata, iter(rows))
        self.rowcount = rowcount


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
        self._statement = statement
        self._compiled = statement.compile(dialect=dialect, column_keys=list(values))
        self._usable = not (self._compiled.insert_prefetch or self._compiled.update_prefetch)
        self._lists = [
            name for name, bind in self._compiled.binds.items() if bind.expanding and name in values
        ]
        self._forms: dict[tuple[int, ...], _Form] = {}
        self._several: dict[int, _Form] = {}

    def rows_in_one(self, rows: Sequence[Values]) -> _Form | None:
        """Return the form of an insert that takes so many rows at once; ``None`` when they go one by one."""
        if not (isinstance(self._statement, Insert) and self._usable):
            return None
        if len(rows) > _MOST_ROWS_IN_ONE:
            return self._as_one_value(rows)
        form = self._several.get(len(rows))
        if form is None:
            compiled = self._statement.values([dict(row) for row in rows]).compile(dialect=self._dialect)
            places = {
                f"{name}_m{number}": _cell(name, number) for number in range(len(rows)) for name in rows[0]
            }
            form = self._several[len(rows)] = _Form(compiled, self._dialect, {}, places)
        return form

    def _as_one_value(self, rows: Sequence[Values]) -> _Form | None:
        """Return the form of an insert of any number of rows; ``None`` where there is none."""
        if not can_be_one_value(self._statement, self._dialect):
            return None
        if 0 not in self._several:
            names = list(rows[0])
            compiled = from_recordset(self._statement, names).compile(dialect=self._dialect)
            places: dict[str, _Find] = {ROWS: writer(self._statement, names, self._dialect)}
            self._several[0] = _Form(compiled, self._dialect, {ROWS: ""}, places)
        return self._several[0]

    def form(self, values: Values) -> _Form | None:
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
            found = self._forms[lengths] = _Form(self._compiled, self._dialect, padded, _places(padded))
        return found


def _padded(length: int) -> int:
    """Return the next power of two: lists of any length then share a dozen texts, which the server plans once."""
    return length if length < 2 else 1 << (length - 1).bit_length()


def _pad(values: Sequence[Any], length: int) -> list[Any]:
    """Repeat the last value, which changes nothing about what is in the list."""
    return [*values, *[values[-1]] * (length - len(values))] if values else []


class _Form:
    """The text of a statement as the driver takes it, and what to do with each value on the way in and out."""

    def __init__(self, compiled: Any, dialect: Dialect, values: Values, places: dict[str, _Find]) -> None:
        state = compiled.construct_expanded_state(values)
        types = {name: bind.type for name, bind in compiled.binds.items()}
        for whole, parts in state.parameter_expansion.items():
            types |= dict.fromkeys(parts, types[whole])
            if whole in values:  # else the list is written into the statement, and stays as it is
                places |= {part: _member(whole, number) for number, part in enumerate(parts)}
        names = state.positiontup if compiled.positional else list(state.parameters)
        self._text = state.statement
        self._positional = compiled.positional
        self._binds = [
            (name, places.get(name) or _always(state.parameters[name]), _into(types[name], dialect))
            for name in names
        ]
        self._dialect = dialect
        self._types = [column.type for column in compiled.statement.exported_columns]
        self.returns = bool(self._types)
        self._metadata = SimpleResultMetaData(())
        self._converts: list[tuple[int, _Convert]] | None = None

    def run(self, connection: Connection, rows: Sequence[Any]) -> DriverResult:
        """Execute for each of ``rows``."""
        if not connection.in_transaction():
            connection.begin()
        cursor = _cursor_of(connection)
        try:
            if len(rows) == 1:
                cursor.execute(self._text, self._given(rows[0]))
            else:
                cursor.executemany(self._text, [self._given(row) for row in rows])
            found = cursor.fetchall() if self.returns else ()
        except self._dialect.loaded_dbapi.Error as error:
            raise self._translated(connection, cursor, error) from error
        if self.returns and self._converts is None:
            self._learn(cursor.description)
        return DriverResult(self._metadata, self._converted(found), cursor.rowcount)

    def _given(self, values: Any) -> Any:
        if self._positional:
            return [into(value(values)) if into else value(values) for _, value, into in self._binds]
        return {name: into(value(values)) if into else value(values) for name, value, into in self._binds}

    def _learn(self, description: Sequence[Sequence[Any]]) -> None:
        """Note names and conversions of the columns, from the first answer."""
        self._metadata = SimpleResultMetaData([str(column[0]) for column in description])
        out = [
            _impl(type_, self._dialect).result_processor(self._dialect, column[1])
            for type_, column in zip(self._types, description, strict=True)
        ]
        self._converts = [(place, convert) for place, convert in enumerate(out) if convert is not None]

    def _converted(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        converted = []
        for row in rows:
            cells = list(row)
            for place, convert in self._converts or ():
                cells[place] = convert(cells[place])
            converted.append(tuple(cells))
        return converted

    def _translated(self, connection: Connection, cursor: Any, error: Exception) -> BaseException:
        """Return the driver's error as SQLAlchemy tells it, and give a lost connection up."""
        lost = self._dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)  # type: ignore[arg-type]
        if lost:
            connection.invalidate(error)
        return DBAPIError.instance(
            self._text,
            None,
            error,
            self._dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=self._dialect,
        )


def _cursor_of(connection: Connection) -> Any:
    """Return the cursor that is kept with the driver's connection; every answer is fetched whole before the next."""
    cursor = connection.info.get(_CURSOR)
    if cursor is None:
        driver: Any = connection.connection.driver_connection
        cursor = connection.info[_CURSOR] = driver.cursor()
    return cursor


def _places(values: Values) -> dict[str, _Find]:
    """Return how each parameter gets its value: by its own name."""
    return {name: itemgetter(name) for name in values}


def _member(name: str, number: int) -> _Find:
    """Return how a parameter gets its value from a list; past the end of the list, its last value."""
    return lambda values: values[name][min(number, len(values[name]) - 1)]


def _cell(name: str, number: int) -> _Find:
    """Return how a parameter gets its value from one of several rows."""
    return lambda rows: rows[number][name]


def _always(constant: Any) -> _Find:
    return lambda _values: constant


def _impl(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return type_.dialect_impl(dialect)


def _into(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return _impl(type_, dialect).bind_processor(dialect)
