"""Prices that are worked out of what the item costs."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Milli

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add a table of its own: the version before this one reads the formulas, and takes none for one over the cost."""
    op.create_table(
        "price_policy_cost",
        sa.Column("policy_id", Id, sa.ForeignKey("price_policy.id"), primary_key=True),
        sa.Column("item_id", Id, primary_key=True),
        sa.Column("min_quantity_milli", Milli, primary_key=True),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("change_bp", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "min_quantity_milli BETWEEN 1 AND 1000000000000000", name="price_policy_cost_tier"
        ),
        sa.CheckConstraint("change_bp BETWEEN -10000 AND 90000", name="price_policy_cost_change"),
    )
    op.create_index("price_policy_cost_by_item", "price_policy_cost", ["item_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("price_policy_cost")
