"""The tables of sales: replicas of items and customers, price policies, quotations, orders and their holds."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Json, Milli, Utc

revision = "0001"
down_revision = None

TABLES = (
    "item",
    "customer",
    "price_policy",
    "price_policy_line",
    "quotation",
    "quotation_line",
    "sales_order",
    "sales_order_line",
    "order_hold",
)


def upgrade() -> None:
    """Create the tables of sales."""
    _replicas()
    _policies()
    _quotations()
    _orders()
    _order_lines()
    _holds()


def _replicas() -> None:
    op.create_table(
        "item",
        sa.Column("id", Id, primary_key=True),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("uom", sa.Text, nullable=False),
        sa.Column("decimals", sa.SmallInteger, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.CheckConstraint("decimals BETWEEN 0 AND 3", name="item_decimals"),
    )
    op.create_table(
        "customer",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("owner_id", sa.String(64)),
        sa.Column("updated_at", Utc, nullable=False),
    )
    op.create_index("customer_by_owner", "customer", ["owner_id"])


def _policies() -> None:
    op.create_table(
        "price_policy",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("customer_id", Id),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_until", sa.Date),
        sa.Column("superseded_by", Id),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("name", "revision", name="price_policy_revision"),
        sa.CheckConstraint("revision > 0", name="price_policy_revision_positive"),
        sa.CheckConstraint("valid_until >= valid_from", name="price_policy_window"),
    )
    op.create_index(
        "price_policy_current",
        "price_policy",
        ["name"],
        unique=True,
        postgresql_where=sa.text("superseded_by IS NULL"),
        sqlite_where=sa.text("superseded_by IS NULL"),
    )
    op.create_table(
        "price_policy_line",
        sa.Column("policy_id", Id, sa.ForeignKey("price_policy.id"), primary_key=True),
        sa.Column("item_id", Id, primary_key=True),
        sa.Column("min_quantity_milli", Milli, primary_key=True),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("unit_price_e4", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "min_quantity_milli BETWEEN 1 AND 1000000000000000", name="price_policy_line_tier"
        ),
        sa.CheckConstraint("unit_price_e4 BETWEEN 0 AND 100000000000000000", name="price_policy_line_price"),
    )
    op.create_index("price_policy_line_by_item", "price_policy_line", ["item_id"])


def _quotations() -> None:
    op.create_table(
        "quotation",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("promised_on", sa.Date),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("rounding_e11", sa.BigInteger, nullable=False),
        sa.Column("lines_rounded", sa.Integer, nullable=False),
        sa.Column("order_id", Id),
        sa.Column("decline_reason", sa.Text),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("number", name="quotation_number"),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'accepted', 'expired', 'declined', 'cancelled')",
            name="quotation_state",
        ),
        sa.CheckConstraint(
            "(state = 'accepted') = (order_id IS NOT NULL)", name="quotation_accepted_has_order"
        ),
        sa.CheckConstraint("total_minor BETWEEN 0 AND 100000000000000000", name="quotation_total"),
        sa.CheckConstraint("valid_until >= issued_on", name="quotation_window"),
    )
    op.create_index("quotation_by_customer", "quotation", ["customer_id", "id"])
    op.create_index("quotation_by_state", "quotation", ["state", "valid_until"])
    op.create_table(
        "quotation_line",
        sa.Column("id", Id, primary_key=True),
        sa.Column("quotation_id", Id, sa.ForeignKey("quotation.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("uom", sa.Text, nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("unit_price_e4", sa.BigInteger, nullable=False),
        sa.Column("discount_bp", sa.Integer, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("price_trace", Json, nullable=False),
        sa.UniqueConstraint("quotation_id", "line_no", name="quotation_line_no"),
        sa.CheckConstraint("quantity_milli BETWEEN 1 AND 1000000000000000", name="quotation_line_quantity"),
        sa.CheckConstraint("unit_price_e4 BETWEEN 0 AND 100000000000000000", name="quotation_line_price"),
        sa.CheckConstraint("discount_bp BETWEEN 0 AND 10000", name="quotation_line_discount"),
        sa.CheckConstraint("amount_minor BETWEEN 0 AND 100000000000000000", name="quotation_line_amount"),
    )


def _orders() -> None:
    op.create_table(
        "sales_order",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("quotation_id", Id, sa.ForeignKey("quotation.id")),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("ordered_on", sa.Date, nullable=False),
        sa.Column("promised_on", sa.Date),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("delivery_status", sa.String(16), nullable=False),
        sa.Column("billing_status", sa.String(16), nullable=False),
        sa.Column("payment_status", sa.String(16), nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("rounding_e11", sa.BigInteger, nullable=False),
        sa.Column("lines_rounded", sa.Integer, nullable=False),
        sa.Column("invoiced_minor", sa.BigInteger, nullable=False),
        sa.Column("paid_minor", sa.BigInteger, nullable=False),
        sa.Column("cancel_requested_at", Utc),
        sa.Column("cancel_reason", sa.Text),
        sa.Column("cancel_detail", sa.Text),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("number", name="sales_order_number"),
        sa.UniqueConstraint("quotation_id", name="sales_order_once_per_quotation"),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed', 'processing', 'done', 'cancelled')", name="sales_order_state"
        ),
        sa.CheckConstraint(
            "delivery_status IN ('none', 'waiting', 'partial', 'full')", name="sales_order_delivery"
        ),
        sa.CheckConstraint(
            "billing_status IN ('none', 'to_invoice', 'partial', 'invoiced')", name="sales_order_billing"
        ),
        sa.CheckConstraint("payment_status IN ('not_paid', 'partial', 'paid')", name="sales_order_payment"),
        sa.CheckConstraint(
            "state <> 'cancelled' OR cancel_reason IS NOT NULL", name="sales_order_cancelled_says_why"
        ),
        sa.CheckConstraint(
            "state <> 'done' OR (billing_status = 'invoiced' AND payment_status = 'paid')",
            name="sales_order_done_is_complete",
        ),
        sa.CheckConstraint("total_minor BETWEEN 0 AND 100000000000000000", name="sales_order_total"),
        sa.CheckConstraint("invoiced_minor BETWEEN 0 AND 100000000000000000", name="sales_order_invoiced"),
        sa.CheckConstraint("paid_minor BETWEEN 0 AND 100000000000000000", name="sales_order_paid"),
    )
    op.create_index("sales_order_by_customer", "sales_order", ["customer_id", "id"])
    op.create_index("sales_order_by_state", "sales_order", ["state", "id"])
    op.create_index("sales_order_by_day", "sales_order", ["ordered_on"])


def _order_lines() -> None:
    op.create_table(
        "sales_order_line",
        sa.Column("id", Id, primary_key=True),
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("uom", sa.Text, nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("unit_price_e4", sa.BigInteger, nullable=False),
        sa.Column("discount_bp", sa.Integer, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("shipped_milli", Milli, nullable=False),
        sa.Column("invoiced_milli", Milli, nullable=False),
        sa.Column("given_up_milli", Milli, nullable=False),
        sa.UniqueConstraint("order_id", "line_no", name="sales_order_line_no"),
        sa.CheckConstraint("quantity_milli BETWEEN 1 AND 1000000000000000", name="sales_order_line_quantity"),
        sa.CheckConstraint("unit_price_e4 BETWEEN 0 AND 100000000000000000", name="sales_order_line_price"),
        sa.CheckConstraint("discount_bp BETWEEN 0 AND 10000", name="sales_order_line_discount"),
        sa.CheckConstraint("amount_minor BETWEEN 0 AND 100000000000000000", name="sales_order_line_amount"),
        sa.CheckConstraint("shipped_milli BETWEEN 0 AND quantity_milli", name="sales_order_line_shipped"),
        sa.CheckConstraint(
            "given_up_milli BETWEEN 0 AND quantity_milli - shipped_milli", name="sales_order_line_given_up"
        ),
        sa.CheckConstraint("invoiced_milli BETWEEN 0 AND quantity_milli", name="sales_order_line_invoiced"),
    )


def _holds() -> None:
    op.create_table(
        "order_hold",
        sa.Column("id", Id, primary_key=True),
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.id"), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.Column("deadline", Utc, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("releases_by", sa.Text, nullable=False),
        sa.Column("escalations", sa.Integer, nullable=False),
        sa.Column("released_at", Utc),
        sa.Column("released_by", sa.Text),
        sa.CheckConstraint("code IN ('stock', 'credit')", name="order_hold_code"),
        sa.CheckConstraint(
            "(released_at IS NULL) = (released_by IS NULL)", name="order_hold_release_says_why"
        ),
        sa.CheckConstraint("days > 0 AND escalations >= 0", name="order_hold_counts"),
    )
    op.create_index("order_hold_by_order", "order_hold", ["order_id"])
    op.create_index("order_hold_due", "order_hold", ["released_at", "deadline"])
    op.create_index(
        "order_hold_open",
        "order_hold",
        ["order_id", "code"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL"),
        sqlite_where=sa.text("released_at IS NULL"),
    )


def downgrade() -> None:
    """Drop the tables of sales."""
    for table in reversed(TABLES):
        op.drop_table(table)
