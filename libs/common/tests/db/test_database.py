"""The unit of work: all or nothing, re-run when the engine asks for it, one writer's changes never lost."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from libs.common.db import Database, Transaction, current_revisions, is_transient, migrate, next_number
from libs.common.testing.plugin import MakeDatabase


class _SerializationFailure(Exception):
    sqlstate = "40001"


def _failure() -> DBAPIError:
    return OperationalError("statement", {}, _SerializationFailure())


def test_a_refused_serialization_runs_the_whole_work_again(database: Database) -> None:
    attempts: list[int] = []

    def work(tx: Transaction) -> int:
        attempts.append(next_number(tx, "tries"))
        if len(attempts) < 3:
            raise _failure()
        return attempts[-1]

    assert database.transact(work) == 1
    assert attempts == [1, 1, 1]


def _lost_connection() -> DBAPIError:
    return OperationalError("statement", {}, Exception("server closed"), connection_invalidated=True)


def test_a_read_looks_once_more_when_its_pooled_connection_was_lost(database: Database) -> None:
    looks: list[int] = []

    def work(connection: Connection) -> int:
        looks.append(connection.execute(text("SELECT 1")).scalar_one())
        if len(looks) == 1:
            raise _lost_connection()
        return 7

    assert database.read(work) == 7
    assert looks == [1, 1]


def test_a_read_does_not_look_for_ever(database: Database) -> None:
    looks: list[int] = []

    def work(_connection: Connection) -> None:
        looks.append(1)
        raise _lost_connection()

    with pytest.raises(OperationalError):
        database.read(work)
    assert len(looks) == 2


def test_it_gives_up_and_says_why_when_the_failure_stays(database: Database) -> None:
    def work(_tx: Transaction) -> None:
        raise _failure()

    with pytest.raises(OperationalError):
        database.transact(work)


def test_an_error_rolls_everything_back_and_is_not_tried_again(database: Database) -> None:
    calls: list[int] = []

    def work(tx: Transaction) -> None:
        calls.append(next_number(tx, "rolled back"))
        raise KeyError("business")

    for _ in range(2):
        with pytest.raises(KeyError):
            database.transact(work)
    assert calls == [1, 1]


def test_a_transaction_inside_a_transaction_is_a_fault(database: Database) -> None:
    with pytest.raises(RuntimeError, match="inside another"):
        database.transact(lambda _tx: database.transact(lambda inner: inner.now))


def test_acts_after_the_commit_run_only_when_it_happened(database: Database) -> None:
    seen: list[str] = []

    def work(tx: Transaction, fail: bool) -> None:
        tx.after_commit(lambda: seen.append("after"))
        tx.before_commit(lambda: seen.append("before"))
        if fail:
            raise KeyError

    with pytest.raises(KeyError):
        database.transact(lambda tx: work(tx, True))
    assert seen == []
    database.transact(lambda tx: work(tx, False))
    assert seen == ["before", "after"]


def test_what_is_gathered_is_written_together_before_the_commit_and_anew_when_the_work_runs_again(
    database: Database,
) -> None:
    written: list[list[int]] = []

    def write(_tx: Transaction, items: list[int]) -> None:
        written.append(items)
        if len(written) == 1:
            raise _failure()

    def work(tx: Transaction) -> None:
        for number in (3, 1, 2):
            tx.gather(write, number)
        assert len(written) < 2

    database.transact(work)
    assert written == [[3, 1, 2], [3, 1, 2]]


def test_numbers_have_no_gap_and_no_twin_under_concurrency_and_rollback(make_database: MakeDatabase) -> None:
    database = make_database("sample", pool_size=10)
    barrier = threading.Barrier(10)

    def take(turn: int) -> int | None:
        barrier.wait()

        def work(tx: Transaction) -> int:
            number = next_number(tx, "invoice")
            if turn % 3 == 0:
                raise KeyError("rolled back")
            return number

        try:
            return database.transact(work)
        except KeyError:
            return None

    with ThreadPoolExecutor(10) as pool:
        numbers = [number for number in pool.map(take, range(10)) if number is not None]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_busy_and_locked_are_transient_and_a_constraint_is_not() -> None:
    busy = sqlite3.OperationalError("locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY | (2 << 8)
    assert is_transient(OperationalError("s", {}, busy))
    assert not is_transient(OperationalError("s", {}, sqlite3.OperationalError("no such table")))
    assert not is_transient(KeyError())


def test_a_reader_leaves_nothing_behind(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL's readers commit each statement; rights keep them from writing")
    with database.reading() as connection:
        connection.execute(text("INSERT INTO number_series VALUES ('x', 1)"))
    assert database.read(lambda c: c.execute(text("SELECT count(*) FROM number_series")).scalar_one()) == 0


def test_migrating_twice_changes_nothing(database: Database) -> None:
    before = current_revisions(database)
    migrate(database)
    assert current_revisions(database) == before
    assert before["mechanism_version"] is not None


def test_what_is_undone_is_answered_and_not_kept(database: Database) -> None:
    ran: list[str] = []
    database.on_message(lambda: ran.append("announced"))

    def work(tx: Transaction) -> int:
        tx.before_commit(lambda: ran.append("before"))
        tx.after_commit(lambda: ran.append("after"))
        tx.undo()
        return next_number(tx, "invoice")

    assert database.transact(work) == 1
    assert ran == ["before"]
    assert database.transact(lambda tx: next_number(tx, "invoice")) == 1
