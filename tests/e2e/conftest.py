"""Starts each shape of the system once and hands it to every scenario."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from libs.common.testing.databases import postgres_is_up, postgres_url
from tests.e2e.systems import System, start_embedded, start_production
from tests.e2e.world import World

SHAPES = ["embedded", pytest.param("production", marks=[pytest.mark.postgres, pytest.mark.rabbitmq])]


@pytest.fixture(scope="session", params=SHAPES)
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give a running system of each shape in turn."""
    home = tmp_path_factory.mktemp("system")
    if request.param == "embedded":
        running = start_embedded(home)
    else:
        _require_servers()
        running = start_production(home)
    yield running
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
