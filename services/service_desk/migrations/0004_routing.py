"""How tickets were routed, and what was learnt of it."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ticket_routing",
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("decided_by", sa.String(8), nullable=False),
        sa.Column("rule", sa.String(80)),
        sa.Column("policy_version", sa.Integer, nullable=False),
        sa.Column("model_version", sa.Integer, nullable=False),
        sa.Column("confidence_bp", sa.Integer),
        sa.Column("corrected_by", sa.String(64)),
        sa.Column("corrected_at", Utc),
        sa.CheckConstraint(
            "decided_by IN ('rule', 'caller', 'model', 'nobody')", name="ticket_routing_decided"
        ),
        sa.CheckConstraint("(decided_by = 'rule') = (rule IS NOT NULL)", name="ticket_routing_rule"),
        sa.CheckConstraint("confidence_bp BETWEEN 0 AND 10000", name="ticket_routing_confidence"),
        sa.CheckConstraint(
            "(corrected_by IS NULL) = (corrected_at IS NULL)", name="ticket_routing_corrected"
        ),
    )
    op.create_table(
        "ticket_classifier",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("made_at", Utc, nullable=False),
        sa.Column("learnt_from", sa.Integer, nullable=False),
        sa.Column("model", Json, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("ticket_classifier")
    op.drop_table("ticket_routing")
