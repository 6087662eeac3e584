"""Tickets, what customers hold, and replicas of customers and items."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Milli, Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables of the service desk."""
    _replicas()
    _installed_items()
    _tickets()


def _replicas() -> None:
    op.create_table(
        "customer",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("owner_id", sa.String(64)),
        sa.Column("as_of_sequence", sa.BigInteger, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
    )
    op.create_index("customer_by_owner", "customer", ["owner_id"])
    op.create_table(
        "item",
        sa.Column("id", Id, primary_key=True),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("as_of_sequence", sa.BigInteger, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
    )


def _installed_items() -> None:
    op.create_table(
        "installed_item",
        sa.Column("id", Id, primary_key=True),
        sa.Column("delivery_id", Id, nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("delivery_number", sa.Text, nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("item_name", sa.Text, nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("lot", sa.String(64)),
        sa.Column("shipped_on", sa.Date, nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.UniqueConstraint("delivery_id", "line_no", name="installed_item_once"),
        sa.CheckConstraint("line_no >= 1", name="installed_item_line_no"),
        sa.CheckConstraint(
            "quantity_milli > 0 AND quantity_milli <= 1000000000000000", name="installed_item_quantity"
        ),
    )
    op.create_index("installed_item_by_customer", "installed_item", ["customer_id", "shipped_on", "id"])
    op.create_index("installed_item_by_date", "installed_item", ["shipped_on", "id"])
    op.create_index("installed_item_by_item", "installed_item", ["item_id", "lot"])
    op.create_index("installed_item_by_order", "installed_item", ["order_id"])


def _tickets() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("queue", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("order_id", Id),
        sa.Column("item_id", Id),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("opened_at", Utc, nullable=False),
        sa.Column("assignee_id", sa.String(64)),
        sa.Column("resolution", sa.Text),
        sa.Column("resolved_on", sa.Date),
        sa.Column("resolved_at", Utc),
        sa.Column("closed_at", Utc),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("number", name="ticket_number"),
        sa.CheckConstraint(
            "kind IN ('technical', 'quality', 'delivery', 'billing', 'other')", name="ticket_kind"
        ),
        sa.CheckConstraint(
            "queue IN ('technical_support', 'production', 'warehouse', 'finance')", name="ticket_queue"
        ),
        sa.CheckConstraint("state IN ('new', 'open', 'pending', 'resolved', 'closed')", name="ticket_state"),
        sa.CheckConstraint(
            "(state IN ('resolved', 'closed')) = (resolution IS NOT NULL)",
            name="ticket_resolved_has_resolution",
        ),
        sa.CheckConstraint("(resolution IS NULL) = (resolved_on IS NULL)", name="ticket_resolution_has_day"),
        sa.CheckConstraint("(resolution IS NULL) = (resolved_at IS NULL)", name="ticket_resolution_has_time"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="ticket_closed_has_time"),
        sa.CheckConstraint(
            "resolved_on IS NULL OR resolved_on >= opened_on", name="ticket_resolved_after_opened"
        ),
    )
    op.create_index("ticket_by_customer", "ticket", ["customer_id", "opened_on", "id"])
    op.create_index("ticket_by_date", "ticket", ["opened_on", "id"])
    op.create_index("ticket_by_queue", "ticket", ["queue", "state", "opened_on", "id"])
    op.create_index("ticket_to_close", "ticket", ["state", "resolved_at"])


def downgrade() -> None:
    """Drop the tables of the service desk."""
    for table in ("ticket", "installed_item", "item", "customer"):
        op.drop_table(table)
