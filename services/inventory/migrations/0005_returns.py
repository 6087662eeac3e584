"""Returns: what comes back, the places of quarantine, and what the ledger of stock calls these moves."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Milli, Utc

revision = "0005"
down_revision = "0004"
LIMIT = 10**15
TABLES = ("goods_return", "goods_return_line", "returned_part")
KINDS_BEFORE = "kind IN ('opening', 'receipt', 'shipment', 'adjustment')"
SIGNS_BEFORE = (
    "(kind IN ('opening', 'receipt') AND quantity_milli > 0) OR (kind = 'shipment' AND quantity_milli < 0) "
    "OR kind = 'adjustment'"
)
KINDS = "kind IN ('opening', 'receipt', 'shipment', 'adjustment', 'return', 'restock', 'scrap')"
SIGNS = (
    "(kind IN ('opening', 'receipt', 'return') AND quantity_milli > 0) "
    "OR (kind IN ('shipment', 'scrap') AND quantity_milli < 0) OR kind IN ('adjustment', 'restock')"
)
MOVE_COLUMNS = (
    "id", "item_id", "warehouse_id", "lot", "quantity_milli", "kind", "document_id", "reference", "moved_on", "actor",
    "recorded_at",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables, and let the ledger know the new kinds of moves."""
    id_type = Id().compile(dialect=op.get_bind().dialect)
    op.execute(f"ALTER TABLE warehouse ADD COLUMN quarantine_of {id_type} REFERENCES warehouse (id)")
    op.create_index("warehouse_one_quarantine", "warehouse", ["quarantine_of"], unique=True)
    _kinds_of_moves(KINDS, SIGNS)
    _returns()
    _lines()


def _kinds_of_moves(kinds: str, signs: str) -> None:
    """Change what the ledger's checks allow; SQLite can only do so by writing the table anew, with all its rows."""
    if op.get_bind().dialect.name == "postgresql":
        for name, check in (("stock_move_kind", kinds), ("stock_move_sign", signs)):
            op.drop_constraint(name, "stock_move")
            op.create_check_constraint(name, "stock_move", check)
        return
    for index in ("stock_move_by_row", "stock_move_by_document"):
        op.drop_index(index)
    op.rename_table("stock_move", "stock_move_before")
    _moves(kinds, signs)
    before, after = (
        sa.table(name, *map(sa.column, MOVE_COLUMNS)) for name in ("stock_move_before", "stock_move")
    )
    op.execute(sa.insert(after).from_select(MOVE_COLUMNS, sa.select(before)))
    op.drop_table("stock_move_before")
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER stock_move_no_{act.lower()} BEFORE {act} ON stock_move "
            "BEGIN SELECT RAISE(ABORT, 'stock_move is append-only'); END"
        )


def _moves(kinds: str, signs: str) -> None:
    op.create_table(
        "stock_move",
        sa.Column("id", Id, primary_key=True),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id"), nullable=False),
        sa.Column("lot", sa.String(64), nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("document_id", Id, nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.Column("actor", sa.String(120)),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.CheckConstraint(kinds, name="stock_move_kind"),
        sa.CheckConstraint(
            f"quantity_milli <> 0 AND quantity_milli BETWEEN -{LIMIT} AND {LIMIT}", name="stock_move_quantity"
        ),
        sa.CheckConstraint(signs, name="stock_move_sign"),
    )
    op.create_index("stock_move_by_row", "stock_move", ["item_id", "warehouse_id", "lot", "id"])
    op.create_index("stock_move_by_document", "stock_move", ["document_id"])


def _returns() -> None:
    op.create_table(
        "goods_return",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), nullable=False),
        sa.Column("delivery_number", sa.String(32), nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("order_number", sa.String(64), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id")),
        sa.Column("received_on", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("number", name="goods_return_number"),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'received', 'closed', 'rejected', 'cancelled')",
            name="goods_return_state",
        ),
        sa.CheckConstraint(
            "(state IN ('received', 'closed')) = (warehouse_id IS NOT NULL AND received_on IS NOT NULL)",
            name="goods_return_received",
        ),
    )
    op.create_index("goods_return_by_order", "goods_return", ["order_id"])
    op.create_index("goods_return_by_delivery", "goods_return", ["delivery_id"])
    op.create_index("goods_return_by_customer", "goods_return", ["customer_id", "id"])
    op.create_index("goods_return_by_state", "goods_return", ["state", "id"])


def _lines() -> None:
    op.create_table(
        "goods_return_line",
        sa.Column("return_id", Id, sa.ForeignKey("goods_return.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("order_line_id", Id, nullable=False),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("lot", sa.String(64), nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("received_milli", Milli, nullable=False),
        sa.Column("restocked_milli", Milli, nullable=False),
        sa.Column("scrapped_milli", Milli, nullable=False),
        sa.Column("credit", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text),
        sa.CheckConstraint("quantity_milli > 0", name="goods_return_line_quantity"),
        sa.CheckConstraint("received_milli BETWEEN 0 AND quantity_milli", name="goods_return_line_received"),
        sa.CheckConstraint(
            "restocked_milli >= 0 AND scrapped_milli >= 0 AND (restocked_milli + scrapped_milli = 0 "
            "OR restocked_milli + scrapped_milli = received_milli)",
            name="goods_return_line_inspected",
        ),
    )
    op.create_table(
        "returned_part",
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), primary_key=True),
        sa.Column("order_line_id", Id, primary_key=True),
        sa.Column("lot", sa.String(64), primary_key=True),
        sa.Column("shipped_milli", Milli, nullable=False),
        sa.Column("returned_milli", Milli, nullable=False),
        sa.CheckConstraint("returned_milli BETWEEN 0 AND shipped_milli", name="returned_part_returned"),
    )


def downgrade() -> None:
    """Drop the tables; a ledger that knows of returns refuses to forget their kinds."""
    for table in reversed(TABLES):
        op.drop_table(table)
    _kinds_of_moves(KINDS_BEFORE, SIGNS_BEFORE)
    op.drop_index("warehouse_one_quarantine")
    op.drop_column("warehouse", "quarantine_of")
