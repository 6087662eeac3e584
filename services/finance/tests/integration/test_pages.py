"""A page costs what it shows, not what there is: each way to filter it has an index that gives the page's order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from libs.common.db import Database
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from services.finance.reports.invoices import InvoiceSearch, list_invoices
from services.finance.tests.builders import an_id

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@pytest.fixture
def books(sqlite_databases: TestDatabases, clock: ManualClock) -> Database:
    """Give the books on SQLite, whose planner needs no figures of the tables."""
    return sqlite_databases.make("finance", MIGRATIONS, clock=clock)


@pytest.mark.parametrize(
    "wanted",
    [InvoiceSearch(), InvoiceSearch(payment_state="not_paid"), InvoiceSearch(customer_id=an_id("harbor"))],
)
def test_a_page_of_invoices_is_read_in_its_order(books: Database, wanted: InvoiceSearch) -> None:
    asked: list[tuple[str, object]] = []
    event.listen(books.engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))

    def plan(connection: Connection) -> list[str]:
        list_invoices(connection, wanted, date(2026, 3, 2), after=None, limit=50)
        statement, values = next(call for call in reversed(asked) if "FROM invoice" in call[0])
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]

    steps = books.read(plan)
    assert not [step for step in steps if "TEMP B-TREE" in step], steps
    if wanted != InvoiceSearch():
        assert [step for step in steps if step.startswith("SEARCH invoice ")], steps
