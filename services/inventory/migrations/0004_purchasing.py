"""Buying: how items are supplied, prices, requisitions, purchase orders and what came in for them, reorder points."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0004"
down_revision = "0003"

LIMIT = 10**17
APPEND_ONLY = ("supply_policy", "supplier_price", "purchasing_rule", "purchase_receipt_line")
TABLES = (
    "supply_policy", "supplier_price", "purchasing_rule", "purchase_order", "requisition", "purchase_order_line",
    "purchase_receipt_line", "reorder_point",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables, and the triggers that keep what was said and what came in as it is."""
    _policies()
    _purchase_orders()
    _requisitions()
    _lines()
    _reorder_points()
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            _refuse(table, act)


def _column(name: str, kind: Any, *constraints: Any, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, *constraints, nullable=nullable)


def _policies() -> None:
    op.create_table(
        "supply_policy",
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        _column("method", sa.String(8)),
        _column("supplier_id", Id, sa.ForeignKey("supplier.id"), nullable=True),
        _column("lead_days", sa.Integer),
        _column("multiple_milli", Milli, nullable=True),
        _column("minimum_milli", Milli, nullable=True),
        _column("set_by", sa.Text, nullable=True),
        _column("set_at", Utc),
        sa.CheckConstraint("method IN ('none', 'buy')", name="supply_policy_method"),
        sa.CheckConstraint("method <> 'buy' OR supplier_id IS NOT NULL", name="supply_policy_supplier"),
        sa.CheckConstraint("lead_days BETWEEN 0 AND 3650", name="supply_policy_lead_days"),
        sa.CheckConstraint("multiple_milli > 0 AND minimum_milli > 0", name="supply_policy_quantities"),
    )
    op.create_table(
        "supplier_price",
        sa.Column("id", Id, primary_key=True),
        _column("supplier_id", Id, sa.ForeignKey("supplier.id")),
        _column("item_id", Id, sa.ForeignKey("item.id")),
        _column("valid_from", sa.Date),
        _column("minimum_milli", Milli),
        _column("unit_price_e4", sa.BigInteger),
        _column("currency", Currency),
        _column("set_by", sa.Text, nullable=True),
        _column("set_at", Utc),
        sa.CheckConstraint("minimum_milli >= 0", name="supplier_price_minimum"),
        sa.CheckConstraint(f"unit_price_e4 BETWEEN 0 AND {LIMIT}", name="supplier_price_price"),
    )
    op.create_index("supplier_price_by_item", "supplier_price", ["supplier_id", "item_id"])
    op.create_table(
        "purchasing_rule",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        _column("approval_limit_minor", sa.BigInteger, nullable=True),
        _column("currency", Currency, nullable=True),
        _column("over_receipt_bp", sa.Integer),
        _column("set_by", sa.Text, nullable=True),
        _column("set_at", Utc),
        sa.CheckConstraint(
            "(approval_limit_minor IS NULL) = (currency IS NULL)", name="purchasing_rule_limit"
        ),
        sa.CheckConstraint("over_receipt_bp BETWEEN 0 AND 10000", name="purchasing_rule_over_receipt"),
    )


def _purchase_orders() -> None:
    op.create_table(
        "purchase_order",
        sa.Column("id", Id, primary_key=True),
        _column("number", sa.String(32)),
        _column("supplier_id", Id, sa.ForeignKey("supplier.id")),
        _column("warehouse_id", Id, sa.ForeignKey("warehouse.id")),
        _column("state", sa.String(20)),
        _column("total_minor", sa.BigInteger),
        _column("currency", Currency),
        _column("drafted_by", sa.Text, nullable=True),
        _column("sent_by", sa.Text, nullable=True),
        _column("ordered_on", sa.Date, nullable=True),
        _column("reference", sa.String(200), nullable=True),
        _column("reason", sa.Text, nullable=True),
        _column("version", sa.Integer),
        _column("created_at", Utc),
        _column("updated_at", Utc),
        sa.UniqueConstraint("number", name="purchase_order_number"),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'confirmed', 'partially_received', 'received', 'closed', 'cancelled')",
            name="purchase_order_state",
        ),
        sa.CheckConstraint("state <> 'draft' OR ordered_on IS NULL", name="purchase_order_draft"),
        sa.CheckConstraint(
            "state IN ('draft', 'cancelled') OR ordered_on IS NOT NULL", name="purchase_order_sent"
        ),
        sa.CheckConstraint(f"total_minor BETWEEN 0 AND {LIMIT}", name="purchase_order_total"),
    )
    op.create_index("purchase_order_by_state", "purchase_order", ["state", "id"])
    op.create_index("purchase_order_by_supplier", "purchase_order", ["supplier_id", "id"])


