"""Making a large past out of a small one that is real: what one import left in the databases, written many times over.

An import of some thousand orders goes through the product. Everything that it left is then known by comparing each
table with what was in it before: rows that are new, and rows whose figures have grown. A copy has the same new rows
under other ids and numbers, and makes the figures grow by as much again. So a copy is what the product would have
written for the same orders of other numbers, at the speed of COPY; ``meridian audit`` is the judge of that.

An id keeps its form and its random part; its moment lies earlier, by the same step for all ids of a copy. So the
indexes grow as they do under real ids. PostgreSQL only; foreign keys and triggers are off while a copy is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from libs.common.clock import SystemClock
from meridian.target import Target

Connection = psycopg.Connection[Any]
ID = rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_NUMBER = rb"\b(?:[PLRZ]-|RE )[0-9]+\b"
_NUMBER_PARTS = re.compile(rb"(.+[- ])([0-9]+)")
_ENTRY = rb"\bJE-[0-9]+\b"
_TOKEN = re.compile(b"(" + b"|".join((ID, _NUMBER, _ENTRY)) + b")")
# What belongs to a moment, not to an order: messages under way, leases, answers kept for a repetition.
_PASSING = {
    "outbox", "relay", "relay_lease", "job_lease", "idempotency", "parked", "dead_letter_act",
    "mechanism_version", "service_version",
}  # fmt: skip
# Sums of many orders: a row that did not exist before has begun at 0 and grows like the others, it is not copied.
_SUMS = {
    "number_series",
    "day_figure",
    "item_month",
    "buyer_month",
    "seller_month",
    "buyer",
    "receivable_month",
}
# What a service works out by itself out of the rest, as soon as it is due.
_WORKED_OUT = {"customer_buying", "customer_overview", "buying_model", "recommendation"}
_TABLES = """
    SELECT c.relname AS name,
           (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey)) AS key,
           array_agg(a.attname ORDER BY a.attnum)
             FILTER (WHERE coalesce(pg_get_expr(d.adbin, d.adrelid), '') NOT LIKE 'nextval%%') AS columns,
           array_agg(a.attname ORDER BY a.attnum)
             FILTER (WHERE a.atttypid IN (20, 21, 23) AND NOT a.attnum = ANY (i.indkey)) AS figures
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
      JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
     GROUP BY c.oid, c.relname, i.indkey
     ORDER BY c.relname
"""


class NotCopyable(RuntimeError):
    """The import left something that a copy cannot repeat; the text says what."""


@dataclass(frozen=True)
class Table:
    """A table: its key, the columns that a copy gives, and those that hold figures."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    figures: tuple[str, ...]

    @property
    def before(self) -> sql.Identifier:
        """What was in it before."""
        return sql.Identifier(f"before_{self.name}")

    def same_key(self) -> sql.Composable:
        """Return the condition that ``now`` and ``old`` are the same row."""
        pairs = (sql.SQL("now.{0} = old.{0}").format(sql.Identifier(name)) for name in self.key)
        return sql.SQL(" AND ").join(pairs)


@dataclass(frozen=True)
class Growth:
    """By how much the figures of a row grew."""

    table: Table
    key: tuple[Any, ...]
    by: dict[str, int]


@dataclass(frozen=True)
class Text:
    """The new rows of a table as COPY writes them, cut at every id and number: what stays, then what is replaced."""

    table: Table
    pieces: list[bytes]

    def renamed(self, names: Mapping[bytes, bytes]) -> bytes:
        """Return the rows under other names."""
        pieces = self.pieces.copy()
        pieces[1::2] = [names[piece] for piece in pieces[1::2]]
        return b"".join(pieces)


