"""Scores by fifths: equal rows are equal, and few rows are divided by the middle."""

from __future__ import annotations

import pytest
from sqlalchemy import Integer, String, column, select, values

from libs.common.db import Database
from libs.common.db.quintiles import quintile


def _scores(database: Database, rows: list[tuple[int, str, int]]) -> list[int]:
    columns = (column("id", Integer), column("kind", String), column("worth", Integer))
    given = values(*columns, name="given").data(rows).cte("given_rows")
    query = select(quintile(given.c.worth, apart=given.c.kind)).order_by(given.c.id)
    with database.reading() as connection:
        return list(connection.execute(query).scalars())


@pytest.mark.parametrize(
    ("worths", "scores"),
    [
        ([7], [3]),
        ([7, 9], [2, 4]),
        ([7, 7], [3, 3]),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]),
        ([1, 1, 1, 1, 9], [3, 3, 3, 3, 5]),
        ([1] * 99 + [2], [3] * 99 + [5]),
    ],
)
def test_each_row_lies_in_the_fifth_of_the_middle_of_its_equals(
    database: Database, worths: list[int], scores: list[int]
) -> None:
    rows = [(number, "a", worth) for number, worth in enumerate(worths)]
    assert _scores(database, rows) == scores


def test_rows_of_another_kind_are_compared_apart(database: Database) -> None:
    rows = [(1, "a", 1), (2, "a", 2), (3, "b", 500), (4, "b", 900)]
    assert _scores(database, rows) == [2, 4, 2, 4]
