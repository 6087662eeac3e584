"""Engines with the settings that correctness needs, for PostgreSQL and for SQLite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.types.string import TextLoader
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.pool import QueuePool

WRITE_OPTION = "meridian_write"
POOL_SIZE = 10
_BUSY_TIMEOUT_S = 30
_PG_SETTINGS = {
    "statement_timeout": "30000",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "60000",
    "jit": "off",
}
ANSWERING: Mapping[str, str] = {
    "statement_timeout": "5000",
    "lock_timeout": "2000",
    "idle_in_transaction_session_timeout": "10000",
}
"""For a web process: somebody waits for the answer, and is told to try again rather than kept waiting."""

BY_INDEX: Mapping[str, str] = {
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "plan_cache_mode": "force_generic_plan",
}
"""For a worker, which only ever looks for rows by their keys.

A plan that is made while a table is small, and kept, would read all of the table when it has grown. And an outbox is
nearly all dead rows: only a plain index scan remembers which of them nobody can see any more, other scans fetch each
of them again for every message until the next vacuum. With one good plan there is nothing to gain from planning a
statement anew for its values, which the server would go on doing for lists: 3 % of all CPU of an order's way.
"""
NO_SETTINGS: Mapping[str, str] = {}
# A server whose machine is gone answers nothing, not even that: without these a caller would wait for a quarter of an
# hour (data on its way) or two hours (an answer awaited). What the server works on for long it still acknowledges.
_PG_SILENCE = {
    "tcp_user_timeout": 30_000,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
registry.register("postgresql.meridian", "libs.common.db.dialect", "WireDialect")


def make_engine(url: str, *, pool_size: int = POOL_SIZE, settings: Mapping[str, str] = NO_SETTINGS) -> Engine:
    """Return an engine for ``url`` (``postgresql+psycopg://...`` or ``sqlite:///file``).

    It opens at most ``pool_size`` connections and keeps them. A connection made for a moment of load and closed
    after it costs more than all that is asked of it: the server starts a process, reads its catalogue, and parses
    and plans each statement anew, because plans live with a connection. For the same reason the one given back
    last is taken first. ``settings`` are PostgreSQL's, for each connection; SQLite has no use for them.

    SQLite runs in WAL with synchronous=FULL: a commit survives a power cut. Its write transactions begin
    IMMEDIATE, because a deferred one that reads before it writes loses updates or fails half-way.
    """
    if url.startswith("sqlite"):
        return _sqlite_engine(url, pool_size)
    options = " ".join(f"-c {name}={value}" for name, value in {**_PG_SETTINGS, **settings}.items())
    engine = create_engine(
        make_url(url).set(drivername="postgresql+meridian"),
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=30,
        pool_recycle=1800,
        connect_args={"options": options, "connect_timeout": 5, "autocommit": True, **_PG_SILENCE},
    )
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_postgres(connection: Any, _record: Any) -> None:
    """Read a UUID as the text that it is everywhere here, not by way of an object."""
    connection.adapters.register_loader("uuid", TextLoader)


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=4 * pool_size,
        connect_args={"check_same_thread": False, "timeout": _BUSY_TIMEOUT_S},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_TIMEOUT_S * 1000}",
    ):
        cursor.execute(f"PRAGMA {setting}")  # nosemgrep: statement-is-not-put-together - the constants above
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE_OPTION, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
