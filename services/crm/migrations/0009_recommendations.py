"""Recommendations, and what became of each."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Json, Milli, Utc

revision = "0009"
down_revision = "0008"
LIVE = "state IN ('open', 'snoozed')"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "recommendation",
        sa.Column("id", Id, primary_key=True),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("because_id", Id),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("value_minor", sa.BigInteger, nullable=False),
        sa.Column("chance_bp", sa.Integer, nullable=False),
        sa.Column("expected_minor", sa.BigInteger, nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("snoozed_until", sa.Date),
        sa.Column("made_at", Utc, nullable=False),
        sa.Column("shown_at", Utc),
        sa.Column("shown_to", sa.String(64)),
        sa.Column("decided_at", Utc),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("reason", sa.String(16)),
        sa.Column("detail", sa.Text),
        sa.Column("opportunity_id", Id, sa.ForeignKey("opportunity.id")),
        sa.Column("hit", sa.Boolean, nullable=False),
        *_checks(),
    )
    op.create_index(
        "recommendation_once",
        "recommendation",
        ["customer_id", "item_id"],
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    )
    op.create_index("recommendation_by_customer", "recommendation", ["customer_id", "state"])
    op.create_index("recommendation_by_worth", "recommendation", ["state", "expected_minor", "id"])
    op.create_index("recommendation_by_shown", "recommendation", ["shown_at"])


def _checks() -> tuple[sa.CheckConstraint, ...]:
    rules = {
        "state": "state IN ('open', 'snoozed', 'accepted', 'dismissed', 'lapsed')",
        "kind": "kind IN ('running_out', 'upgrade', 'goes_with', 'win_back', 'after_service')",
        "chance": "chance_bp BETWEEN 0 AND 10000",
        "worth": "quantity_milli > 0 AND value_minor >= 0",
        "snoozed": "(state = 'snoozed') = (snoozed_until IS NOT NULL)",
        "reason": "(state = 'dismissed') = (reason IS NOT NULL)",
        "opportunity": "state = 'accepted' OR opportunity_id IS NULL",
        "hit": "state = 'accepted' OR NOT hit",
        "decided": "state NOT IN ('accepted', 'dismissed') OR (shown_at IS NOT NULL AND decided_at IS NOT NULL)",
    }
    return tuple(sa.CheckConstraint(rule, name=f"recommendation_{name}") for name, rule in rules.items())


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("recommendation")
