"""Prices for groups, channels and regions, and prices that are worked out of others."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Milli

revision = "0003"
down_revision = "0002"
_WORDS = (
    ("customer", ("group", "region")),
    ("price_policy", ("customer_group", "channel", "region")),
    ("quotation", ("channel",)),
)


def upgrade() -> None:
    """Add what prices may name, and the formulas; the policies so far name what they named.

    A formula is a row of its own, not a price without an amount: the version before this one reads prices only.
    """
    for table, words in _WORDS:
        for word in words:
            op.add_column(table, sa.Column(word, sa.String(40)))
    op.create_table(
        "price_policy_formula",
        sa.Column("policy_id", Id, sa.ForeignKey("price_policy.id"), primary_key=True),
        sa.Column("item_id", Id, primary_key=True),
        sa.Column("min_quantity_milli", Milli, primary_key=True),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("change_bp", sa.Integer, nullable=False),
        sa.Column("base_policy", sa.String(120)),
        sa.CheckConstraint(
            "min_quantity_milli BETWEEN 1 AND 1000000000000000", name="price_policy_formula_tier"
        ),
        sa.CheckConstraint("change_bp BETWEEN -10000 AND 10000", name="price_policy_formula_change"),
    )
    op.create_index("price_policy_formula_by_item", "price_policy_formula", ["item_id"])


def downgrade() -> None:
    """Drop the table and the columns."""
    op.drop_table("price_policy_formula")
    for table, words in reversed(_WORDS):
        for word in reversed(words):
            op.drop_column(table, word)
