"""The migrations make exactly the tables that the code declares."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from services.finance.domain.chart import accounts_of
from services.finance.store import (  # noqa: F401 - their tables are compared too
    bank_tables,
    billing_tables,
    credit_policy_tables,
    dues_tables,
    payables_tables,
    recorded_tables,
    settlement_tables,
)
from services.finance.store.chart_tables import ledger_account
from services.finance.store.credit_tables import credit_note
from services.finance.store.tables import metadata


def test_the_declared_tables_are_the_migrated_ones(finance):
    assert credit_note.metadata is metadata

    def declared_here(_object, name, type_, reflected, _compare_to) -> bool:
        return not (type_ == "table" and reflected and name not in metadata.tables)

    with finance.engine.connect() as connection:
        options = {"compare_type": True, "include_object": declared_here}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_chart_in_the_database_is_the_basic_one(finance):
    with finance.reading() as connection:
        rows = connection.execute(select(ledger_account).order_by(ledger_account.c.code)).all()
    found = {(row.code, row.name, row.name_zh, row.kind, row.role) for row in rows}
    assert found == {
        (each.code, each.name, each.name_zh, each.kind, each.role) for each in accounts_of("basic")
    }
