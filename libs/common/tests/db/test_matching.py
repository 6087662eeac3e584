"""Filters of lists: a rare word is found by its index however often the statement came before, whatever the word is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Index, Integer, MetaData, Select, String, Table, insert, select, text

from libs.common.db import Database, above_zero, matches

letter = Table(
    "letter",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("subject", String(20), nullable=False),
    Column("body", String(400), nullable=False),
    Column("unread", Integer, nullable=False),
)
Index("letter_by_state", letter.c.state, letter.c.id)
_LEFT = text("unread > 0")
Index("letter_unread", letter.c.id, postgresql_where=_LEFT, sqlite_where=_LEFT)
MANY, RARE = 20_000, 5_000


@pytest.fixture
def database(database: Database) -> Iterator[Database]:
    """Give a database with many letters, of which a handful is not sent."""
    rows = [
        {
            "id": n,
            "state": "sent" if n % RARE else "draft",
            "subject": f"no. {n}",
            "body": "x" * 200,
            "unread": 3 if n % RARE == 1 else -1 if n % RARE == 2 else 0,
        }
        for n in range(MANY)
    ]
    with database.engine.begin() as connection:
        letter.metadata.create_all(connection)
        connection.execute(insert(letter), rows)
        connection.execute(text("ANALYZE"))
    yield database
    with database.engine.begin() as connection:
        letter.metadata.drop_all(connection)


@pytest.mark.parametrize(
    "word", ["draft", "it's", "100%", "%(x)s", ":name", "\\", 'a"b', "'; DROP TABLE letter; --"]
)
def test_any_word_finds_what_it_says_and_nothing_else(database: Database, word: str) -> None:
    query = select(letter.c.id).where(matches(letter.c.state, word)).order_by(letter.c.id.desc()).limit(50)
    found = list(database.read(lambda connection: connection.execute(query).scalars().all()))
    assert found == ([15_000, 10_000, 5_000, 0] if word == "draft" else [])


def test_any_other_column_is_compared_with_a_parameter() -> None:
    assert "no. 7" not in str(select(letter).where(matches(letter.c.subject, "no. 7")))


def test_a_plan_that_is_kept_goes_by_the_index_of_a_rare_word(database: Database) -> None:
    page = select(letter).where(matches(letter.c.state, "draft")).order_by(letter.c.id.desc()).limit(50)
    assert "letter_by_state" in _kept_plan(database, page, "50")


def test_a_plan_that_is_kept_goes_by_the_index_of_what_is_left(database: Database) -> None:
    assert "letter_unread" in _kept_plan(database, select(letter.c.id).where(above_zero(letter.c.unread)))


def test_what_is_left_is_above_zero(database: Database) -> None:
    query = select(letter.c.id).where(above_zero(letter.c.unread)).order_by(letter.c.id)
    found = list(database.read(lambda connection: connection.execute(query).scalars().all()))
    assert found == [1, 5001, 10_001, 15_001]


def _kept_plan(database: Database, query: Select[Any], *values: str) -> str:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite keeps no plan")
    with database.engine.connect() as connection:
        connection.execute(text("SET plan_cache_mode = force_generic_plan"))
        said = str(query.compile(connection, compile_kwargs={"render_postcompile": True}))
        number = itertools.count(1)
        numbered = re.sub(r"%\(\w+\)s", lambda _: f"${next(number)}", said)
        connection.exec_driver_sql(f"PREPARE kept AS {numbered}")
        given = f"({', '.join(values)})" if values else ""
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN EXECUTE kept{given}").scalars())
