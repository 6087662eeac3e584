"""What a worker looks for again and again, PostgreSQL finds by an index, also before it knows anything of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text

from libs.common.db import BY_INDEX, Cause, Database, Transaction
from libs.common.ids import SystemIds
from libs.common.inbox import parking
from libs.common.messaging.pending import exchange, sendable_rows
from libs.common.saga import waiting_since
from libs.common.saga.store import lock_all
from libs.common.tests.inbox.test_receiver import sale

NOW = datetime(2026, 3, 2, tzinfo=UTC)
_SCANS = text("SELECT pg_stat_force_next_flush(), sum(seq_scan) FROM pg_stat_user_tables")


@pytest.fixture
def worker(database: Database) -> Iterator[Database]:
    """Give the database as a worker opens it."""
    if database.is_sqlite:
        pytest.skip("SQLite plans each statement anew")
    opened = Database(database.url, service="room", pool_size=1, settings=BY_INDEX)
    yield opened
    opened.close()


def _whole_tables_read(database: Database, look: Callable[[Connection], object]) -> int:
    database.read(lambda connection: connection.execute(_SCANS).all())
    before = database.read(lambda connection: int(connection.execute(_SCANS).one()[1]))
    database.read(look)
    database.read(lambda connection: connection.execute(_SCANS).all())
    return database.read(lambda connection: int(connection.execute(_SCANS).one()[1])) - before


LOOKS: dict[str, Callable[[Connection], object]] = {
    "what is known of a batch": lambda c: parking.look_up(c, "room", [sale("a", 1), sale("b", 1)]),
    "what an outbox holds": lambda c: sendable_rows(c, range(8), NOW, 500),
    "what an outbox holds then": lambda c: exchange(c, [1, 2], range(8), NOW, 500),
    "commands without an answer": lambda c: waiting_since(c, 50),
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_worker_reads_no_whole_table(worker: Database, name: str) -> None:
    assert _whole_tables_read(worker, LOOKS[name]) == 0


def test_a_worker_locks_sagas_by_their_key(worker: Database) -> None:
    def lock(connection: Connection) -> None:
        lock_all(_within(connection), [("order_to_cash", "a"), ("order_change", "b")])

    assert _whole_tables_read(worker, lock) == 0


def test_a_whole_table_that_is_read_is_seen(worker: Database) -> None:
    assert (
        _whole_tables_read(worker, lambda c: c.execute(text("SELECT 1 FROM inbox WHERE type = 'x'")).all())
        == 1
    )


def _within(connection: Connection) -> Transaction:
    return Transaction(connection, service="room", now=NOW, ids=SystemIds(), cause=Cause())
