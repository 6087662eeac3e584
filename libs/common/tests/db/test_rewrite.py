"""Rows that are changed together: each to its own values, and only if it is as it was read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, select

from libs.common.db import Database, Rewrite
from libs.common.saga.tables import saga

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CHANGE = Rewrite(saga, ("state", "reason", "deadline_at", "version"))


@pytest.fixture
def stored(database: Database) -> Database:
    rows = [
        {
            "id": f"00000000-0000-7000-8000-00000000000{number}", "name": "n", "definition_version": 1,
            "key": str(number), "step": "one", "state": "running", "direction": "forward", "needs_attention": False,
            "version": 1, "data": {}, "correlation_id": "c", "created_at": NOW, "updated_at": NOW,
        }
        for number in range(3)
    ]  # fmt: skip
    database.transact(lambda tx: tx.connection.execute(insert(saga), rows))
    return database


def _change(number: int, read_version: int = 1, **values: Any) -> dict[str, Any]:
    row_id = f"00000000-0000-7000-8000-00000000000{number}"
    usual = {"state": "ended", "reason": None, "deadline_at": None, "version": read_version + 1}
    return {"id": row_id, "read_version": read_version} | usual | values


def _rows(database: Database) -> list[tuple[Any, ...]]:
    query = select(saga.c.state, saga.c.reason, saga.c.deadline_at, saga.c.version).order_by(saga.c.key)
    return [tuple(row) for row in database.read(lambda connection: connection.execute(query).all())]


def test_each_row_gets_its_own_values_and_the_others_stay(stored: Database) -> None:
    changes = [_change(0, reason='it\'s "done" \\ 100 %'), _change(2, deadline_at=NOW)]
    assert stored.transact(lambda tx: CHANGE.write(tx.connection, changes)) == 2
    assert _rows(stored) == [
        ("ended", 'it\'s "done" \\ 100 %', None, 2),
        ("running", None, None, 1),
        ("ended", None, NOW, 2),
    ]


def test_a_row_that_moved_on_is_not_changed_and_not_counted(stored: Database) -> None:
    changes = [_change(0), _change(1, read_version=4)]
    assert stored.transact(lambda tx: CHANGE.write(tx.connection, changes)) == 1
    assert [row[0] for row in _rows(stored)] == ["ended", "running", "running"]
