"""The pytest fixtures that every service's tests share; loaded by the conftest at the root.

``databases`` runs a test once on SQLite and once on PostgreSQL. A machine without PostgreSQL skips the latter,
except under ``CI=true``, where a skip would hide what was not proven.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from libs.common.db import Database
from libs.common.memory import loading
from libs.common.testing.databases import TestDatabases, postgres_is_up, session_name
from libs.common.testing.time import ManualClock

MakeDatabase = Callable[..., Database]


_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3


def _in_memory() -> Path | None:
    """Return the file system in memory if it has room, else ``None`` for the usual place."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect tests without collecting garbage, and then let it alone: modules, tables and some 6,000 tests stay.

    Otherwise the garbage collector looks at all of them again and again, which is a sixth of what a run costs.
    """
    with loading():
        return (yield)


@pytest.fixture(scope="session")
def _pools(worker_id: str) -> Iterator[dict[str, TestDatabases]]:
    """Keep one maker of databases per engine for the session.

    Files of SQLite lie in memory where there is room: none of them has to survive, so no commit waits for a disk.
    """
    with tempfile.TemporaryDirectory(prefix="meridian-tests-", dir=_in_memory()) as folder:
        name = session_name(worker_id)
        pools = {engine: TestDatabases(engine, Path(folder), name) for engine in ("sqlite", "postgresql")}
        yield pools
        for pool in pools.values():
            pool.drop_templates()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def databases(request: pytest.FixtureRequest, _pools: dict[str, TestDatabases]) -> Iterator[TestDatabases]:
    """Give the maker of databases; the test runs once per engine."""
    engine = str(request.param)
    if engine == "postgresql" and not postgres_is_up():
        message = "PostgreSQL does not answer; set MERIDIAN_TEST_POSTGRES_URL"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    yield _pools[engine]
    _pools[engine].drop_copies()


@pytest.fixture
def sqlite_databases(_pools: dict[str, TestDatabases]) -> Iterator[TestDatabases]:
    """Give the maker of SQLite databases, for tests whose subject is not the engine."""
    yield _pools["sqlite"]
    _pools["sqlite"].drop_copies()


@pytest.fixture
def clock() -> ManualClock:
    """Give a clock that stands at 2026-03-02 01:00 UTC until it is moved."""
    return ManualClock()


@pytest.fixture
def make_database(databases: TestDatabases, clock: ManualClock) -> MakeDatabase:
    """Give ``make_database(service, migrations_folder)``, on each engine in turn."""

    def make(service: str = "sample", migrations: Path | None = None, **options: object) -> Database:
        return databases.make(service, migrations, clock=clock, **options)  # type: ignore[arg-type]

    return make


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    """Give a database with the mechanism's tables only."""
    return make_database("sample")
