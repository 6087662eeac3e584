"""Rows that go into two tables at once: each takes its own columns, and the order is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from libs.common.db import Database, Transaction, Twofold
from libs.common.outbox import event_log, outbox

BOTH = Twofold(event_log, outbox)
ODD = '{"text": "päper \\\\u0000 \\" \' 单 %s $1 \\n"}'


def _row(tx: Transaction, number: int, envelope: str = "{}") -> dict[str, object]:
    return {
        "event_id": tx.new_id(), "type": "t", "kind": "event", "partition_key": f"k{number}", "recorded_at": tx.now,
        "envelope": envelope, "sequence": number, "correlation_id": "c", "causation_id": None,
        "shard": 3, "attempts": 0,
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 2, 40])
def test_both_tables_have_the_rows_in_their_order(database: Database, count: int) -> None:
    database.transact(lambda tx: BOTH.write(tx.connection, [_row(tx, number) for number in range(count)]))
    with database.reading() as connection:
        logged = connection.execute(
            select(event_log.c.partition_key, event_log.c.sequence).order_by("seq")
        ).all()
        queued = connection.execute(select(outbox.c.partition_key, outbox.c.shard).order_by("seq")).all()
    assert logged == [(f"k{number}", number) for number in range(count)]
    assert queued == [(f"k{number}", 3) for number in range(count)]


def test_every_value_arrives_as_it_was(database: Database) -> None:
    given = database.transact(lambda tx: [_row(tx, 7, ODD)])
    database.transact(lambda tx: BOTH.write(tx.connection, given))
    with database.reading() as connection:
        for table in (event_log, outbox):
            row = connection.execute(select(table)).mappings().one()
            assert {name: row[name] for name in given[0] if name in table.c} == {
                name: value for name, value in given[0].items() if name in table.c
            }


def test_a_name_that_neither_table_has_is_refused(database: Database) -> None:
    with pytest.raises(KeyError, match="colour"):
        database.transact(lambda tx: BOTH.write(tx.connection, [_row(tx, 1) | {"colour": "red"}]))
    with database.reading() as connection:
        assert connection.execute(select(event_log)).all() == []
