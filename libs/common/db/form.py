"""One text of a statement: what becomes of each value on the way in and out, and by which way it is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Connection, Dialect
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from libs.common.db.wire import numbered, wire_of

Values = Mapping[str, Any]
Find = Callable[[Any], Any]
_Convert = Callable[[Any], Any]
_Rows = Sequence[Sequence[Any]]


class DriverResult(IteratorResult[Any]):
    """Rows that are fetched already, and how many rows the statement changed."""

    def __init__(self, metadata: SimpleResultMetaData, rows: _Rows, rowcount: int) -> None:
        super().__init__(metadata, iter(rows))
        self.rowcount = rowcount


class Form:
    """The text of a statement as the driver takes it, and what to do with each value on the way in and out."""

    def __init__(self, compiled: Any, dialect: Dialect, values: Values, places: dict[str, Find]) -> None:
        state = compiled.construct_expanded_state(values)
        types = {name: bind.type for name, bind in compiled.binds.items()}
        for whole, parts in state.parameter_expansion.items():
            types |= dict.fromkeys(parts, types[whole])
            if whole in values:  # else the list is written into the statement, and stays as it is
                places |= {part: _member(whole, number) for number, part in enumerate(parts)}
        self._wired = dialect.name == "postgresql"
        self._text: str
        self._text, names = numbered(state.statement) if self._wired else (state.statement, state.positiontup)
        self._binds = [
            (places.get(name) or _always(state.parameters[name]), _into(types[name], dialect))
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
        driver = connection.connection.dbapi_connection
        given = [[into(find(row)) if into else find(row) for find, into in self._binds] for row in rows]
        try:
            found, changed = self._by_wire(driver, given) if self._wired else self._by_cursor(driver, given)
        except self._dialect.loaded_dbapi.Error as error:
            raise self._translated(connection, error) from error
        return DriverResult(self._metadata, self._converted(found), changed)

    def _by_wire(self, driver: Any, rows: list[list[Any]]) -> tuple[_Rows, int]:
        wire = wire_of(driver)
        if len(rows) > 1:
            return (), wire.execute_many(self._text, rows)
        answer = wire.execute(self._text, rows[0])
        if not self.returns:
            return (), answer.rowcount
        if self._converts is None:
            self._learn(answer.columns)
        return answer.rows(), answer.rowcount

    def _by_cursor(self, driver: Any, rows: list[list[Any]]) -> tuple[_Rows, int]:
        if len(rows) > 1:
            return (), driver.executemany(self._text, rows).rowcount
        cursor = driver.execute(self._text, rows[0])
        found = cursor.fetchall() if self.returns else ()
        if self.returns and self._converts is None:
            self._learn(cursor.description)
        return found, cursor.rowcount

    def _learn(self, description: _Rows) -> None:
        """Note names and conversions of the columns, from the first answer."""
        self._metadata = SimpleResultMetaData([str(column[0]) for column in description])
        out = [
            _impl(type_, self._dialect).result_processor(self._dialect, column[1])
            for type_, column in zip(self._types, description, strict=True)
        ]
        self._converts = [(place, convert) for place, convert in enumerate(out) if convert is not None]

    def _converted(self, rows: _Rows) -> list[tuple[Any, ...]]:
        converted = []
        for row in rows:
            cells = list(row)
            for place, convert in self._converts or ():
                cells[place] = convert(cells[place])
            converted.append(tuple(cells))
        return converted

    def _translated(self, connection: Connection, error: Exception) -> BaseException:
        """Return the driver's error as SQLAlchemy tells it, and give a lost connection up."""
        lost = self._dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
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


def _member(name: str, number: int) -> Find:
    """Return how a parameter gets its value from a list; past the end of the list, its last value."""
    return lambda values: values[name][min(number, len(values[name]) - 1)]


def _always(constant: Any) -> Find:
    return lambda _values: constant


def _impl(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return type_.dialect_impl(dialect)


def _into(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    impl = _impl(type_, dialect)
    if isinstance(impl, JSON) and dialect.name == "postgresql":
        # The driver's own wrapper makes a converter for each value.
        return _json_or_null if impl.none_as_null else json.dumps
    return impl.bind_processor(dialect)


def _json_or_null(value: Any) -> str | None:
    return None if value is None else json.dumps(value)
