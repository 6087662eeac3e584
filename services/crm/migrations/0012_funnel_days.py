"""Leads by when they came, opportunities by when they were opened: the funnel reads those of some days only."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the indexes."""
    op.create_index("lead_by_arrival", "lead", ["created_at"])
    op.create_index("opportunity_by_opening", "opportunity", ["opened_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("opportunity_by_opening", "opportunity")
    op.drop_index("lead_by_arrival", "lead")
