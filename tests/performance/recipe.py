"""What the floor has to write: real rows of each table, how often per cycle, and which message follows which.

Everything is taken from a running system under load: rows and messages are counted, and one row of each table is
kept as the pattern of the floor's rows, so that both write the same columns, indexes and sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from libs.common.db import Database
from meridian.topography import SERVICES
from tests.performance.tally import Said, Tally, said_since

MOST_SHARED = 300
NOT_BY_CYCLES = ("job_lease", "relay", "relay_lease", "event_log", "event_stream", "inbox", "outbox")
COMMANDS = {"sales": ("quotation", "send", "accept"), "inventory": ("ship",), "finance": ("payment",)}
TOLD_BY = {"sales.quotation.issued.v1": "quotation", "sales.quotation.sent.v1": "send"}
FOLLOWS = {"inventory.delivery.created.v1": "ship", "finance.invoice.posted.v1": "payment"}
LAST = "sales.order.completed.v1"


@dataclass
class Column:
    """A column of a table, and whether it must differ from row to row."""

    name: str
    type: str
    fresh: bool


@dataclass
class Table:
    """A table: the pattern of its rows, its key, and how many changes a cycle makes to it."""

    name: str
    columns: list[Column]
    key: list[str]
    touched: str
    pattern: dict[str, str | None]
    inserts: int
    updates: int
    deletes: int
    shared: list[dict[str, str | None]] = field(default_factory=list)


@dataclass
class Letter:
    """A message: its type, and an envelope as it really was."""

    type: str
    envelope: str


@dataclass
class Part:
    """One service's part of a cycle."""

    service: str
    tables: list[Table]
    told: dict[str, list[Letter]]
    """What is said in answer to a request (by its name) or to a message (by its type)."""

    received: list[str]

    @property
    def transactions(self) -> int:
        """How many commits the service makes per cycle."""
        return len(COMMANDS.get(self.service, ())) + len(self.received)


@dataclass
class Recipe:
    """The whole cycle."""

    parts: dict[str, Part]

    def totals(self) -> dict[str, int]:
        """Return what one cycle of the floor writes."""
        parts = self.parts.values()
        letters = sum(len(letters) for part in parts for letters in part.told.values())
        received = sum(len(part.received) for part in parts)
        return {
            "commits": sum(part.transactions for part in parts),
            "messages": letters,
            "messages_received": received,
            "rows_inserted": sum(table.inserts for part in parts for table in part.tables)
            + 3 * letters
            + received,
            "rows_updated": sum(table.updates for part in parts for table in part.tables),
            "rows_deleted": sum(table.deletes for part in parts for table in part.tables) + letters,
        }


@dataclass
class Patterns:
    """Rows of every table, taken while the system was under load."""

    columns: dict[str, dict[str, list[Column]]] = field(default_factory=dict)
    keys: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    indexed: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    rows: dict[str, dict[str, list[dict[str, str | None]]]] = field(default_factory=dict)


def take_patterns(databases: Mapping[str, Database]) -> Patterns:
    """Return rows of every table of every service; call it while there is load, or short-lived rows are missed."""
    found = Patterns()
    for store in SERVICES:
        with databases[store].reading() as connection:
            found.keys[store], found.indexed[store], unique = _indexes(connection)
            found.columns[store] = _columns(connection, unique)
            found.rows[store] = {
                name: _some_rows(connection, name, columns) for name, columns in found.columns[store].items()
            }
    return found


def _indexes(
    connection: Connection,
) -> tuple[dict[str, list[str]], dict[str, set[str]], dict[str, list[list[str]]]]:
    statement = """
        SELECT c.relname AS name, i.indisprimary AS is_key, i.indisunique AS is_unique,
               array_agg(a.attname ORDER BY array_position(i.indkey::int[], a.attnum::int)) AS columns
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
        GROUP BY c.relname, i.indexrelid, i.indisprimary, i.indisunique
    """
    keys: dict[str, list[str]] = {}
    indexed: dict[str, set[str]] = {}
    unique: dict[str, list[list[str]]] = {}
    for row in connection.execute(text(statement)):
        indexed.setdefault(row.name, set()).update(row.columns)
        if row.is_key:
            keys[row.name] = list(row.columns)
        if row.is_unique:
            unique.setdefault(row.name, []).append(list(row.columns))
    return keys, indexed, unique


