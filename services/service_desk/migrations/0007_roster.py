"""Who tickets were given to, in turn."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table, and let what somebody has to do be counted."""
    op.create_table(
        "ticket_assignment",
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("assignee_id", sa.String(64)),
        sa.Column("means", sa.String(8), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("roster_version", sa.Integer, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.CheckConstraint("means IN ('load', 'hand', 'taken', 'routed')", name="ticket_assignment_means"),
        sa.CheckConstraint("no >= 1", name="ticket_assignment_no"),
    )
    op.create_index("ticket_assignment_by_person", "ticket_assignment", ["assignee_id", "at"])
    op.create_index("ticket_by_assignee", "ticket", ["assignee_id", "state"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ticket_by_assignee", "ticket")
    op.drop_table("ticket_assignment")
