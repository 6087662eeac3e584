"""Has any row of any database changed? Cheap to ask after every request.

SQLite tells by one pragma whether anything at all was committed since the last look; only then are the tables read.
PostgreSQL has no such word per database, so its tables are read each time and it is asked after groups of requests.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, MetaData, create_engine, select, text
from sqlalchemy.engine import Engine

from libs.common.clock import pause
from meridian.target import Target

QUIET = {
    "relay", "relay_lease", "job_lease",  # who does the background work, renewed by the clock
    "session", "refresh_token", "login_throttle",  # a refused login is counted, and our own people log in
    # Worked out by crm's clock some seconds after it heard something; what people do with it is told, so it shows.
    "buying_model", "customer_buying", "customer_overview", "recommendation",
    # A message that is sent again is tried by the worker's clock; the act itself is written down, so it shows.
    "parked",
}  # fmt: skip
SETTLED_S = 20.0
Print = dict[str, str]


@dataclass
class Rows:
    """The content of every store, as one hash per table."""

    target: Target
    _engines: dict[str, Engine] = field(default_factory=dict)
    _open: dict[str, Connection] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)
    _prints: dict[str, Print] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for store, url in self.target.database_urls.items():
            self._engines[store] = create_engine(url, isolation_level="AUTOCOMMIT")
            self._open[store] = self._engines[store].connect()

    @property
    def is_cheap(self) -> bool:
        """Whether asking after every request costs next to nothing."""
        return all(engine.dialect.name == "sqlite" for engine in self._engines.values())

    def print(self) -> Print:
        """Return the hash of every table, reading only stores in which something was committed."""
        found: Print = {}
        for store, connection in self._open.items():
            version = self._version(connection)
            if version is None or version != self._seen.get(store):
                self._prints[store] = _tables(store, connection)
                if version is not None:
                    self._seen[store] = version
            found |= self._prints[store]
        return found

    def settled(self) -> Print:
        """Return the prints once messages under way have arrived: outboxes empty, and twice the same."""
        until = time.monotonic() + SETTLED_S
        before = self.print()
        while time.monotonic() < until:
            pause(0.02)
            now = self.print()
            if now == before and not self._under_way():
                return now
            before = now
        raise AssertionError(f"the system was still busy after {SETTLED_S:.0f} s")

    def _under_way(self) -> bool:
        return any(
            connection.execute(text("SELECT 1 FROM outbox LIMIT 1")).first() is not None
            for store, connection in self._open.items()
            if store != "gateway"
        )

    def _version(self, connection: Connection) -> int | None:
        if connection.dialect.name != "sqlite":
            return None
        return int(connection.connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close every connection."""
        for connection in self._open.values():
            connection.close()
        for engine in self._engines.values():
            engine.dispose()


def _tables(store: str, connection: Connection) -> Print:
    metadata = _described(connection)
    return {
        f"{store}.{table.name}": _hash(connection, table)
        for table in metadata.tables.values()
        if table.name not in QUIET
    }


_METADATA: dict[str, MetaData] = {}


def _described(connection: Connection) -> MetaData:
    url = str(connection.engine.url)
    if url not in _METADATA:
        _METADATA[url] = MetaData()
        _METADATA[url].reflect(connection)
    return _METADATA[url]


def _hash(connection: Connection, table: Any) -> str:
    if connection.dialect.name == "sqlite":
        rows = connection.connection.execute(f'SELECT * FROM "{table.name}"').fetchall()
    else:
        rows = [tuple(map(str, row)) for row in connection.execute(select(table))]
    digest = hashlib.sha256()
    for row in sorted(map(repr, rows)):
        digest.update(row.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def changed(before: Print, after: Print) -> list[str]:
    """Return the tables that differ."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
