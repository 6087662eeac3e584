"""What bulk work stands on: lists cut to size, numbers taken many at once, refusals that name their entry."""

from __future__ import annotations

from libs.common.db import Database, chunks, lock_series, next_number, next_numbers
from libs.common.errors import EntriesRefused, Invalid


def test_chunks_keep_the_order_and_lose_nothing() -> None:
    assert list(chunks(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(chunks([], 3)) == []


def test_numbers_taken_together_follow_on_without_a_gap(database: Database) -> None:
    taken = database.transact(
        lambda tx: [
            next_number(tx, "a"),
            *next_numbers(tx, "a", 3),
            *next_numbers(tx, "a", 0),
            next_number(tx, "a"),
        ]
    )
    assert taken == [1, 2, 3, 4, 5]
    assert list(database.transact(lambda tx: next_numbers(tx, "b", 2))) == [1, 2]


def test_a_series_that_is_locked_ahead_loses_no_number(database: Database) -> None:
    for _ in range(2):
        database.transact(lambda tx: lock_series(tx, "c"))
    assert database.transact(lambda tx: next_number(tx, "c")) == 1


def test_entries_refused_say_which_and_why() -> None:
    refused = EntriesRefused([(4, Invalid("too late", field="due_on")), (4, Invalid("too much"))])
    assert [(place, why.field) for place, why in refused.refusals] == [(4, "due_on"), (4, None)]
    assert "entry 4: too late" in refused.message
