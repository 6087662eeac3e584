"""What cycles wrote: rows by table and messages by type, counted in the databases; the floor writes the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from libs.common.db import Database
from meridian.topography import SERVICES

MECHANISM = ("inbox", "outbox", "event_log", "event_stream")


@dataclass(frozen=True)
class Rows:
    """Changes of one table."""

    inserted: float
    updated: float
    deleted: float


@dataclass(frozen=True)
class Said:
    """Messages of one type: who said them, in answer to what (nothing: in answer to a request), and how long."""

    source: str
    cause: str
    type: str
    number: float
    size: float


@dataclass
class Tally:
    """Totals since the databases were made, or, as the difference of two tallies, of what happened in between."""

    done: int = 0
    rows: dict[str, dict[str, Rows]] = field(default_factory=dict)
    received: dict[str, dict[str, float]] = field(default_factory=dict)
    messages: int = 0
    positions: dict[str, int] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    @property
    def messages_per_cycle(self) -> float | None:
        """How many messages a cycle leads to."""
        return round(self.messages / self.done, 2) if self.done else None

    def since(self, before: Tally) -> Tally:
        """Return what happened since ``before``."""
        rows = {
            store: {table: _minus(found, before.rows[store].get(table)) for table, found in tables.items()}
            for store, tables in self.rows.items()
        }
        received = {
            store: {type_: number - before.received[store].get(type_, 0) for type_, number in types.items()}
            for store, types in self.received.items()
        }
        return Tally(
            self.done - before.done,
            rows,
            received,
            self.messages - before.messages,
            before.positions,
            self.said,
        )

    def as_json(self) -> str:
        """Return the tally as text."""
        return json.dumps(asdict(self), indent=2)


def _minus(after: Rows, before: Rows | None) -> Rows:
    if before is None:
        return after
    return Rows(
        after.inserted - before.inserted, after.updated - before.updated, after.deleted - before.deleted
    )


def tally(databases: Mapping[str, Database]) -> Tally:
    """Return the totals of this moment; SQLite does not count rows."""
    found = Tally()
    for store in SERVICES:
        with databases[store].reading() as connection:
            found.rows[store] = {} if databases[store].is_sqlite else _rows(connection)
            found.received[store] = _received(connection)
            last = connection.execute(text("SELECT coalesce(max(seq), 0), count(*) FROM event_log")).one()
            found.positions[store] = int(last[0])
            found.messages += int(last[1])
            if store == "sales":
                done = "SELECT count(*) FROM sales_order WHERE state = 'done'"
                found.done = int(connection.execute(text(done)).scalar_one())
    return found


def _rows(connection: Connection) -> dict[str, Rows]:
    statement = "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables"
    return {name: Rows(*counts) for name, *counts in connection.execute(text(statement))}


def _received(connection: Connection) -> dict[str, float]:
    rows = connection.execute(text("SELECT type, count(*) FROM inbox GROUP BY type"))
    return {type_: float(number) for type_, number in rows}


def said_since(databases: Mapping[str, Database], positions: Mapping[str, int]) -> list[Said]:
    """Return which messages were said in answer to which, since the given place of each history."""
    rows: list[tuple[str, Any]] = []
    for store in SERVICES:
        statement = (
            "SELECT event_id, type, causation_id, length(envelope) AS size FROM event_log WHERE seq > :after"
        )
        with databases[store].reading() as connection:
            rows += [(store, row) for row in connection.execute(text(statement), {"after": positions[store]})]
    types = {str(row.event_id): row.type for _, row in rows}
    counts: Counter[tuple[str, str, str]] = Counter()
    sizes: Counter[tuple[str, str, str]] = Counter()
    for store, row in rows:
        key = (store, types.get(str(row.causation_id), "") if row.causation_id else "", row.type)
        counts[key] += 1
        sizes[key] += row.size
    return [Said(*key, number, sizes[key] / number) for key, number in sorted(counts.items())]
