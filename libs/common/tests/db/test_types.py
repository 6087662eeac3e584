"""What is written is read back, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from libs.common.db import Database
from libs.common.db.types import BigKey, Id, Json, Milli, Utc
from libs.common.quantity import Quantity

sample = Table(
    "sample",
    MetaData(),
    Column("key", BigKey, primary_key=True),
    Column("id", Id),
    Column("at", Utc),
    Column("data", Json),
    Column("amount", Milli),
)


@pytest.fixture
def table(database: Database) -> Database:
    database.transact(lambda tx: sample.create(tx.connection))
    return database


def test_every_type_reads_back_what_was_written(table: Database) -> None:
    at = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    row = {
        "id": "0198c1a2-0000-7000-8000-000000000001",
        "at": at,
        "data": {"a": ["\u5317", 1]},
        "amount": Quantity.of("12345678901.234"),
    }
    table.transact(lambda tx: tx.connection.execute(insert(sample).values(**row)))
    read = table.read(lambda connection: connection.execute(select(sample)).one())
    assert (read.id, read.data, read.amount) == (row["id"], row["data"], row["amount"])
    assert read.at == at
    assert read.at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(table: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        table.transact(lambda tx: tx.connection.execute(insert(sample).values(at=datetime(2026, 3, 2))))
