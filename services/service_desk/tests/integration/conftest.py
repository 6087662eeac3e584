"""The service desk on a fresh database, on each engine in turn."""

from __future__ import annotations

import pytest

from libs.common.db import Database
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from services.service_desk.tests.builders import MIGRATIONS, Desk


@pytest.fixture(scope="session")
def keys() -> SigningKeys:
    """Give the keys of the gateway."""
    return SigningKeys.fresh()


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    """Give the service desk's database."""
    return make_database("service_desk", MIGRATIONS)


@pytest.fixture
def desk(database: Database, keys: SigningKeys) -> Desk:
    """Give the service desk with its application."""
    return Desk(database, keys)
