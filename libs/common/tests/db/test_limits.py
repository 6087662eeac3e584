"""How long a statement may take and wait, by who asks for it; what is cut short changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from libs.common.db import ANSWERING, BY_INDEX, Database, Transaction, next_number
from libs.common.db.retry import is_transient

Open = Callable[[Mapping[str, str]], Database]


@pytest.fixture
def opened(database: Database) -> Iterator[Open]:
    """Give the database under other settings."""
    if database.is_sqlite:
        pytest.skip("SQLite is no server")
    made: list[Database] = []

    def open_with(settings: Mapping[str, str]) -> Database:
        made.append(Database(database.url, service="room", pool_size=1, settings=settings))
        return made[-1]

    yield open_with
    for each in made:
        each.close()


@pytest.mark.parametrize(
    ("settings", "limits"),
    [({}, ("30s", "10s", "1min")), (ANSWERING, ("5s", "2s", "10s")), (BY_INDEX, ("30s", "10s", "1min"))],
)
def test_who_may_wait_how_long(opened: Open, settings: Mapping[str, str], limits: tuple[str, ...]) -> None:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "jit")
    found = opened(settings).read(lambda c: [c.execute(text(f"SHOW {name}")).scalar() for name in names])
    assert tuple(found) == (*limits, "off")


def test_a_statement_that_takes_too_long_undoes_its_transaction(opened: Open) -> None:
    hasty = opened({"statement_timeout": "100"})

    def work(tx: Transaction) -> None:
        next_number(tx, "order")
        tx.connection.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(OperationalError, match="statement timeout"):
        hasty.transact(work)
    assert hasty.transact(lambda tx: next_number(tx, "order")) == 1


def test_who_waits_too_long_for_a_lock_tries_again(opened: Open) -> None:
    holder, hasty = opened({}), opened({"lock_timeout": "50"})
    waits: list[BaseException] = []

    def wait_twice(tx: Transaction) -> int:
        try:
            return next_number(tx, "order")
        except OperationalError as error:
            waits.append(error)
            raise

    def hold(tx: Transaction) -> None:
        next_number(tx, "order")
        with pytest.raises(OperationalError, match="lock timeout"):
            hasty._attempts(wait_twice, tx.cause)

    holder.transact(hold)
    assert len(waits) > 1
    assert all(is_transient(error) for error in waits)
    assert hasty.transact(wait_twice) == 2
