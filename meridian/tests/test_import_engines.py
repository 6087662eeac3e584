"""The same company, brought into either engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from libs.common.clock import SystemClock
from libs.common.db import BY_INDEX
from libs.common.testing.databases import TestDatabases
from meridian.importing import spool
from meridian.target import Target
from meridian.tests.test_import_folder import COMPANY, ask, bring_in, violations
from meridian.topography import STORES, migrations_of


@pytest.fixture
def target(databases: TestDatabases, tmp_path: Path) -> Target:
    """Give an empty system without a broker on each engine in turn."""
    made = {store: databases.make(store, migrations_of(store), clock=SystemClock()) for store in STORES}
    urls = {store: database.url for store, database in made.items()}
    return Target(home=tmp_path, gateway_url="http://127.0.0.1:8080", database_urls=urls)


def test_a_company_is_taken_two_documents_at_a_time(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "DOCUMENTS", 2)
    said = bring_in(target, COMPANY)
    assert (said["orders.csv"], said["payments.csv"]) == ("5 taken", "5 taken")
    done = "SELECT number FROM sales_order WHERE state = 'done' ORDER BY number"
    assert ask(target, "sales", done) == [("2025-0001",), ("2025-0002",)]
    worth = "SELECT i.sku, v.value_minor FROM item_value v JOIN item i ON i.id = v.item_id ORDER BY i.sku"
    assert ask(target, "inventory", worth) == [("FILTER-L", 9700), ("ROPE", 0), ("VALVE-A", 114000)]
    assert violations(target) == []
    once_more = bring_in(target, COMPANY, skip_existing=True)
    assert (once_more["orders.csv"], once_more["payments.csv"]) == (
        "0 taken, 5 there already",
        "0 taken, 5 there already",
    )


def test_an_import_looks_by_index_whatever_the_server_knows_of_the_tables(target: Target) -> None:
    with target.opened(BY_INDEX) as databases, databases["sales"].reading() as connection:
        if databases["sales"].is_sqlite:
            pytest.skip("SQLite keeps no plan")
        assert connection.exec_driver_sql("SHOW enable_seqscan").scalar_one() == "off"
