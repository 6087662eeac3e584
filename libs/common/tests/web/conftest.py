"""The sample service on each engine."""

from __future__ import annotations

import pytest
from flask import Flask

from libs.common.db import Database
from libs.common.testing.databases import TestDatabases
from libs.common.testing.time import ManualClock
from libs.common.testing.web import ApiClient, api_client
from libs.common.tests.web.sample import sample_app
from libs.common.web import SigningKeys


@pytest.fixture
def keys(clock: ManualClock) -> SigningKeys:
    return SigningKeys.fresh(clock=clock)


@pytest.fixture
def store(sqlite_databases: TestDatabases, clock: ManualClock) -> Database:
    """A database for tests whose subject is not the engine."""
    return sqlite_databases.make("sample", None, clock=clock)


@pytest.fixture
def app(store: Database, keys: SigningKeys) -> Flask:
    return sample_app(store, keys)


@pytest.fixture
def client(app: Flask, keys: SigningKeys) -> ApiClient:
    return api_client(app, keys, roles=("sales",))
