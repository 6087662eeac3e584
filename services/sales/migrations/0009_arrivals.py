"""Arrivals: what became of an order's deliveries after they had left, and when it was late."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Milli, Utc

revision = "0009"
down_revision = "0008"
TABLES = ("order_arrival", "order_arrival_line", "order_delay")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "order_arrival",
        sa.Column("delivery_id", Id, primary_key=True),
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.id"), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("shipped_on", sa.Date, nullable=False),
        sa.Column("delivered_on", sa.Date, nullable=False),
        sa.Column("signed_by", sa.Text, nullable=False),
        sa.Column("on_time", sa.Boolean),
        sa.Column("return_number", sa.String(32)),
        sa.Column("recorded_at", Utc, nullable=False),
    )
    op.create_index("order_arrival_by_order", "order_arrival", ["order_id", "delivery_id"])
    op.create_table(
        "order_arrival_line",
        sa.Column("delivery_id", Id, sa.ForeignKey("order_arrival.delivery_id"), primary_key=True),
        sa.Column("order_line_id", Id, sa.ForeignKey("sales_order_line.id"), primary_key=True),
        sa.Column("delivered_milli", Milli, nullable=False),
        sa.Column("refused_milli", Milli, nullable=False),
        sa.CheckConstraint("delivered_milli > 0", name="order_arrival_line_delivered"),
        sa.CheckConstraint("refused_milli BETWEEN 0 AND delivered_milli", name="order_arrival_line_refused"),
    )
    op.create_index("order_arrival_line_by_line", "order_arrival_line", ["order_line_id"])
    op.create_table(
        "order_delay",
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.id"), primary_key=True),
        sa.Column("promised_on", sa.Date, primary_key=True),
        sa.Column("noticed_on", sa.Date, nullable=False),
        sa.Column("waits_for", sa.String(16), nullable=False),
        sa.Column("recorded_at", Utc, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