def _columns(connection: Connection, unique: Mapping[str, list[list[str]]]) -> dict[str, list[Column]]:
    statement = """
        SELECT c.table_name AS name, c.column_name AS column, c.udt_name AS type
        FROM information_schema.columns c
        JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_schema = c.table_schema
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
        ORDER BY c.table_name, c.ordinal_position
    """
    found: dict[str, list[Column]] = {}
    for row in connection.execute(text(statement)):
        found.setdefault(row.name, []).append(Column(row.column, row.type, False))
    for name, columns in found.items():
        _mark_fresh(columns, unique.get(name, []))
    return found


def _mark_fresh(columns: list[Column], unique: list[list[str]]) -> None:
    """Choose for each unique index one column that makes its rows differ: an id before a text before a number."""
    ranks = {"uuid": 0, "varchar": 1, "text": 1, "bpchar": 1, "int8": 2, "int4": 2}
    for names in unique:
        free = [column for column in columns if column.name in names and column.type in ranks]
        if free and not any(column.fresh for column in free):
            min(free, key=lambda column: ranks[column.type]).fresh = True


def _some_rows(connection: Connection, name: str, columns: list[Column]) -> list[dict[str, str | None]]:
    listed = ", ".join(f'"{column.name}"::text' for column in columns)
    rows = connection.execute(text(f'SELECT {listed} FROM "{name}" LIMIT {MOST_SHARED}'))
    names = [column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in rows]


def recipe_of(databases: Mapping[str, Database], happened: Tally, patterns: Patterns) -> Recipe:
    """Return what a cycle writes, from what happened under load."""
    said = said_since(databases, happened.positions)
    cycles = happened.done
    return Recipe(
        {store: _part(databases[store], store, happened, patterns, said, cycles) for store in SERVICES}
    )


def _part(
    database: Database, store: str, happened: Tally, patterns: Patterns, said: list[Said], cycles: int
) -> Part:
    tables = []
    for name, rows in sorted(happened.rows[store].items()):
        numbers = [round(each / cycles) for each in (rows.inserted, rows.updated, rows.deleted)]
        if any(numbers) and not name.startswith(NOT_BY_CYCLES) and patterns.rows[store][name]:
            tables.append(_table(name, store, patterns, numbers))
    received = [
        type_ for type_, number in happened.received[store].items() for _ in range(round(number / cycles))
    ]
    return Part(store, tables, _told(database, store, said, cycles), received)


def _table(name: str, store: str, patterns: Patterns, numbers: list[int]) -> Table:
    inserts, updates, deletes = numbers
    columns, key = patterns.columns[store][name], patterns.keys[store][name]
    indexed = patterns.indexed[store].get(name, set())
    free = [column.name for column in columns if column.name not in indexed]
    rows = patterns.rows[store][name]
    shared = [] if inserts else rows
    return Table(
        name, columns, key, (free or key)[-1], rows[-1], inserts, updates, min(deletes, inserts), shared
    )


def _told(database: Database, store: str, said: list[Said], cycles: int) -> dict[str, list[Letter]]:
    found: dict[str, list[Letter]] = {}
    commands = COMMANDS.get(store, ())
    for each in said:
        if each.source == store:
            cause = each.cause or TOLD_BY.get(each.type, commands[-1] if commands else "")
            letter = Letter(each.type, _an_envelope(database, each.type))
            found.setdefault(cause, []).extend([letter] * round(each.number / cycles))
    return found


def _an_envelope(database: Database, type_: str) -> str:
    statement = text("SELECT envelope FROM event_log WHERE type = :type ORDER BY seq DESC LIMIT 1")
    with database.reading() as connection:
        return str(connection.execute(statement, {"type": type_}).scalar_one())
