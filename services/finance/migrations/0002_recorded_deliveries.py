"""Deliveries of another system, which wait for the invoices that they had there."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Milli, Utc

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of recorded deliveries."""
    op.create_table(
        "recorded_delivery",
        sa.Column("delivery_id", Id, primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("shipped_on", sa.Date, nullable=False),
        sa.Column("recorded_at", Utc, nullable=False),
    )
    op.create_table(
        "recorded_delivery_line",
        sa.Column("delivery_id", Id, sa.ForeignKey("recorded_delivery.delivery_id"), primary_key=True),
        sa.Column("order_line_id", Id, primary_key=True),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.CheckConstraint("quantity_milli > 0", name="recorded_delivery_line_quantity"),
    )


def downgrade() -> None:
    """Drop the tables of recorded deliveries."""
    op.drop_table("recorded_delivery_line")
    op.drop_table("recorded_delivery")
