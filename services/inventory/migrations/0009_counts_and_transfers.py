"""Stock counts, with every entry of what was found; transfers between warehouses, and where goods are meanwhile."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0009"
down_revision = "0008"
LIMIT = 10**15
METHODS_BEFORE = "method IN ('none', 'buy')"
METHODS = "method IN ('none', 'buy', 'transfer')"
TABLES = (
    "stock_count",
    "stock_count_line",
    "stock_count_entry",
    "transfer",
    "transfer_line",
    "transfer_part",
)
_OPEN = sa.text("is_open")


def upgrade() -> None:
    """Create the tables; entries are kept as they were made."""
    _counts()
    _lines()
    _entries()
    id_type = Id().compile(dialect=op.get_bind().dialect)
    op.execute(f"ALTER TABLE warehouse ADD COLUMN transit_to {id_type} REFERENCES warehouse (id)")
    op.create_index("warehouse_one_transit", "warehouse", ["transit_to"], unique=True)
    _transfers()
    _transfer_lines()
    op.execute(f"ALTER TABLE supply_policy ADD COLUMN source_id {id_type} REFERENCES warehouse (id)")
    _methods(METHODS_BEFORE, METHODS)
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


def _transfers() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("from_id", Id, sa.ForeignKey("warehouse.id"), nullable=False),
        sa.Column("to_id", Id, sa.ForeignKey("warehouse.id"), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("requested_by", sa.String(120)),
        sa.Column("note", sa.Text),
        sa.Column("shipped_on", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("number", name="transfer_number"),
        sa.CheckConstraint(
            "state IN ('requested', 'shipped', 'received', 'cancelled')", name="transfer_state"
        ),
        sa.CheckConstraint("from_id <> to_id", name="transfer_goes_elsewhere"),
        sa.CheckConstraint(
            "(state IN ('shipped', 'received')) = (shipped_on IS NOT NULL)", name="transfer_shipped_on"
        ),
    )
    op.create_index("transfer_by_state", "transfer", ["state", "id"])


def _transfer_lines() -> None:
    op.create_table(
        "transfer_line",
        sa.Column("transfer_id", Id, sa.ForeignKey("transfer.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("lot", sa.String(64)),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.CheckConstraint("quantity_milli > 0", name="transfer_line_quantity"),
    )
    op.create_index("transfer_line_by_item", "transfer_line", ["item_id"])
    op.create_table(
        "transfer_part",
        sa.Column("transfer_id", Id, primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("lot", sa.String(64), primary_key=True),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("shipped_milli", Milli, nullable=False),
        sa.Column("received_milli", Milli, nullable=False),
        sa.Column("lost_milli", Milli, nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id", "line_no"],
            ["transfer_line.transfer_id", "transfer_line.line_no"],
            name="transfer_part_of_line",
        ),
        sa.CheckConstraint("shipped_milli > 0", name="transfer_part_shipped"),
        sa.CheckConstraint(
            "received_milli >= 0 AND lost_milli >= 0 AND received_milli + lost_milli <= shipped_milli",
            name="transfer_part_arrived",
        ),
    )


def _methods(before: str, after: str) -> None:
    """Change what a policy may say; for SQLite in place, as no row that is there changes (see its manual)."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint("supply_policy_method", "supply_policy")
        op.create_check_constraint("supply_policy_method", "supply_policy", after)
        return
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'supply_policy' AND instr(sql, ?) > 0",
        (f"CHECK ({before})", f"CHECK ({after})", f"CHECK ({before})"),
    ).rowcount
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed != 1:
        raise RuntimeError("the table supply_policy is not as the migrations before this one left it")


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
    _methods(METHODS, METHODS_BEFORE)
    op.drop_column("supply_policy", "source_id")
    op.drop_index("warehouse_one_transit")
    op.drop_column("warehouse", "transit_to")
