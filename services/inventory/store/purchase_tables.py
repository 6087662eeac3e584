"""The tables of buying: policies and prices, requisitions, purchase orders and what came in for them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from libs.common.db.types import Currency, Id, Milli, Utc
from services.inventory.store.tables import metadata

supply_policy = Table(
    "supply_policy",
    metadata,
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("method", String(8), nullable=False),
    Column("supplier_id", Id, ForeignKey("supplier.id")),
    Column("lead_days", Integer, nullable=False),
    Column("multiple_milli", Milli),
    Column("minimum_milli", Milli),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
    Column("source_id", Id, ForeignKey("warehouse.id")),
    CheckConstraint("method IN ('none', 'buy', 'make', 'transfer')", name="supply_policy_method"),
    CheckConstraint("method <> 'buy' OR supplier_id IS NOT NULL", name="supply_policy_supplier"),
    CheckConstraint("lead_days BETWEEN 0 AND 3650", name="supply_policy_lead_days"),
    CheckConstraint("multiple_milli > 0 AND minimum_milli > 0", name="supply_policy_quantities"),
)

supplier_price = Table(
    "supplier_price",
    metadata,
    Column("id", Id, primary_key=True),
    Column("supplier_id", Id, ForeignKey("supplier.id"), nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("minimum_milli", Milli, nullable=False),
    Column("unit_price_e4", BigInteger, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
    CheckConstraint("minimum_milli >= 0", name="supplier_price_minimum"),
    CheckConstraint("unit_price_e4 BETWEEN 0 AND 100000000000000000", name="supplier_price_price"),
    Index("supplier_price_by_item", "supplier_id", "item_id"),
)

purchasing_rule = Table(
    "purchasing_rule",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("approval_limit_minor", BigInteger),
    Column("currency", Currency),
    Column("over_receipt_bp", Integer, nullable=False),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
    CheckConstraint("(approval_limit_minor IS NULL) = (currency IS NULL)", name="purchasing_rule_limit"),
    CheckConstraint("over_receipt_bp BETWEEN 0 AND 10000", name="purchasing_rule_over_receipt"),
)

purchase_order = Table(
    "purchase_order",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("supplier_id", Id, ForeignKey("supplier.id"), nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("drafted_by", Text),
    Column("sent_by", Text),
    Column("ordered_on", Date),
    Column("reference", String(200)),
    Column("reason", Text),
    Column("approval_id", Id),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("number", name="purchase_order_number"),
    CheckConstraint(
        "state IN ('draft', 'sent', 'confirmed', 'partially_received', 'received', 'closed', 'cancelled')",
        name="purchase_order_state",
    ),
    CheckConstraint("state <> 'draft' OR ordered_on IS NULL", name="purchase_order_draft"),
    CheckConstraint("state IN ('draft', 'cancelled') OR ordered_on IS NOT NULL", name="purchase_order_sent"),
    CheckConstraint("total_minor BETWEEN 0 AND 100000000000000000", name="purchase_order_total"),
    Index("purchase_order_by_state", "state", "id"),
    Index("purchase_order_by_supplier", "supplier_id", "id"),
)

requisition = Table(
    "requisition",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("need_milli", Milli, nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("supplier_id", Id, ForeignKey("supplier.id")),
    Column("requested_by", Text),
    Column("approved_by", Text),
    Column("purchase_order_id", Id, ForeignKey("purchase_order.id")),
    Column("note", Text),
    Column("reason", Text),
    Column("order_id", Id),
    Column("order_line_id", Id),
    Column("approval_id", Id),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("number", name="requisition_number"),
    CheckConstraint("(origin = 'order') = (order_line_id IS NOT NULL)", name="requisition_of_an_order"),
    CheckConstraint("origin IN ('shortage', 'reorder_point', 'manual', 'order')", name="requisition_origin"),
    CheckConstraint(
        "state IN ('open', 'approved', 'ordered', 'closed', 'cancelled', 'rejected')",
        name="requisition_state",
    ),
    CheckConstraint(
        "(state IN ('ordered', 'closed')) = (purchase_order_id IS NOT NULL)", name="requisition_ordered"
    ),
    CheckConstraint("need_milli > 0 AND quantity_milli > 0", name="requisition_quantities"),
    Index("requisition_by_item", "item_id", "state"),
    Index("requisition_by_state", "state", "id"),
    Index("requisition_by_purchase_order", "purchase_order_id"),
    Index("requisition_by_order", "order_id"),
)
Index(
    "requisition_one_open",
    requisition.c.item_id,
    requisition.c.warehouse_id,
    requisition.c.origin,
    unique=True,
    postgresql_where=text("state = 'open' AND origin IN ('shortage', 'reorder_point')"),
    sqlite_where=text("state = 'open' AND origin IN ('shortage', 'reorder_point')"),
)

purchase_order_line = Table(
    "purchase_order_line",
    metadata,
    Column("id", Id, primary_key=True),
    Column("purchase_order_id", Id, ForeignKey("purchase_order.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("requisition_id", Id, ForeignKey("requisition.id"), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("most_milli", Milli, nullable=False),
    Column("received_milli", Milli, nullable=False),
    Column("unit_price_e4", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("expected_on", Date, nullable=False),
    UniqueConstraint("purchase_order_id", "position", name="purchase_order_line_position"),
    CheckConstraint(
        "quantity_milli > 0 AND most_milli >= quantity_milli", name="purchase_order_line_quantity"
    ),
    CheckConstraint("received_milli BETWEEN 0 AND most_milli", name="purchase_order_line_received"),
    CheckConstraint(
        "unit_price_e4 BETWEEN 0 AND 100000000000000000 AND amount_minor BETWEEN 0 AND 100000000000000000",
        name="purchase_order_line_price",
    ),
    Index("purchase_order_line_by_item", "item_id"),
    Index("purchase_order_line_by_requisition", "requisition_id"),
)

purchase_receipt_line = Table(
    "purchase_receipt_line",
    metadata,
    Column("document_id", Id, ForeignKey("stock_document.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("purchase_order_line_id", Id, ForeignKey("purchase_order_line.id"), nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("lot", String(64), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    CheckConstraint("quantity_milli > 0", name="purchase_receipt_line_quantity"),
    Index("purchase_receipt_line_by_line", "purchase_order_line_id"),
)

reorder_point = Table(
    "reorder_point",
    metadata,
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), primary_key=True),
    Column("minimum_milli", Milli, nullable=False),
    Column("maximum_milli", Milli, nullable=False),
    Column("multiple_milli", Milli),
    Column("horizon_days", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
    CheckConstraint(
        "minimum_milli >= 0 AND maximum_milli > 0 AND maximum_milli >= minimum_milli",
        name="reorder_point_bounds",
    ),
    CheckConstraint("multiple_milli > 0", name="reorder_point_multiple"),
    CheckConstraint("horizon_days BETWEEN 0 AND 3650", name="reorder_point_horizon"),
)