@dataclass
class Store:
    """One service's database, and what the import left in it."""

    connection: Connection
    tables: list[Table] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    growths: list[Growth] = field(default_factory=list)
    due: list[str] = field(default_factory=list)

    def remember(self) -> None:
        """Keep what is in every table now, in tables that go with the connection."""
        self.connection.execute("SET session_replication_role = replica")
        rows = self.connection.execute(_TABLES.replace("%%", "%").encode()).fetchall()
        found = [Table(name, *(tuple(names or ()) for names in lists)) for name, *lists in rows]
        self.due = [table.name for table in found if table.name in _WORKED_OUT and "due" in table.columns]
        self.tables = [table for table in found if table.name not in _PASSING | _WORKED_OUT]
        for table in self.tables:
            create = sql.SQL("CREATE TEMP TABLE {} AS TABLE {}")
            self.connection.execute(create.format(table.before, sql.Identifier(table.name)))

    def compare(self) -> None:
        """Take what is new and what has grown since then."""
        for table in self.tables:
            if table.name in _SUMS:
                self._begin_at_nothing(table)
            rows = self._new(table)
            if rows:
                self.texts.append(Text(table, _TOKEN.split(rows)))
            if table.figures:
                self.growths += self._grown(table)
            self.connection.execute(sql.SQL("DROP TABLE {}").format(table.before))
        if any(growth.table.name == "event_stream" for growth in self.growths):
            raise NotCopyable("the import told of something that was there before; its messages are counted")

    def _begin_at_nothing(self, table: Table) -> None:
        """Let sums that did not exist before have begun at 0: they grow like the others, and are not copied."""
        columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        values = sql.SQL(", ").join(
            sql.SQL("0") if name in table.figures else sql.SQL("now.{}").format(sql.Identifier(name))
            for name in table.columns
        )
        begin = sql.SQL(
            "INSERT INTO {0} ({1}) SELECT {2} FROM {3} now WHERE NOT EXISTS (SELECT FROM {0} old WHERE {4})"
        )
        self.connection.execute(
            begin.format(table.before, columns, values, sql.Identifier(table.name), table.same_key())
        )

    def _new(self, table: Table) -> bytes:
        chosen = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        order = sql.SQL(", ").join(map(sql.Identifier, table.key))
        copy = sql.SQL(
            "COPY (SELECT {} FROM {} now WHERE NOT EXISTS (SELECT FROM {} old WHERE {}) ORDER BY {}) TO STDOUT"
        ).format(chosen, sql.Identifier(table.name), table.before, table.same_key(), order)
        with self.connection.cursor() as cursor, cursor.copy(copy) as rows:
            return b"".join(bytes(each) for each in rows)

    def _grown(self, table: Table) -> Iterable[Growth]:
        keys = sql.SQL(", ").join(sql.SQL("now.{}").format(sql.Identifier(name)) for name in table.key)
        by = sql.SQL(", ").join(
            sql.SQL("coalesce(now.{0}, 0) - coalesce(old.{0}, 0)").format(sql.Identifier(name))
            for name in table.figures
        )
        query = sql.SQL("SELECT {}, {} FROM {} now JOIN {} old ON {}").format(
            keys, by, sql.Identifier(table.name), table.before, table.same_key()
        )
        for row in self.connection.execute(query):
            grown = dict(zip(table.figures, row[len(table.key) :], strict=True))
            if any(grown.values()):
                changed = {name: change for name, change in grown.items() if change}
                yield Growth(table, tuple(row[: len(table.key)]), changed)

    def names(self) -> set[bytes]:
        """Return every id and number in the new rows."""
        return {piece for text in self.texts for piece in text.pieces[1::2]}

    def write(self, rename: Callable[[int], Mapping[bytes, bytes]], copies: range) -> None:
        """Write ``copies``, each in its transaction; then let the server learn what it has."""
        for copy in copies:
            names = rename(copy)
            with self.connection.transaction():
                for text in self.texts:
                    self._write(text.table, text.renamed(names))
        with self.connection.transaction():
            for growth in self.growths:
                self._grow(growth, len(copies))
            for name in self.due:
                self.connection.execute(sql.SQL("UPDATE {} SET due = true").format(sql.Identifier(name)))
        self.connection.execute("VACUUM (ANALYZE)")

    def _write(self, table: Table, rows: bytes) -> None:
        chosen = sql.SQL(", ").join(map(sql.Identifier, table.columns))
        copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), chosen)
        with self.connection.cursor() as cursor, cursor.copy(copy) as writing:
            writing.write(rows)

    def _grow(self, growth: Growth, times: int) -> None:
        sets = sql.SQL(", ").join(
            sql.SQL("{0} = coalesce({0}, 0) + {1}").format(sql.Identifier(name), sql.Literal(change * times))
            for name, change in growth.by.items()
        )
        where = sql.SQL(" AND ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value))
            for name, value in zip(growth.table.key, growth.key, strict=True)
        )
        self.connection.execute(
            sql.SQL("UPDATE {} SET {} WHERE {}").format(sql.Identifier(growth.table.name), sets, where)
        )


