"""Fixtures of inventory's tests."""

from __future__ import annotations

import pytest

from libs.common.testing.plugin import MakeDatabase
from services.inventory.tests.builders import MIGRATIONS, Shop


@pytest.fixture
def shop(make_database: MakeDatabase) -> Shop:
    """Give an inventory without items, on each engine in turn."""
    return Shop(make_database("inventory", MIGRATIONS))
