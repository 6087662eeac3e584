"""Fixtures of inventory's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases, postgres_is_up
from libs.common.testing.plugin import MakeDatabase
from services.inventory.tests.builders import MIGRATIONS, Shop


@pytest.fixture
def shop(make_database: MakeDatabase) -> Shop:
    """Give an inventory without items, on each engine in turn."""
    return Shop(make_database("inventory", MIGRATIONS))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def lasting_shop(request: pytest.FixtureRequest, _pools: dict[str, TestDatabases]) -> Iterator[Shop]:
    """Give one inventory with a warehouse to all tests of a file, on each engine in turn; it must end sound.

    A database for each test costs more than most of these tests themselves.
    """
    if request.param == "postgresql" and not postgres_is_up():
        pytest.skip("PostgreSQL does not answer")
    pool = _pools[request.param]
    opened = Shop(pool.make("inventory", MIGRATIONS, clock=ManualClock()))
    opened.warehouse()
    yield opened
    opened.assert_sound()
    pool.drop_copies()