class Multiplier:
    """Every database, and the names under which its copies go."""

    def __init__(self, urls: Mapping[str, str], orders: int) -> None:
        """Take the databases' addresses, as a superuser's; an import has ``orders`` orders, numbered from 0."""
        self._stores = {name: Store(psycopg.connect(url, autocommit=True)) for name, url in urls.items()}
        self._orders = orders
        self._span = (0, 0)
        self._names: dict[str, set[bytes]] = {}
        self._entries = range(0)
        self._made = 0

    def before_import(self) -> None:
        """Remember what there is; ids that are made from now on are the import's."""
        self._span = (now_ms(), 0)
        for store in self._stores.values():
            store.remember()

    def after_import(self) -> None:
        """Learn what the import left."""
        self._span = (self._span[0], now_ms())
        for name, store in self._stores.items():
            store.compare()
            self._names[name] = store.names()
        entries = sorted(
            {int(name[3:]) for names in self._names.values() for name in names if name[:3] == b"JE-"}
        )
        if any(later - earlier != 1 for earlier, later in pairwise(entries)):
            raise NotCopyable("the import's journal entries are not numbered one after another")
        self._entries = range(entries[0], entries[-1] + 1) if entries else range(0)

    def multiply(self, copies: int) -> None:
        """Write ``copies`` more, every database for itself."""
        chosen = range(self._made + 1, self._made + copies + 1)
        first_entry = self._last_entry() + 1
        self._made += copies

        def write(name: str) -> None:
            names = self._names[name]
            self._stores[name].write(
                lambda copy: {each: self._renamed(each, copy, first_entry + (copy - chosen[0]) * len(self._entries))
                              for each in names},
                chosen,
            )  # fmt: skip

        with ThreadPoolExecutor(len(self._stores)) as pool:
            list(pool.map(write, self._stores))

    def _last_entry(self) -> int:
        query = "SELECT coalesce(max(substr(number, 4)::bigint), 0) FROM journal_entry"
        row = self._stores["finance"].connection.execute(query).fetchone()
        return int(row[0]) if row else 0

    def _renamed(self, name: bytes, copy: int, first_entry: int) -> bytes:
        if name[:3] == b"JE-":
            return b"JE-%06d" % (first_entry + int(name[3:]) - self._entries[0])
        if name[:3] == b"RE " or name[1:2] == b"-":
            head, number = _NUMBER_PARTS.fullmatch(name).groups()  # type: ignore[union-attr]
            return bytes(head + b"%d" % (int(number) + copy * self._orders))
        return shifted(name, copy, self._span)

    def close(self) -> None:
        """Close the connections."""
        for store in self._stores.values():
            store.connection.close()


def as_superuser(target: Target, server: str) -> dict[str, str]:
    """Return the addresses of the target's databases for the user of the address ``server``."""
    superuser = make_url(server).set(drivername="postgresql")
    names = {store: make_url(url).database for store, url in target.database_urls.items()}
    return {
        store: superuser.set(database=name).render_as_string(hide_password=False)
        for store, name in names.items()
    }


def now_ms() -> int:
    """Return the moment as ids count it."""
    return int(SystemClock().now().timestamp() * 1000)


def shifted(name: bytes, copy: int, span: tuple[int, int]) -> bytes:
    """Return an id that was made within ``span`` (ms) as its ``copy``-th twin, made earlier; any other as it is."""
    moment = int(name[:8] + name[9:13], 16)
    first, last = span
    if not first <= moment <= last:
        return name
    earlier = b"%012x" % (moment - copy * (last - first + 1000))
    return earlier[:8] + b"-" + earlier[8:] + name[13:]
