"""Changes of orders: what became of each at the warehouse, and how many an order has had."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table; no order was changed so far."""
    op.create_table(
        "reservation_change",
        sa.Column("change_id", Id, primary_key=True),
        sa.Column("order_id", Id, sa.ForeignKey("reservation.order_id"), nullable=False),
        sa.Column("change_no", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("detail", sa.Text),
        sa.Column("fully_shipped", sa.Boolean, nullable=False),
        sa.Column("decided_at", Utc, nullable=False),
        sa.CheckConstraint("outcome IN ('amended', 'refused')", name="reservation_change_outcome"),
        sa.CheckConstraint("change_no > 0", name="reservation_change_no"),
        sa.CheckConstraint(
            "(outcome = 'refused') = (reason IS NOT NULL)", name="reservation_change_says_why"
        ),
    )
    op.create_index("reservation_change_by_order", "reservation_change", ["order_id", "change_no"])
    op.add_column("reservation", sa.Column("change_no", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Take it all away."""
    op.drop_column("reservation", "change_no")
    op.drop_table("reservation_change")
