"""A system's servers, prepared as `meridian local up` does it, with no process running on them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from libs.common.testing.databases import postgres_is_up, postgres_url
from libs.common.tests.messaging.broker import broker_url
from meridian.broker import apply_topology
from meridian.local.broker import broker_node, drop_broker, prepare_broker
from meridian.local.servers import drop_databases, prepare_databases
from meridian.rights.passwords import Passwords
from meridian.target import Target

PREFIX = f"meridian_rights_{os.getpid()}"


def needed(there: bool, what: str) -> None:
    """Skip the test where ``what`` is missing; under CI fail, because a skip would hide what was not proven."""
    if not there and os.environ.get("CI") == "true":
        pytest.fail(what)
    if not there:
        pytest.skip(what)


@dataclass(frozen=True)
class Rooms:
    """The databases of a system, and its logins to them."""

    home: Path
    prefix: str
    target: Target

    def prepare(self) -> list[str]:
        """Make what is missing, as `up` does each time; return what it said."""
        said: list[str] = []
        prepare_databases(postgres_url(), self.prefix, Passwords.of_home(self.home), said.append)
        return said

    def running(self, store: str, database: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
        """Log in as the running service ``store``, in its own database or in that of another."""
        return _connect(self.target.database_urls[store], self.named(database or store))

    def owner(self, store: str, database: str | None = None) -> psycopg.Connection[tuple[object, ...]]:
        """Log in as the owner of ``store``'s database."""
        return _connect(self.target.owner_urls()[store], self.named(database or store))

    def superuser(self, store: str) -> psycopg.Connection[tuple[object, ...]]:
        """Log in to the database of ``store`` as the server's administrator."""
        return _connect(postgres_url(), self.named(store))

    def named(self, store: str) -> str:
        """Return what the database of ``store``, and its run-time role, are called."""
        return f"{self.prefix}_{store}"


def _connect(url: str, database: str) -> psycopg.Connection[tuple[object, ...]]:
    plain = make_url(url).set(drivername="postgresql", database=database)
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True, connect_timeout=5)


@pytest.fixture(scope="package")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """Give the migrated databases of a system of its own."""
    needed(postgres_is_up(), "PostgreSQL does not answer; set MERIDIAN_TEST_POSTGRES_URL")
    home = tmp_path_factory.mktemp("rights")
    try:
        urls = prepare_databases(postgres_url(), PREFIX, Passwords.of_home(home), lambda _line: None)
        assert urls.owners, "the tests' user may not make roles"
        target = Target(home, "", urls.running)
        target.save_owners(urls.owners)
        target.migrate()
        yield Rooms(home, PREFIX, target)
    finally:
        drop_databases(postgres_url(), PREFIX)


@pytest.fixture(scope="package")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """Give a target with a virtual host of its own, its users and its topology."""
    needed(shutil.which("rabbitmqctl") is not None, "rabbitmqctl is not at hand")
    passwords = Passwords.of_home(tmp_path_factory.mktemp("desks"))
    try:
        urls = prepare_broker(broker_url(), PREFIX, passwords, broker_node(), lambda _line: None)
        target = replace(
            Target(Path(), "", {}), amqp_url=urls.operator, amqp_urls=urls.services, broker_node=broker_node()
        )
        apply_topology(target)
        yield target
    finally:
        drop_broker(PREFIX, broker_node())
