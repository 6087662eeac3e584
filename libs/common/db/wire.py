"""A PostgreSQL connection as its statements are sent: by libpq itself, through the driver's own converters.

The driver's cursor runs some twenty Python functions for each statement, so that it can wait in an event loop, keep
several results and count uses before it prepares a statement. A statement of the hot path needs none of these. Its
values are written, its rows read, and its errors told by the driver all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from psycopg import Connection, OperationalError, RawCursor, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

_PARAMETER = re.compile(r"%%|%\(([^)]+)\)s")
_GOOD = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)
# An insert of one row and one of sixteen are texts of their own; a service has a few hundred at most.
_KEPT_PLANS = 500
_WIRE = "meridian_wire"

Rows = list[tuple[Any, ...]]


def numbered(text: str) -> tuple[str, list[str]]:
    """Return a statement whose parameters ``%(name)s`` are ``$1``, ``$2``, and their names in that order."""
    names: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        name = found.group(1)
        return "%" if name is None else f"${names.setdefault(name, len(names) + 1)}"

    return _PARAMETER.sub(place, text), list(names)


class Wire:
    """The statements of one connection. Like the connection, it is used by one thread at a time."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._libpq = connection.pgconn
        self._transformer = Transformer(connection)
        self._kept: dict[str, bytes] = {}
        self._made = 0
        self.each_alone = False
        """Whether ``begin`` begins nothing, so that each statement is a transaction of its own."""

    def begin(self) -> None:
        """Begin a transaction."""
        if not self.each_alone:
            self._checked(self._libpq.exec_(b"BEGIN"))

    def commit(self) -> None:
        """Commit the transaction, if there is one; one that has failed is rolled back."""
        if self._libpq.transaction_status != pq.TransactionStatus.IDLE:
            self._checked(self._libpq.exec_(b"COMMIT"))

    def rollback(self) -> None:
        """Roll the transaction back, if there is one."""
        if self._libpq.transaction_status != pq.TransactionStatus.IDLE:
            self._checked(self._libpq.exec_(b"ROLLBACK"))

    def execute(self, text: str, values: Sequence[Any]) -> Answer:
        """Execute ``text`` with ``values`` for ``$1`` onwards; raises the driver's errors."""
        name = self._kept.get(text) or self._prepare(text)
        given: Any = self._transformer.dump_sequence(values, (PyFormat.TEXT,) * len(values))
        return Answer(self._checked(self._libpq.exec_prepared(name, given)), self._transformer)

    def execute_many(self, text: str, rows: Sequence[Sequence[Any]]) -> int:
        """Execute ``text`` for each of ``rows`` without waiting in between; return how many rows were changed."""
        with RawCursor(self._connection) as cursor:
            cursor.executemany(text.encode(), rows)
            return cursor.rowcount

    def _prepare(self, text: str) -> bytes:
        if len(self._kept) >= _KEPT_PLANS:
            oldest = next(iter(self._kept))
            self._checked(self._libpq.exec_(b"DEALLOCATE " + self._kept.pop(oldest)))
        self._made += 1
        name = b"meridian_%d" % self._made
        self._checked(self._libpq.prepare(name, text.encode()))
        self._kept[text] = name
        return name

    def _checked(self, result: Any) -> Any:
        if result.status in _GOOD:
            return result
        if self._libpq.status == pq.ConnStatus.BAD:
            raise OperationalError(f"the connection is lost: {self._libpq.get_error_message()}")
        raise error_from_result(result)


class Answer:
    """What the server said to one statement."""

    def __init__(self, result: Any, transformer: Any) -> None:
        self._result = result
        self._transformer = transformer

    @property
    def rowcount(self) -> int:
        """How many rows were changed, or found."""
        return int(self._result.command_tuples or 0)

    @property
    def columns(self) -> list[tuple[str, int]]:
        """Name and type (its object id) of each column."""
        result = self._result
        return [(result.fname(place).decode(), result.ftype(place)) for place in range(result.nfields)]

    def rows(self) -> Rows:
        """Return every row, its values read by the driver."""
        self._transformer.set_pgresult(self._result)
        rows: Rows = self._transformer.load_rows(0, self._result.ntuples, tuple)
        return rows


def wire_of(connection: Any) -> Wire:
    """Return the wire of a driver's connection."""
    wire: Wire | None = getattr(connection, _WIRE, None)
    if wire is None:
        wire = Wire(connection)
        setattr(connection, _WIRE, wire)
    return wire
