"""Sales on a fresh database, on each engine in turn."""

from __future__ import annotations

import pytest

from libs.common.db import Database
from libs.common.testing import ManualClock, NumberedIds
from libs.common.testing.databases import TestDatabases
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from services.sales.tests.approving import FAY, MIA, WIM
from services.sales.tests.builders import MIGRATIONS, Desk


@pytest.fixture(scope="session")
def keys() -> SigningKeys:
    """Give the keys of the gateway."""
    return SigningKeys.fresh()


@pytest.fixture
def sales(make_database: MakeDatabase) -> Database:
    """Give the database of sales."""
    return make_database("sales", MIGRATIONS)


@pytest.fixture
def desk(sales: Database, keys: SigningKeys) -> Desk:
    """Give sales with its application."""
    return Desk(sales, keys)


@pytest.fixture
def numbered_desk(sqlite_databases: TestDatabases, clock: ManualClock, keys: SigningKeys) -> Desk:
    """Give sales with ids that count up, so that a story reads the same every time."""
    return Desk(sqlite_databases.make("sales", MIGRATIONS, clock=clock, ids=NumberedIds()), keys)


@pytest.fixture
def plain_desk(sqlite_databases: TestDatabases, clock: ManualClock, keys: SigningKeys) -> Desk:
    """Give sales on one engine, for tests whose subject is not the engine."""
    return Desk(sqlite_databases.make("sales", MIGRATIONS, clock=clock), keys)


@pytest.fixture
def mia(desk: Desk):
    """Another sales manager."""
    return desk.client(MIA, "sales_manager")


@pytest.fixture
def fay(desk: Desk):
    return desk.client(FAY, "finance")


@pytest.fixture
def wim(desk: Desk):
    return desk.client(WIM, "warehouse")
