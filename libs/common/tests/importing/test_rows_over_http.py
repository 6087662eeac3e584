"""Rows brought in over HTTP: all or none, a look that keeps nothing, and all that is wrong told at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from libs.common.db import Database, Transaction, next_number
from libs.common.errors import Invalid, Refused
from libs.common.importing import Batch, Format, may, must, values
from libs.common.importing_api import Outcome, RowsRefused
from libs.common.importing_api.taking import Sent, take_rows

SHELVES = Format("shelves", "store", ("aisle", "shelf"), (
    must("aisle", values.words(10), "Aisle", "A"),
    must("shelf", values.whole(99), "Number of the shelf", "1"),
    may("height", values.amount, "Height", "1.80"),
), belongs_by=("aisle",))  # fmt: skip


def load(batch: Batch) -> None:
    """Number each shelf; ``Z`` is full, and ``K`` is there already."""
    for row in batch.fresh(["K"], lambda row: row["aisle"], "aisle"):
        with batch.taking(row, {"place": "shelf"}):
            next_number(batch.tx, "shelves")
            if row["aisle"] == "Z":
                raise Refused("aisle Z is full", field="place", cure="Take another.")
            if row["aisle"] == "Y":
                raise Refused("the day is closed", field="day")


def rows(*cells: str) -> list[Sent]:
    """Return rows from line 2 on, each ``aisle shelf height`` with what is left out at the end missing."""
    names = [column.name for column in SHELVES.columns]
    return [Sent(line, dict(zip(names, text.split(), strict=False))) for line, text in enumerate(cells, 2)]


def take(
    database: Database, sent: list[Sent], *, preview: bool = False, skip_existing: bool = False
) -> Outcome:
    """Take rows of shelves."""

    def work(tx: Transaction) -> Outcome:
        return take_rows(tx, SHELVES, load, sent, preview=preview, skip_existing=skip_existing)

    return database.transact(work)


def told(outcome: Outcome) -> list[tuple[int, str | None, str]]:
    """Return what is wrong."""
    return [(each.line, each.column, each.message) for each in outcome.problems]


def numbered(database: Database) -> int:
    """Return how many shelves were numbered and kept."""
    return database.transact(lambda tx: next_number(tx, "shelves")) - 1


def test_rows_are_taken_together(database: Database) -> None:
    outcome = take(database, rows("A 1", "A 2 1.80", "B 1"))
    assert (outcome.rows, outcome.taken, outcome.skipped, told(outcome)) == (3, 3, 0, [])
    assert numbered(database) == 3


def test_a_preview_tells_and_keeps_nothing(database: Database) -> None:
    outcome = take(database, rows("A 1", "Z 1", "K 1", "B x"), preview=True)
    assert (outcome.rows, outcome.taken, outcome.more) == (4, 1, 0)
    assert told(outcome) == [
        (3, "shelf", "aisle Z is full; Take another."),
        (4, "aisle", "'K' is there already"),
        (5, "shelf", "'x' must be a whole number from 0 to 99"),
    ]
    assert numbered(database) == 0


def test_with_anything_wrong_none_is_taken_and_the_request_is_told_where(database: Database) -> None:
    with pytest.raises(RowsRefused) as refused:
        take(database, rows("A 1", "Y 1", "B 1 tall", "C"))
    error = refused.value
    assert error.message == "3 problems; none of the 4 rows was taken."
    assert [reason.field for reason in error.reasons] == [
        "rows.1",
        "rows.2.cells.height",
        "rows.3.cells.shelf",
    ]
    problems: Any = error.figures["problems"]
    assert [(each["line"], each["column"]) for each in problems] == [(3, None), (4, "height"), (5, "shelf")]
    assert all(reason.cure for reason in error.reasons)
    assert numbered(database) == 0


def test_what_is_there_is_passed_over_where_that_is_asked(database: Database) -> None:
    outcome = take(database, rows("K 1", "A 1"), skip_existing=True)
    assert (outcome.taken, outcome.skipped, told(outcome)) == (1, 1, [])


def test_a_document_with_a_bad_row_is_not_tried_without_it(database: Database) -> None:
    outcome = take(database, rows("A 1", "A x", "B 1"), preview=True)
    assert (outcome.taken, [line for line, _, _ in told(outcome)]) == (1, [3])


def test_a_row_that_repeats_another_is_named_whatever_it_looks_like(database: Database) -> None:
    outcome = take(database, rows("A 1", "B 1", "A 01"), preview=True)
    assert told(outcome) == [(4, "shelf", "repeats line 2; each may stand once")]
    assert outcome.taken == 1


def test_spaces_around_a_cell_do_not_count(database: Database) -> None:
    spaced: Mapping[str, str] = {"aisle": "  A ", "shelf": " 1", "height": "  "}
    assert take(database, [Sent(2, spaced)]).taken == 1


def test_two_rows_of_one_line_are_refused(database: Database) -> None:
    with pytest.raises(Invalid) as refused:
        take(database, [Sent(2, {"aisle": "A", "shelf": "1"}), Sent(2, {"aisle": "B", "shelf": "1"})])
    assert refused.value.field == "rows.1.line"
