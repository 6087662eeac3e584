"""Tax on orders, invoices and credit notes, and the ledger's account of it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
CAP = 10**17
_RATE = ("tax_ppm INTEGER NOT NULL DEFAULT 0", "tax_ppm BETWEEN 0 AND 1000000")
_TAX = ("tax_minor BIGINT NOT NULL DEFAULT 0", f"tax_minor BETWEEN 0 AND {CAP}")
_OF_TOTAL = ("tax_minor BIGINT NOT NULL DEFAULT 0", "tax_minor BETWEEN 0 AND total_minor")
_OUTPUT_TAX = {"code": "2200", "name": "Output tax (VAT)", "kind": "liability"}


def upgrade() -> None:
    """Add the columns; nothing that was posted so far bears a tax. What is posted keeps its tax as it is."""
    chart = sa.table("ledger_account", *(sa.column(name) for name in _OUTPUT_TAX))
    op.bulk_insert(chart, [_OUTPUT_TAX])
    for table in ("sales_order_line", "invoice_line"):
        op.add_column(table, sa.Column("tax_code", sa.String(20)))
        _add(table, *_RATE)
        _add(table, *_TAX)
    _add(
        "sales_order_line",
        "invoiced_tax_minor BIGINT NOT NULL DEFAULT 0",
        "invoiced_tax_minor BETWEEN 0 AND tax_minor",
    )
    for table in ("invoice", "credit_note"):
        _add(table, *_OF_TOTAL)
        op.create_index(f"{table}_by_day", table, ["posted_on"])
    for table in ("credit_note_line", "credited_line"):
        _add(table, "tax_minor BIGINT NOT NULL DEFAULT 0", "tax_minor >= 0")
    _add(
        "credited_line",
        "credited_tax_minor BIGINT NOT NULL DEFAULT 0",
        "credited_tax_minor BETWEEN 0 AND tax_minor",
    )
    op.add_column("posting", sa.Column("tax_code", sa.String(20)))
    op.add_column("posting", sa.Column("tax_ppm", sa.Integer))
    _fixed("invoice", "OLD.state = 'posted'")
    _fixed("credit_note", "1 = 1")


def _add(table: str, column: str, check: str) -> None:
    """Add a column with its check by the words that both engines know."""
    name = column.split()[0]
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} CONSTRAINT {table}_{name} CHECK ({check})")


def _fixed(table: str, when: str) -> None:
    head = f"CREATE TRIGGER {table}_tax_is_fixed BEFORE UPDATE OF tax_minor ON {table} FOR EACH ROW"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} WHEN ({when}) EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(
            f"{head} WHEN {when} BEGIN SELECT RAISE(ABORT, 'a posted {table} may not be changed'); END"
        )


def downgrade() -> None:
    """Drop the columns; the account can only go while nothing was posted to it."""
    for table in ("credit_note", "invoice"):
        on = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
        op.execute(f"DROP TRIGGER {table}_tax_is_fixed{on}")
        op.drop_index(f"{table}_by_day")
    _drop("posting", "tax_ppm", "tax_code")
    _drop("credited_line", "credited_tax_minor", "tax_minor")
    _drop("credit_note_line", "tax_minor")
    for table in ("credit_note", "invoice"):
        _drop(table, "tax_minor")
    _drop("sales_order_line", "invoiced_tax_minor")
    for table in ("invoice_line", "sales_order_line"):
        _drop(table, "tax_minor", "tax_ppm", "tax_code")
    op.execute("DELETE FROM ledger_account WHERE code = '2200'")


def _drop(table: str, *columns: str) -> None:
    for column in columns:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
