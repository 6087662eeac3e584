"""What prices are made for: the customer's group and region."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; the customers so far are in no group and no region."""
    op.add_column("customer", sa.Column("group", sa.String(40)))
    op.add_column("customer", sa.Column("region", sa.String(40)))


def downgrade() -> None:
    """Drop the columns."""
    for name in ("region", "group"):
        op.drop_column("customer", name)
