from __future__ import annotations

import pytest

from libs.common.db import Database
from libs.common.testing import ManualClock
from libs.common.tests.saga.recipe import World


@pytest.fixture
def world(database: Database, clock: ManualClock) -> World:
    """Give the world with its saga started."""
    world = World(database, clock)
    assert world.start()
    return world
