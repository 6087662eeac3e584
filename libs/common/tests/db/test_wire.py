"""The wire: the driver's converters and errors without its cursor, and transactions as they are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import DataError, OperationalError, errors
from sqlalchemy import text

from libs.common.db import Database, wire
from libs.common.db.wire import Wire, numbered, wire_of

_IN_TRANSACTION = "SELECT now() = statement_timestamp() AS alone"


@pytest.fixture
def line(database: Database) -> Iterator[Wire]:
    if database.is_sqlite:
        pytest.skip("SQLite is no server")
    with database.reading() as connection:
        yield wire_of(connection.connection.dbapi_connection)


@pytest.mark.parametrize(
    ("given", "wanted", "names"),
    [
        ("SELECT 1", "SELECT 1", []),
        ("a = %(x)s AND b = %(y)s", "a = $1 AND b = $2", ["x", "y"]),
        ("a = %(x)s OR b = %(x)s", "a = $1 OR b = $1", ["x"]),
        ("a LIKE '50%%' AND b = %(x_1)s::UUID", "a LIKE '50%' AND b = $1::UUID", ["x_1"]),
    ],
)
def test_names_become_numbers(given: str, wanted: str, names: list[str]) -> None:
    assert numbered(given) == (wanted, names)


def test_values_and_rows_are_written_and_read_by_the_driver(line: Wire) -> None:
    answer = line.execute(
        "SELECT $1::BIGINT AS n, $2::VARCHAR AS t, $3::VARCHAR AS nothing", [5, "ü%'", None]
    )
    assert answer.rows() == [(5, "ü%'", None)]
    assert [name for name, _ in answer.columns] == ["n", "t", "nothing"]
    assert answer.rowcount == 1


def test_text_that_the_server_cannot_hold_is_refused_and_not_cut_short(line: Wire) -> None:
    with pytest.raises(DataError):
        line.execute("SELECT $1::VARCHAR", ["a\0b"])


def test_errors_are_the_drivers(line: Wire) -> None:
    with pytest.raises(errors.DivisionByZero):
        line.execute("SELECT 1 / $1::INTEGER", [0])
    with pytest.raises(errors.UndefinedTable):
        line.execute("SELECT 1 FROM not_there", [])
    assert line.execute("SELECT 1", []).rows() == [(1,)]


def test_a_lost_connection_is_an_operational_error(line: Wire, database: Database) -> None:
    ((pid,),) = line.execute("SELECT pg_backend_pid()", []).rows()
    with database.reading() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    with pytest.raises(OperationalError):
        line.execute("SELECT 1", [])


def test_the_oldest_plan_is_given_back_when_there_are_too_many(
    line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_KEPT_PLANS", 2)
    for number in (1, 2, 3, 1):
        assert line.execute(f"SELECT {number}", []).rows() == [(number,)]
    kept = line.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'meridian%'", []).rows()
    assert kept == [(2,)]


def test_a_reader_has_each_statement_for_itself_and_a_writer_one_transaction(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite is no server")

    def alone(connection: Any) -> bool:
        connection.execute(text("SELECT pg_sleep(0.01)"))
        return bool(connection.execute(text(_IN_TRANSACTION)).scalar_one())

    assert database.read(alone)
    assert not database.transact(lambda tx: alone(tx.connection))
    assert database.read(alone)
