"""The tables of sales; the migrations create them, this says how to speak to them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from libs.common.db.types import Currency, Id, Json, Milli, Utc

metadata = MetaData()

item = Table(
    "item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("sku", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("uom", Text, nullable=False),
    Column("decimals", SmallInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("updated_at", Utc, nullable=False),
    CheckConstraint("decimals BETWEEN 0 AND 3", name="item_decimals"),
)

customer = Table(
    "customer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("owner_id", String(64)),
    Column("updated_at", Utc, nullable=False),
    Index("customer_by_owner", "owner_id"),
)

price_policy = Table(
    "price_policy",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("customer_id", Id),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("superseded_by", Id),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name", "revision", name="price_policy_revision"),
    CheckConstraint("revision > 0", name="price_policy_revision_positive"),
    CheckConstraint("valid_until >= valid_from", name="price_policy_window"),
    Index(
        "price_policy_current",
        "name",
        unique=True,
        postgresql_where=text("superseded_by IS NULL"),
        sqlite_where=text("superseded_by IS NULL"),
    ),
)

price_policy_line = Table(
    "price_policy_line",
    metadata,
    Column("policy_id", Id, ForeignKey("price_policy.id"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("min_quantity_milli", Milli, primary_key=True),
    Column("line_no", Integer, nullable=False),
    Column("unit_price_e4", BigInteger, nullable=False),
    CheckConstraint("min_quantity_milli BETWEEN 1 AND 1000000000000000", name="price_policy_line_tier"),
    CheckConstraint("unit_price_e4 BETWEEN 0 AND 100000000000000000", name="price_policy_line_price"),
    Index("price_policy_line_by_item", "item_id"),
)

quotation = Table(
    "quotation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("promised_on", Date),
    Column("total_minor", BigInteger, nullable=False),
    Column("rounding_e11", BigInteger, nullable=False),
    Column("lines_rounded", Integer, nullable=False),
    Column("order_id", Id),
    Column("decline_reason", Text),
    Column("created_by", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("number", name="quotation_number"),
    CheckConstraint(
        "state IN ('draft', 'sent', 'accepted', 'expired', 'declined', 'cancelled')", name="quotation_state"
    ),
    CheckConstraint("(state = 'accepted') = (order_id IS NOT NULL)", name="quotation_accepted_has_order"),
    CheckConstraint("total_minor BETWEEN 0 AND 100000000000000000", name="quotation_total"),
    CheckConstraint("valid_until >= issued_on", name="quotation_window"),
    Index("quotation_by_customer", "customer_id", "id"),
    Index("quotation_by_state", "state", "valid_until"),
)

quotation_line = Table(
    "quotation_line",
    metadata,
    Column("id", Id, primary_key=True),
    Column("quotation_id", Id, ForeignKey("quotation.id"), nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("item_id", Id, nullable=False),
    Column("sku", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("uom", Text, nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("unit_price_e4", BigInteger, nullable=False),
    Column("discount_bp", Integer, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("price_trace", Json, nullable=False),
    UniqueConstraint("quotation_id", "line_no", name="quotation_line_no"),
    CheckConstraint("quantity_milli BETWEEN 1 AND 1000000000000000", name="quotation_line_quantity"),
    CheckConstraint("unit_price_e4 BETWEEN 0 AND 100000000000000000", name="quotation_line_price"),
    CheckConstraint("discount_bp BETWEEN 0 AND 10000", name="quotation_line_discount"),
    CheckConstraint("amount_minor BETWEEN 0 AND 100000000000000000", name="quotation_line_amount"),
)

sales_order = Table(
    "sales_order",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("quotation_id", Id, ForeignKey("quotation.id")),
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("conversation_id", String(64), nullable=False),
    Column("ordered_on", Date, nullable=False),
    Column("promised_on", Date),
    Column("state", String(16), nullable=False),
    Column("delivery_status", String(16), nullable=False),
    Column("billing_status", String(16), nullable=False),
    Column("payment_status", String(16), nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("rounding_e11", BigInteger, nullable=False),
    Column("lines_rounded", Integer, nullable=False),
    Column("invoiced_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False),
    Column("cancel_requested_at", Utc),
    Column("cancel_reason", Text),
    Column("cancel_detail", Text),
    Column("created_by", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("number", name="sales_order_number"),
    UniqueConstraint("quotation_id", name="sales_order_once_per_quotation"),
    CheckConstraint(
        "state IN ('pending', 'confirmed', 'processing', 'done', 'cancelled')", name="sales_order_state"
    ),
    CheckConstraint("delivery_status IN ('none', 'waiting', 'partial', 'full')", name="sales_order_delivery"),
    CheckConstraint(
        "billing_status IN ('none', 'to_invoice', 'partial', 'invoiced')", name="sales_order_billing"
    ),
    CheckConstraint("payment_status IN ('not_paid', 'partial', 'paid')", name="sales_order_payment"),
    CheckConstraint(
        "state <> 'cancelled' OR cancel_reason IS NOT NULL", name="sales_order_cancelled_says_why"
    ),
    CheckConstraint(
        "state <> 'done' OR (billing_status = 'invoiced' AND payment_status = 'paid')",
        name="sales_order_done_is_complete",
    ),
    CheckConstraint("total_minor BETWEEN 0 AND 100000000000000000", name="sales_order_total"),
    CheckConstraint("invoiced_minor BETWEEN 0 AND 100000000000000000", name="sales_order_invoiced"),
    CheckConstraint("paid_minor BETWEEN 0 AND 100000000000000000", name="sales_order_paid"),
    Index("sales_order_by_customer", "customer_id", "id"),
    Index("sales_order_by_state", "state", "id"),
    Index("sales_order_by_day", "ordered_on"),
)

sales_order_line = Table(
    "sales_order_line",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("sales_order.id"), nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("item_id", Id, nullable=False),
    Column("sku", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("uom", Text, nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("unit_price_e4", BigInteger, nullable=False),
    Column("discount_bp", Integer, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("shipped_milli", Milli, nullable=False),
    Column("invoiced_milli", Milli, nullable=False),
    Column("given_up_milli", Milli, nullable=False),
    UniqueConstraint("order_id", "line_no", name="sales_order_line_no"),
    CheckConstraint("quantity_milli BETWEEN 1 AND 1000000000000000", name="sales_order_line_quantity"),
    CheckConstraint("unit_price_e4 BETWEEN 0 AND 100000000000000000", name="sales_order_line_price"),
    CheckConstraint("discount_bp BETWEEN 0 AND 10000", name="sales_order_line_discount"),
    CheckConstraint("amount_minor BETWEEN 0 AND 100000000000000000", name="sales_order_line_amount"),
    CheckConstraint("shipped_milli BETWEEN 0 AND quantity_milli", name="sales_order_line_shipped"),
    CheckConstraint(
        "given_up_milli BETWEEN 0 AND quantity_milli - shipped_milli", name="sales_order_line_given_up"
    ),
    CheckConstraint("invoiced_milli BETWEEN 0 AND quantity_milli", name="sales_order_line_invoiced"),
)

order_hold = Table(
    "order_hold",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("sales_order.id"), nullable=False),
    Column("code", String(16), nullable=False),
    Column("figures", Json, nullable=False),
    Column("owner", String(32), nullable=False),
    Column("since", Utc, nullable=False),
    Column("deadline", Utc, nullable=False),
    Column("days", Integer, nullable=False),
    Column("releases_by", Text, nullable=False),
    Column("escalations", Integer, nullable=False),
    Column("released_at", Utc),
    Column("released_by", Text),
    CheckConstraint("code IN ('stock', 'credit')", name="order_hold_code"),
    CheckConstraint("(released_at IS NULL) = (released_by IS NULL)", name="order_hold_release_says_why"),
    CheckConstraint("days > 0 AND escalations >= 0", name="order_hold_counts"),
    Index("order_hold_by_order", "order_id"),
    Index("order_hold_due", "released_at", "deadline"),
    Index(
        "order_hold_open",
        "order_id",
        "code",
        unique=True,
        postgresql_where=text("released_at IS NULL"),
        sqlite_where=text("released_at IS NULL"),
    ),
)
