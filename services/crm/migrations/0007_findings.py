"""Opportunities that come of what service noticed, and what of each order is revenue."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table of findings; from now on add up what is invoiced of an order without its tax."""
    op.add_column(
        "followed_order", sa.Column("revenue_minor", sa.BigInteger, nullable=False, server_default="0")
    )
    op.create_table(
        "opportunity_finding",
        sa.Column("finding_id", Id, primary_key=True),
        sa.Column("opportunity_id", Id, sa.ForeignKey("opportunity.id"), nullable=False),
        sa.Column("ticket_id", Id, nullable=False),
        sa.Column("ticket_number", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("noted_at", Utc, nullable=False),
        sa.UniqueConstraint("opportunity_id", name="opportunity_finding_opportunity"),
    )
    op.create_index("opportunity_finding_by_ticket", "opportunity_finding", ["ticket_id"])


def downgrade() -> None:
    """Drop the table and the column."""
    op.drop_table("opportunity_finding")
    op.drop_column("followed_order", "revenue_minor")
