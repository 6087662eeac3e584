"""crm on a fresh database, on each engine in turn."""

from __future__ import annotations

import pytest

from libs.common.db import Database
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from services.crm.tests.builders import MIGRATIONS, Desk
from services.crm.tests.pipeline import Pipeline


@pytest.fixture(scope="session")
def keys() -> SigningKeys:
    """Give the keys of the gateway."""
    return SigningKeys.fresh()


@pytest.fixture
def crm(make_database: MakeDatabase) -> Database:
    """Give crm's database."""
    return make_database("crm", MIGRATIONS)


@pytest.fixture
def desk(crm: Database, keys: SigningKeys) -> Desk:
    """Give crm with its application."""
    return Desk(crm, keys)


@pytest.fixture
def pipeline(desk: Desk) -> Pipeline:
    """Give crm with items that it has heard of."""
    return Pipeline(desk)
