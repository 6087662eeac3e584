from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.auth.passwords import Passwords
from gateway.auth.users import add_user
from gateway.clients.in_process import InProcessTransport
from gateway.clients.transport import Transport
from gateway.settings import SERVICES, GatewaySettings
from gateway.tests.upstream import Upstream
from libs.common.db import Database
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys

MIGRATIONS = Path(__file__).parents[1] / "migrations"
SETTINGS = GatewaySettings(
    password_memory_kib=64, password_rounds=1, compose_deadline_s=0.5, contracts_folder=Path("nowhere")
)
PASSWORD = "a long sentence"


@dataclass
class House:
    """A gateway with its database, its clock, its keys and the five services around it."""

    app: Flask
    database: Database
    clock: ManualClock
    keys: SigningKeys
    upstreams: dict[str, Upstream]

    def add(self, username: str, *roles: str, name: str = "Somebody") -> str:
        """Add a user and return the id."""
        hashed = Passwords(memory_kib=64, rounds=1).hash(PASSWORD)
        return self.database.transact(
            lambda tx: add_user(tx, username=username, name=name, roles=roles, password_hash=hashed)
        ).id

    def login(self, username: str, password: str = PASSWORD, address: str = "10.0.0.1") -> Any:
        return self.app.test_client().post(
            "/api/v1/auth/login",
            json={"username": username, "password": password},
            environ_base={"REMOTE_ADDR": address},
        )

    def client(self, *roles: str, username: str = "somebody") -> Client:
        """Return a client that is logged in as a new user with ``roles``."""
        self.add(username, *roles)
        return Client(self.app.test_client(), self.login(username).json["access_token"])


@dataclass
class Client:
    """Sends the access token with every request."""

    inner: FlaskClient
    token: str

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def send(path: str, headers: dict[str, str] | None = None, **options: Any) -> Any:
            sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
            return getattr(self.inner, method)(path, headers=sent, **options)

        return send


def build(
    database: Database,
    clock: ManualClock,
    transport: Transport | None = None,
    *,
    keys: SigningKeys | None = None,
    real: dict[str, Flask] | None = None,
    **changes: Any,
) -> House:
    """Put a gateway together; ``real`` applications stand in for fake services."""
    keys = keys or SigningKeys.fresh(clock=clock)
    upstreams = {name: Upstream() for name in SERVICES}
    settings = GatewaySettings(**{**vars(SETTINGS), **changes})
    carried = transport or InProcessTransport({**upstreams, **(real or {})})
    return House(create_app(settings, database, carried, keys), database, clock, keys, upstreams)


@pytest.fixture
def house(sqlite_databases: TestDatabases, clock: ManualClock) -> House:
    """Give a gateway on SQLite, for tests whose subject is not the database."""
    return build(sqlite_databases.make("gateway", MIGRATIONS, clock=clock), clock)


@pytest.fixture
def any_house(make_database: MakeDatabase, clock: ManualClock) -> House:
    """Give a gateway on each engine in turn."""
    return build(make_database("gateway", MIGRATIONS), clock)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
