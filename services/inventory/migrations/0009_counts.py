"""Stock counts: sheets, their lines, and every entry of what was found."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0009"
down_revision = "0008"
LIMIT = 10**15
TABLES = ("stock_count", "stock_count_line", "stock_count_entry")
_OPEN = sa.text("is_open")


def upgrade() -> None:
    """Create the tables; entries are kept as they were made."""
    _counts()
    _lines()
    _entries()
    for act in ("UPDATE", "DELETE"):
        _refuse("stock_count_entry", act)


def _counts() -> None:
    op.create_table(
        "stock_count",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id"), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened_by", sa.String(120), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("approval_id", Id),
        sa.Column("document_id", Id, sa.ForeignKey("stock_document.id")),
        sa.Column("absolute_minor", sa.BigInteger),
        sa.Column("net_minor", sa.BigInteger),
        sa.Column("currency", Currency),
        sa.Column("reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("number", name="stock_count_number"),
        sa.UniqueConstraint("document_id", name="stock_count_document"),
        sa.CheckConstraint(
            "state IN ('counting', 'pending_approval', 'posted', 'cancelled')", name="stock_count_state"
        ),
        sa.CheckConstraint(
            "state <> 'pending_approval' OR approval_id IS NOT NULL", name="stock_count_waits_for_an_approval"
        ),
        sa.CheckConstraint("document_id IS NULL OR state = 'posted'", name="stock_count_posted"),
    )
    op.create_index("stock_count_by_state", "stock_count", ["state", "id"])


def _lines() -> None:
    op.create_table(
        "stock_count_line",
        sa.Column("count_id", Id, sa.ForeignKey("stock_count.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id"), nullable=False),
        sa.Column("lot", sa.String(64), nullable=False),
        sa.Column("counted_milli", Milli),
        sa.Column("book_milli", Milli),
        sa.Column("counts", sa.Integer, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.UniqueConstraint("count_id", "item_id", "lot", name="stock_count_line_once"),
        sa.CheckConstraint(
            "(counts > 0) = (counted_milli IS NOT NULL) AND (counts > 0) = (book_milli IS NOT NULL)",
            name="stock_count_line_counted",
        ),
        sa.CheckConstraint(
            f"counted_milli BETWEEN 0 AND {LIMIT} AND book_milli BETWEEN 0 AND {LIMIT}",
            name="stock_count_line_quantities",
        ),
    )
    op.create_index(
        "stock_count_line_open",
        "stock_count_line",
        ["item_id", "warehouse_id", "lot"],
        unique=True,
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )


def _entries() -> None:
    op.create_table(
        "stock_count_entry",
        sa.Column("count_id", Id, primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("counted_milli", Milli, nullable=False),
        sa.Column("book_milli", Milli, nullable=False),
        sa.Column("counted_by", sa.String(120), nullable=False),
        sa.Column("counted_at", Utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["count_id", "line_no"],
            ["stock_count_line.count_id", "stock_count_line.line_no"],
            name="stock_count_entry_of_line",
        ),
        sa.CheckConstraint(
            "counted_milli >= 0 AND book_milli >= 0 AND n > 0", name="stock_count_entry_figures"
        ),
    )


def _refuse(table: str, act: str) -> None:
    """What was found stays as it was written; the function comes with the mechanism's tables."""
    head = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def downgrade() -> None:
    """Drop the tables, and with them their triggers."""
    for table in reversed(TABLES):
        op.drop_table(table)
