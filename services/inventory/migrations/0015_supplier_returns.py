"""Goods that go back to suppliers, and what was done before every change of the stock's value was told."""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0015"
down_revision = "0014"

TABLES = ("supplier_return", "supplier_return_line", "returned_receipt", "value_untold")
# What a check allows beside what it allowed before.
ALLOWED = (
    ("stock_move_kind", "kind = 'supplier_return'"),
    ("stock_move_sign", "(kind = 'supplier_return' AND quantity_milli < 0)"),
)


def upgrade() -> None:
    """Create the tables, let the ledger of stock know of what goes back, and note what it did not tell of."""
    for name, more in ALLOWED:
        _allow("stock_move", name, more)
    _returns()
    _lines()
    op.create_table("value_untold", _column("reference", sa.String(240), primary_key=True))
    op.execute(
        "INSERT INTO value_untold (reference) SELECT reference FROM stock_move WHERE value_minor <> 0 "
        "UNION SELECT 'revaluation of ' || i.sku FROM revaluation r JOIN item i ON i.id = r.item_id"
    )


def _allow(table: str, name: str, more: str) -> None:
    """Let a check allow ``more``; what it allows already is taken from the database, whoever wrote it."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        _rewrite(table, f"CONSTRAINT {name} CHECK (", f"CONSTRAINT {name} CHECK ({more} OR ")
        return
    known = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    before = bind.execute(known, {"name": name}).scalar_one().removeprefix("CHECK ")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, f"{more} OR {before}")


def _rewrite(table: str, old: str, new: str) -> None:
    """Write a table of SQLite anew, with another text of its constraint, and with its rows, indexes and triggers."""
    bind = op.get_bind()
    of_table = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    parts = bind.execute(of_table, {"table": table}).all()
    (statement,) = (part.sql for part in parts if part.type == "table")
    if old not in statement:
        raise RuntimeError(f"{table} has no {old}")
    statement = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_anew", statement)
    op.execute(statement.replace(old, new).replace(":", "\\:"))
    columns = [column["name"] for column in sa.inspect(bind).get_columns(table)]
    before, anew = (sa.table(name, *map(sa.column, columns)) for name in (table, f"{table}_anew"))
    op.execute(sa.insert(anew).from_select(columns, sa.select(before)))
    op.drop_table(table)
    op.rename_table(f"{table}_anew", table)
    for part in parts:
        if part.type != "table":
            op.execute(part.sql)


def _column(name: str, kind: Any, *constraints: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, *constraints, **({"nullable": False} | more))


def _returns() -> None:
    op.create_table(
        "supplier_return",
        _column("id", Id, primary_key=True),
        _column("number", sa.String(32)),
        _column("supplier_id", Id, sa.ForeignKey("supplier.id")),
        _column("purchase_order_id", Id, sa.ForeignKey("purchase_order.id")),
        _column("purchase_order_number", sa.String(32)),
        _column("warehouse_id", Id, sa.ForeignKey("warehouse.id")),
        _column("state", sa.String(16)),
        _column("reason", sa.Text),
        _column("answer", sa.Text, nullable=True),
        _column("requested_by", sa.String(120), nullable=True),
        _column("shipped_on", sa.Date, nullable=True),
        _column("credit_note", sa.String(32), nullable=True),
        _column("version", sa.Integer),
        _column("created_at", Utc),
        _column("updated_at", Utc),
        sa.UniqueConstraint("number", name="supplier_return_number"),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'shipped', 'credited', 'rejected', 'cancelled')",
            name="supplier_return_state",
        ),
        sa.CheckConstraint(
            "(state IN ('shipped', 'credited')) = (shipped_on IS NOT NULL)", name="supplier_return_shipped"
        ),
        sa.CheckConstraint(
            "(state = 'credited') = (credit_note IS NOT NULL)", name="supplier_return_credited"
        ),
    )
    op.create_index("supplier_return_by_order", "supplier_return", ["purchase_order_id"])
    op.create_index("supplier_return_by_supplier", "supplier_return", ["supplier_id", "id"])
    op.create_index("supplier_return_by_state", "supplier_return", ["state", "id"])


def _lines() -> None:
    op.create_table(
        "supplier_return_line",
        _column("return_id", Id, sa.ForeignKey("supplier_return.id"), primary_key=True),
        _column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        _column("receipt_id", Id, sa.ForeignKey("stock_document.id")),
        _column("position", sa.Integer),
        _column("purchase_order_line_id", Id, sa.ForeignKey("purchase_order_line.id")),
        _column("item_id", Id, sa.ForeignKey("item.id")),
        _column("lot", sa.String(64)),
        _column("quantity_milli", Milli),
        _column("goods_return_id", Id, sa.ForeignKey("goods_return.id"), nullable=True),
        _column("goods_return_line", sa.Integer, nullable=True),
        _column("value_minor", sa.BigInteger, nullable=True),
        _column("value_currency", Currency, nullable=True),
        sa.CheckConstraint("quantity_milli > 0", name="supplier_return_line_quantity"),
        sa.CheckConstraint(
            "(goods_return_id IS NULL) = (goods_return_line IS NULL)", name="supplier_return_line_quarantine"
        ),
        sa.CheckConstraint(
            "(value_minor IS NULL) = (value_currency IS NULL) AND value_minor >= 0",
            name="supplier_return_line_value",
        ),
    )
    op.create_index("supplier_return_line_by_line", "supplier_return_line", ["purchase_order_line_id"])
    op.create_table(
        "returned_receipt",
        _column("document_id", Id, sa.ForeignKey("stock_document.id"), primary_key=True),
        _column("position", sa.Integer, primary_key=True, autoincrement=False),
        _column("received_milli", Milli),
        _column("returned_milli", Milli),
        # Two who send the last of a receipt back meet here.
        sa.CheckConstraint("returned_milli BETWEEN 0 AND received_milli", name="returned_receipt_returned"),
    )


def downgrade() -> None:
    """Drop the tables; a ledger of stock that knows of what went back stays as it is."""
    for table in ("value_untold", "returned_receipt", "supplier_return_line", "supplier_return"):
        op.drop_table(table)
