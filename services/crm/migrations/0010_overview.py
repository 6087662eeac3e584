"""The overview of customers, the invoices and tickets that it rests on, and why somebody could not be looked at."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Utc

revision = "0010"
down_revision = "0009"
_COUNTS = (
    "orders", "revenue_minor", "open_minor", "overdue_minor", "open_tickets", "ratings", "rated_points",
    "open_opportunities", "opportunity_minor",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables, widen those that are followed, and let every customer be worked out."""
    op.add_column("followed_order", sa.Column("confirmed_at", Utc))
    op.add_column("followed_order", sa.Column("recorded", sa.Boolean))
    op.add_column("followed_ticket", sa.Column("open", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("followed_ticket", sa.Column("score", sa.Integer))
    op.add_column("followed_ticket", sa.Column("rated_on", sa.Date))
    op.add_column("customer_buying", sa.Column("failed_at", Utc))
    op.add_column("customer_buying", sa.Column("failure", sa.String(200)))
    op.execute("UPDATE followed_ticket SET open = true WHERE resolved_on IS NULL")
    # When these orders were confirmed was not kept; what was invoiced or is done was, and counts by its own day.
    op.execute("UPDATE followed_order SET recorded = true WHERE state = 'completed' OR invoiced_minor > 0")
    _invoices()
    _overview()
    op.execute(
        "INSERT INTO customer_overview (customer_id, due, currency, high_value) "
        "SELECT id, true, currency, false FROM customer"
    )


def _invoices() -> None:
    op.create_table(
        "followed_invoice",
        sa.Column("invoice_id", Id, primary_key=True),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("currency", Currency),
        sa.Column("total_minor", sa.BigInteger),
        sa.Column("settled_minor", sa.BigInteger, nullable=False),
    )
    op.create_index("followed_invoice_by_customer", "followed_invoice", ["customer_id", "due_on"])


def _overview() -> None:
    op.create_table(
        "customer_overview",
        sa.Column("customer_id", Id, primary_key=True),
        sa.Column("due", sa.Boolean, nullable=False),
        sa.Column("looked_on", sa.Date),
        sa.Column("looked_at", Utc),
        sa.Column("currency", Currency),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in _COUNTS),
        sa.Column("last_on", sa.Date),
        sa.Column("overdue_since", sa.Date),
        sa.Column("risk_bp", sa.Integer),
        sa.Column("health", sa.Integer, nullable=False, server_default="2"),
        sa.Column("recency", sa.Integer),
        sa.Column("frequency", sa.Integer),
        sa.Column("monetary", sa.Integer),
        sa.Column("segment", sa.String(12)),
        sa.Column("high_value", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.CheckConstraint("health BETWEEN 0 AND 2", name="customer_overview_health"),
        sa.CheckConstraint("(segment IS NULL) = (recency IS NULL)", name="customer_overview_segment"),
        sa.CheckConstraint("overdue_minor <= open_minor", name="customer_overview_overdue"),
    )
    op.create_index("customer_overview_due", "customer_overview", ["due", "looked_on"])


def downgrade() -> None:
    """Drop what was created."""
    op.drop_table("customer_overview")
    op.drop_table("followed_invoice")
    for name in ("failure", "failed_at"):
        op.drop_column("customer_buying", name)
    for name in ("rated_on", "score", "open"):
        op.drop_column("followed_ticket", name)
    for name in ("recorded", "confirmed_at"):
        op.drop_column("followed_order", name)
