"""Credit at the delivery: when finance is asked, and its word; confirmations that find stock taken back."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Utc

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the tables; notes that are open count from when their order was confirmed, as far as that is known."""
    op.add_column("reservation", sa.Column("confirmed_at", Utc))
    op.add_column("reservation", sa.Column("credit_since", Utc))
    op.add_column("delivery", sa.Column("credit_since", Utc))
    op.execute(
        "ALTER TABLE delivery ADD COLUMN credit VARCHAR(10) DEFAULT 'not_needed' NOT NULL "
        "CONSTRAINT delivery_credit_state CHECK (credit IN ('not_needed', 'asked', 'granted', 'refused'))"
    )
    op.execute(
        "UPDATE delivery SET credit_since = COALESCE(confirmed_at, created_at) "
        "WHERE state IN ('draft', 'waiting', 'ready', 'picked', 'packed')"
    )
    _rule()
    _questions()


def _rule() -> None:
    op.create_table(
        "delivery_check",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("when_asked", sa.String(12), nullable=False),
        sa.Column("days", sa.Integer),
        sa.Column("kept_at", Utc, nullable=False),
        sa.CheckConstraint("id = 1", name="delivery_check_is_one"),
        sa.CheckConstraint("when_asked IN ('never', 'always', 'after_days')", name="delivery_check_when"),
        sa.CheckConstraint("(when_asked = 'after_days') = (days IS NOT NULL)", name="delivery_check_days"),
    )


def _questions() -> None:
    op.create_table(
        "delivery_credit",
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), primary_key=True),
        sa.Column("question", sa.Integer, nullable=False),
        sa.Column("asked_at", Utc, nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("deadline", Utc, nullable=False),
        sa.Column("escalations", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16)),
        sa.Column("reasons", Json),
        sa.Column("figures", Json),
        sa.Column("decided_at", Utc),
        sa.Column("hand_over_on", sa.Date),
        sa.CheckConstraint("question > 0 AND escalations >= 0", name="delivery_credit_counts"),
    )
    op.create_index("delivery_credit_due", "delivery_credit", ["deadline"])


def downgrade() -> None:
    """Drop what was added; goods that were held back may then leave."""
    op.drop_table("delivery_credit")
    op.drop_table("delivery_check")
    op.drop_column("delivery", "credit_since")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("delivery", "credit")
    else:  # SQLite drops no column that a check names; it then says nothing and may stay
        op.execute("UPDATE delivery SET credit = 'not_needed' WHERE credit <> 'not_needed'")
    op.drop_column("reservation", "credit_since")
    op.drop_column("reservation", "confirmed_at")
