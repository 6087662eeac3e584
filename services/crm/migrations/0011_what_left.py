"""When the goods of an order left first, and what they cost: of orders so far nobody told crm."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Utc

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns; what was shipped before has no known cost, so no margin is shown of it."""
    op.add_column("followed_order", sa.Column("shipped_at", Utc))
    op.add_column(
        "followed_order", sa.Column("cost_minor", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    )
    op.add_column("followed_order", sa.Column("cost_currency", Currency))
    op.add_column(
        "followed_order", sa.Column("uncosted", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.execute("UPDATE followed_order SET uncosted = true WHERE state = 'completed' OR invoiced_minor > 0")


def downgrade() -> None:
    """Drop them."""
    for column in ("uncosted", "cost_currency", "cost_minor", "shipped_at"):
        op.drop_column("followed_order", column)
