"""Starts each shape of the system once and hands it to every scenario."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from libs.common.testing.databases import postgres_is_up, postgres_url
from tests.e2e.systems import System, start_embedded, start_production
from tests.e2e.world import World

SHAPES = ["embedded", pytest.param("production", marks=[pytest.mark.postgres, pytest.mark.rabbitmq])]


@pytest.fixture(scope="package", params=SHAPES)
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give a running system of each shape in turn, the same one to every module (see ``tests/scheduling.py``)."""
    with started(request.param, tmp_path_factory.mktemp("system")) as running:
        yield running


@pytest.fixture(scope="module", params=SHAPES)
def own_system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give a running system of each shape that no other module sees.

    It costs a start, so it is for a module that changes what holds for the whole company and cannot put it back.
    Such a module says so by naming its ``system`` itself::

        @pytest.fixture(scope="module")
        def system(own_system: System) -> System:
            return own_system
    """
    with started(request.param, tmp_path_factory.mktemp("own-system")) as running:
        yield running


@contextmanager
def started(shape: str, home: Path) -> Iterator[System]:
    """Start one shape of the system, and stop it; skipped where the servers that it needs do not answer."""
    if shape == "embedded":
        running = start_embedded(home)
    else:
        _require_servers()
        running = start_production(home)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def world(system: System) -> World:
    """Give the people of the system and ways to prepare customers, items and stock."""
    return World(system)


def _require_servers() -> None:
    plain = postgres_url().replace("postgresql+psycopg", "postgresql")
    os.environ["MERIDIAN_POSTGRES_URL"] = plain
    os.environ.setdefault(
        "MERIDIAN_AMQP_URL",
        os.environ.get("MERIDIAN_TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672").rstrip("/"),
    )
    if not postgres_is_up():
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL does not answer; set MERIDIAN_TEST_POSTGRES_URL")
        pytest.skip("PostgreSQL does not answer; set MERIDIAN_TEST_POSTGRES_URL")
