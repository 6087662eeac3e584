"""A migrated finance database on each engine, with Harbor Pumps' account open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from libs.common.db import Database
from services.finance.tests.builders import TERMS, harbor_pumps, quay_marine
from services.finance.tests.integration.agreement import assert_books_agree
from services.finance.use_cases.accounts import keep_customer

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@pytest.fixture
def finance(make_database) -> Iterator[Database]:
    """After each test the books must agree, whatever the test did."""
    database = make_database("finance", MIGRATIONS, pool_size=8)
    database.transact(lambda tx: keep_customer(tx, harbor_pumps(), TERMS))
    database.transact(lambda tx: keep_customer(tx, quay_marine(), TERMS))
    yield database
    assert_books_agree(database)
