"""What items cost, and what lines of quotations and orders cost when they were priced."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Utc

revision = "0008"
down_revision = "0007"
CAP = 10**17
LINES = ("quotation_line", "sales_order_line")


def upgrade() -> None:
    """Create the replica; of the lines so far nobody knew what they cost."""
    op.create_table(
        "item_cost",
        sa.Column("item_id", Id, primary_key=True),
        sa.Column("unit_cost_e4", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("changed_on", sa.Date, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.CheckConstraint(f"unit_cost_e4 BETWEEN 0 AND {CAP}", name="item_cost_unit_cost"),
    )
    for lines in LINES:
        op.add_column(lines, sa.Column("unit_cost_e4", sa.BigInteger))
        op.add_column(lines, sa.Column("cost_minor", sa.BigInteger))


def downgrade() -> None:
    """Forget what things cost."""
    for lines in LINES:
        op.drop_column(lines, "cost_minor")
        op.drop_column(lines, "unit_cost_e4")
    op.drop_table("item_cost")
