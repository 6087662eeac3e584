"""Goods that went back to suppliers, suppliers' credit notes, and open items of other currencies valued anew."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0019"
down_revision = "0018"
CAP = 10**17
TABLES = (
    "goods_sent_back", "goods_sent_back_line", "supplier_credit_note", "supplier_credit_note_line",
    "supplier_credit_allocation", "exchange_revaluation", "exchange_revaluation_part",
)  # fmt: skip
APPEND_ONLY = tuple(table for table in TABLES if table != "supplier_credit_note")
_FIXED = "id, number, supplier_id, reference, currency, total_minor, tax_minor, credited_on, posted_on, company_minor"


def upgrade() -> None:
    """Create the tables, and the triggers that keep what is posted as it is."""
    op.execute(
        "ALTER TABLE bought_line ADD COLUMN returned_milli BIGINT NOT NULL DEFAULT 0 "
        "CONSTRAINT bought_line_returned CHECK (returned_milli >= 0)"
    )
    _sent_back()
    _credit_notes()
    _revaluations()
    for table in APPEND_ONLY:
        _refuse(table, "UPDATE")
        _refuse(table, "DELETE")
    _refuse("supplier_credit_note", "DELETE")
    head = (
        f"CREATE TRIGGER supplier_credit_note_is_fixed BEFORE UPDATE OF {_FIXED} ON supplier_credit_note "
        "FOR EACH ROW"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(
            f"{head} BEGIN SELECT RAISE(ABORT, 'a posted supplier_credit_note may not be changed'); END"
        )


def _column(name: str, kind: Any, *constraints: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, *constraints, **({"nullable": False} | more))


def _sent_back() -> None:
    op.create_table(
        "goods_sent_back",
        _column("return_id", Id, primary_key=True),
        _column("number", sa.Text),
        _column("supplier_id", Id, sa.ForeignKey("supplier.supplier_id")),
        _column("purchase_order_id", Id, sa.ForeignKey("bought_order.purchase_order_id")),
        _column("shipped_on", sa.Date),
        _column("booked_on", sa.Date),
        _column("recorded_at", Utc),
    )
    op.create_table(
        "goods_sent_back_line",
        _column("return_id", Id, sa.ForeignKey("goods_sent_back.return_id"), primary_key=True),
        _column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        _column("line_id", Id, sa.ForeignKey("bought_line.line_id")),
        _column("quantity_milli", Milli),
        _column("value_minor", sa.BigInteger),
        sa.CheckConstraint("quantity_milli > 0 AND value_minor >= 0", name="goods_sent_back_line_quantity"),
    )
    op.create_index("goods_sent_back_line_by_line", "goods_sent_back_line", ["line_id"])


def _credit_notes() -> None:
    op.create_table(
        "supplier_credit_note",
        _column("id", Id, primary_key=True),
        _column("number", sa.String(20), unique=True),
        _column("supplier_id", Id, sa.ForeignKey("supplier.supplier_id")),
        _column("reference", sa.String(64)),
        _column("return_id", Id, sa.ForeignKey("goods_sent_back.return_id"), nullable=True),
        _column("currency", Currency),
        _column("total_minor", sa.BigInteger),
        _column("tax_minor", sa.BigInteger),
        _column("open_minor", sa.BigInteger),
        _column("credited_on", sa.Date),
        _column("posted_on", sa.Date),
        _column("reason", sa.Text, nullable=True),
        _column("company_currency", Currency, nullable=True),
        _column("company_minor", sa.BigInteger, nullable=True),
        _column("entered_by", sa.Text, nullable=True),
        _column("created_at", Utc),
        _column("version", sa.Integer),
        sa.UniqueConstraint("supplier_id", "reference", name="supplier_credit_note_once"),
        sa.CheckConstraint(
            f"total_minor BETWEEN 1 AND {CAP} AND tax_minor BETWEEN 0 AND total_minor",
            name="supplier_credit_note_total",
        ),
        sa.CheckConstraint("open_minor BETWEEN 0 AND total_minor", name="supplier_credit_note_open"),
    )
    op.create_index("supplier_credit_note_by_supplier", "supplier_credit_note", ["supplier_id", "id"])
    op.create_table(
        "supplier_credit_note_line",
        _column("credit_note_id", Id, sa.ForeignKey("supplier_credit_note.id"), primary_key=True),
        _column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        _column("line_id", Id, sa.ForeignKey("bought_line.line_id")),
        _column("quantity_milli", Milli),
        _column("unit_price_e4", sa.BigInteger),
        _column("amount_minor", sa.BigInteger),
        _column("cleared_minor", sa.BigInteger),
        sa.CheckConstraint(
            "quantity_milli > 0 AND amount_minor >= 0 AND cleared_minor >= 0",
            name="supplier_credit_note_line_quantity",
        ),
    )
    op.create_index("supplier_credit_note_line_by_line", "supplier_credit_note_line", ["line_id"])
    op.create_table(
        "supplier_credit_allocation",
        _column("id", Id, primary_key=True),
        _column("credit_note_id", Id, sa.ForeignKey("supplier_credit_note.id")),
        _column("invoice_id", Id, sa.ForeignKey("supplier_invoice.id")),
        _column("amount_minor", sa.BigInteger),
        _column("allocated_on", sa.Date),
        _column("created_at", Utc),
        sa.CheckConstraint(
            f"amount_minor > 0 AND amount_minor <= {CAP}", name="supplier_credit_allocation_amount"
        ),
    )
    op.create_index("supplier_credit_allocation_by_note", "supplier_credit_allocation", ["credit_note_id"])
    op.create_index("supplier_credit_allocation_by_invoice", "supplier_credit_allocation", ["invoice_id"])


def _revaluations() -> None:
    op.create_table(
        "exchange_revaluation",
        _column("id", Id, primary_key=True),
        _column("number", sa.String(20), unique=True),
        _column("day", sa.Date),
        _column("currency", Currency),
        _column("reversal_id", Id),
        _column("reversed_on", sa.Date),
        _column("company_currency", Currency),
        _column("set_by", sa.Text, nullable=True),
        _column("created_at", Utc),
        sa.UniqueConstraint("day", "currency", name="exchange_revaluation_once_a_day"),
        sa.CheckConstraint("reversed_on > day", name="exchange_revaluation_reversed"),
    )
    op.create_table(
        "exchange_revaluation_part",
        _column("revaluation_id", Id, sa.ForeignKey("exchange_revaluation.id"), primary_key=True),
        _column("role", sa.String(24), primary_key=True),
        _column("open_minor", sa.BigInteger),
        _column("carried_minor", sa.BigInteger),
        _column("rate_e10", sa.BigInteger),
        _column("worth_minor", sa.BigInteger),
    )


def _refuse(table: str, act: str) -> None:
    name = f"{table}_no_{act.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        if act == "DELETE":
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def downgrade() -> None:
    """Drop the tables and the column."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("ALTER TABLE bought_line DROP COLUMN returned_milli")
