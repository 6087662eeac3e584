"""Databases for tests: migrated once per session as a template, then copied for each test."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from libs.common.clock import Clock
from libs.common.db import POOL_SIZE, Database, migrate
from libs.common.ids import Ids, SystemIds

PREFIX = f"meridian_test_{sha256(socket.gethostname().encode()).hexdigest()[:6]}"
DEFAULT_POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


def postgres_url() -> str:
    """Return the maintenance URL of the PostgreSQL server that the tests use."""
    return os.environ.get("MERIDIAN_TEST_POSTGRES_URL", DEFAULT_POSTGRES)


def _superuser() -> psycopg.Connection[tuple[Any, ...]]:
    url = make_url(postgres_url()).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True, connect_timeout=3)


def run_as_superuser(statement: str) -> None:
    """Run one statement outside any transaction (CREATE or DROP DATABASE)."""
    with _superuser() as connection:
        connection.execute(statement.encode())


def session_name(worker: str) -> str:
    """Return how the databases of this process are called; the process's id tells whether it still needs them."""
    return f"{PREFIX}_{os.getpid()}_{worker}"


def drop_abandoned() -> list[str]:
    """Drop the databases of test processes of this machine that were killed; return their names.

    Machines may share a server, so the name begins with the machine's, and nobody touches another's.
    """
    with _superuser() as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{PREFIX}%",))
        abandoned = [name for (name,) in rows if _is_abandoned(name)]
        for name in abandoned:
            with suppress(psycopg.Error):  # another session may drop it at the same moment
                # The names come from the server's own catalogue and begin with ours.
                drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
                connection.execute(drop.encode())
    return abandoned


def _is_abandoned(name: str) -> bool:
    process = name.removeprefix(f"{PREFIX}_").partition("_")[0]
    return process.isdigit() and not _is_alive(int(process))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def postgres_is_up() -> bool:
    """Tell whether the server answers."""
    try:
        run_as_superuser("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


class TestDatabases:
    """Makes fresh, migrated databases of one engine and removes them afterwards."""

    __test__ = False

    def __init__(self, engine: str, folder: Path, name: str) -> None:
        self.engine = engine
        self._folder = folder
        self._name = name
        self._templates: dict[str, str] = {}
        self._made: list[Callable[[], None]] = []
        self._count = 0

    def make(
        self,
        service: str,
        migrations: Path | None,
        *,
        clock: Clock,
        ids: Ids | None = None,
        pool_size: int = POOL_SIZE,
    ) -> Database:
        """Return an empty database of ``service`` with the mechanism's and its own tables."""
        template = self._template(service, migrations)
        self._count += 1
        url = self._copy(template, f"{self._name}_{self._count}")
        database = Database(url, service=service, clock=clock, ids=ids or SystemIds(), pool_size=pool_size)
        self._made.append(lambda: self._drop(database))
        return database

    def drop_copies(self) -> None:
        """Remove the databases made since the last call; the templates stay."""
        for drop in self._made:
            drop()
        self._made.clear()

    def drop_templates(self) -> None:
        """Remove the templates."""
        if self.engine == "postgresql":
            for name in self._templates.values():
                run_as_superuser(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _template(self, service: str, migrations: Path | None) -> str:
        key = f"{service}:{migrations}"
        if not self._templates and self.engine == "postgresql":
            drop_abandoned()
        if key not in self._templates:
            name = f"{self._name}_t{len(self._templates)}"
            url = self._create_empty(name)
            database = Database(url, service=service)
            migrate(database, migrations)
            if database.is_sqlite:
                with database.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
            self._templates[key] = name
        return self._templates[key]

    def _create_empty(self, name: str) -> str:
        if self.engine == "sqlite":
            return f"sqlite:///{self._folder / name}.db"
        run_as_superuser(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        run_as_superuser(f'CREATE DATABASE "{name}"')
        return self._postgres(name)

    def _copy(self, template: str, name: str) -> str:
        if self.engine == "sqlite":
            shutil.copy(self._folder / f"{template}.db", self._folder / f"{name}.db")
            return f"sqlite:///{self._folder / name}.db"
        run_as_superuser(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._postgres(name)

    def _postgres(self, name: str) -> str:
        return make_url(postgres_url()).set(database=name).render_as_string(hide_password=False)

    def _drop(self, database: Database) -> None:
        database.close()
        name = make_url(database.url).database or ""
        if database.is_sqlite:
            for suffix in ("", "-wal", "-shm"):
                Path(name + suffix).unlink(missing_ok=True)
        else:
            run_as_superuser(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
