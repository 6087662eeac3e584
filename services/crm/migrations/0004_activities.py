"""Activities: what was done with customers, and what is to be done."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "activity",
        sa.Column("id", Id, primary_key=True),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("opportunity_id", Id, sa.ForeignKey("opportunity.id")),
        sa.Column("contact_id", Id, sa.ForeignKey("contact.id")),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("owner_id", sa.String(64), nullable=False),
        sa.Column("due_at", Utc),
        sa.Column("done_at", Utc),
        sa.Column("outcome", sa.Text),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("kind IN ('call', 'visit', 'mail', 'task', 'note')", name="activity_kind"),
        sa.CheckConstraint(
            "kind <> 'note' OR (due_at IS NULL AND done_at IS NOT NULL)", name="activity_note"
        ),
        sa.CheckConstraint("outcome IS NULL OR done_at IS NOT NULL", name="activity_outcome_when_done"),
    )
    op.create_index("activity_by_customer", "activity", ["customer_id", "id"])
    op.create_index("activity_by_opportunity", "activity", ["opportunity_id", "id"])
    op.create_index("activity_to_do", "activity", ["owner_id", "done_at", "due_at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("activity")
