"""Migrations keep what there is: documents of the time before read the same after."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from libs.common.db import Database, migrate
from libs.common.testing.plugin import MakeDatabase
from services.sales.tests.builders import HARBOR, MIGRATIONS, an_id

_CUSTOMER = (
    "INSERT INTO customer (id, number, name, currency, owner_id, updated_at) "
    "VALUES (:id, 'C-1', 'Harbor', 'USD', 'nancy', '2026-03-02')"
)
_QUOTATION = (
    "INSERT INTO quotation (id, number, state, customer_id, currency, issued_on, valid_until, total_minor, "
    "rounding_e11, lines_rounded, created_by, version, created_at, updated_at, revision) VALUES (:id, :number, "
    ":state, :customer, 'USD', '2026-03-02', '2026-04-01', 1800, 0, 0, 'nancy', 1, '2026-03-02', '2026-03-02', 1)"
)
_LINE = (
    "INSERT INTO quotation_line (id, quotation_id, line_no, item_id, sku, name, uom, quantity_milli, unit_price_e4, "
    "discount_bp, amount_minor, price_trace) "
    "VALUES (:id, :quotation, 1, :id, 'S', 'N', 'piece', 1000, 180000, 0, 1800, '{}')"
)


def write(database: Database, statement: str, **values: Any) -> None:
    database.transact(lambda tx: tx.connection.execute(text(statement), values))


@pytest.fixture
def before(make_database: MakeDatabase) -> Database:
    """Give a database as it was before approvals, with a quotation, sent."""
    database = make_database("sales", None)
    migrate(database, MIGRATIONS, target="0002")
    write(database, _CUSTOMER, id=HARBOR.id)
    write(database, _QUOTATION, id=an_id("old"), number="Q-1", state="sent", customer=HARBOR.id)
    write(database, _LINE, id=an_id("line"), quotation=an_id("old"))
    return database


def test_approvals_come_to_quotations_that_are_there(before: Database):
    with pytest.raises(IntegrityError):
        write(before, "UPDATE quotation SET state = 'pending_approval'")
    migrate(before, MIGRATIONS)

    with before.reading() as connection:
        row = connection.execute(text("SELECT state, total_minor, approval_id FROM quotation")).one()
        lines = connection.execute(text("SELECT COUNT(*) FROM quotation_line")).scalar_one()
        if before.is_sqlite:
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert (tuple(row), lines) == (("sent", 1800, None), 1)
    write(before, "UPDATE quotation SET state = 'pending_approval', approval_id = :id", id=an_id("approval"))
    for never in ("state = 'lost'", "approval_id = NULL", "state = 'accepted'"):
        with pytest.raises(IntegrityError):
            write(before, f"UPDATE quotation SET {never}")