def _requisitions() -> None:
    op.create_table(
        "requisition",
        sa.Column("id", Id, primary_key=True),
        _column("number", sa.String(32)),
        _column("item_id", Id, sa.ForeignKey("item.id")),
        _column("warehouse_id", Id, sa.ForeignKey("warehouse.id")),
        _column("origin", sa.String(16)),
        _column("state", sa.String(16)),
        _column("need_milli", Milli),
        _column("quantity_milli", Milli),
        _column("supplier_id", Id, sa.ForeignKey("supplier.id"), nullable=True),
        _column("requested_by", sa.Text, nullable=True),
        _column("approved_by", sa.Text, nullable=True),
        _column("purchase_order_id", Id, sa.ForeignKey("purchase_order.id"), nullable=True),
        _column("note", sa.Text, nullable=True),
        _column("reason", sa.Text, nullable=True),
        _column("version", sa.Integer),
        _column("created_at", Utc),
        _column("updated_at", Utc),
        sa.UniqueConstraint("number", name="requisition_number"),
        sa.CheckConstraint("origin IN ('shortage', 'reorder_point', 'manual')", name="requisition_origin"),
        sa.CheckConstraint(
            "state IN ('open', 'approved', 'ordered', 'closed', 'cancelled', 'rejected')",
            name="requisition_state",
        ),
        sa.CheckConstraint(
            "(state IN ('ordered', 'closed')) = (purchase_order_id IS NOT NULL)", name="requisition_ordered"
        ),
        sa.CheckConstraint("need_milli > 0 AND quantity_milli > 0", name="requisition_quantities"),
    )
    op.create_index("requisition_by_item", "requisition", ["item_id", "state"])
    op.create_index("requisition_by_state", "requisition", ["state", "id"])
    op.create_index("requisition_by_purchase_order", "requisition", ["purchase_order_id"])
    only_one = sa.text("state = 'open' AND origin <> 'manual'")
    op.create_index(
        "requisition_one_open",
        "requisition",
        ["item_id", "warehouse_id", "origin"],
        unique=True,
        postgresql_where=only_one,
        sqlite_where=only_one,
    )


def _lines() -> None:
    op.create_table(
        "purchase_order_line",
        sa.Column("id", Id, primary_key=True),
        _column("purchase_order_id", Id, sa.ForeignKey("purchase_order.id")),
        _column("position", sa.Integer),
        _column("item_id", Id, sa.ForeignKey("item.id")),
        _column("requisition_id", Id, sa.ForeignKey("requisition.id")),
        _column("quantity_milli", Milli),
        _column("most_milli", Milli),
        _column("received_milli", Milli),
        _column("unit_price_e4", sa.BigInteger),
        _column("amount_minor", sa.BigInteger),
        _column("expected_on", sa.Date),
        sa.UniqueConstraint("purchase_order_id", "position", name="purchase_order_line_position"),
        sa.CheckConstraint(
            "quantity_milli > 0 AND most_milli >= quantity_milli", name="purchase_order_line_quantity"
        ),
        sa.CheckConstraint("received_milli BETWEEN 0 AND most_milli", name="purchase_order_line_received"),
        sa.CheckConstraint(
            f"unit_price_e4 BETWEEN 0 AND {LIMIT} AND amount_minor BETWEEN 0 AND {LIMIT}",
            name="purchase_order_line_price",
        ),
    )
    op.create_index("purchase_order_line_by_item", "purchase_order_line", ["item_id"])
    op.create_index("purchase_order_line_by_requisition", "purchase_order_line", ["requisition_id"])
    op.create_table(
        "purchase_receipt_line",
        sa.Column("document_id", Id, sa.ForeignKey("stock_document.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        _column("purchase_order_line_id", Id, sa.ForeignKey("purchase_order_line.id")),
        _column("item_id", Id, sa.ForeignKey("item.id")),
        _column("lot", sa.String(64)),
        _column("quantity_milli", Milli),
        sa.CheckConstraint("quantity_milli > 0", name="purchase_receipt_line_quantity"),
    )
    op.create_index("purchase_receipt_line_by_line", "purchase_receipt_line", ["purchase_order_line_id"])


def _reorder_points() -> None:
    op.create_table(
        "reorder_point",
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id"), primary_key=True),
        _column("minimum_milli", Milli),
        _column("maximum_milli", Milli),
        _column("multiple_milli", Milli, nullable=True),
        _column("horizon_days", sa.Integer),
        _column("version", sa.Integer),
        _column("set_by", sa.Text, nullable=True),
        _column("set_at", Utc),
        sa.CheckConstraint(
            "minimum_milli >= 0 AND maximum_milli > 0 AND maximum_milli >= minimum_milli",
            name="reorder_point_bounds",
        ),
        sa.CheckConstraint("multiple_milli > 0", name="reorder_point_multiple"),
        sa.CheckConstraint("horizon_days BETWEEN 0 AND 3650", name="reorder_point_horizon"),
    )


def _refuse(table: str, act: str) -> None:
    """What was agreed and what came in stay as they are; the function comes with the mechanism's tables."""
    head = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def downgrade() -> None:
    """Drop the tables, and with them their triggers."""
    for table in reversed(TABLES):
        op.drop_table(table)
