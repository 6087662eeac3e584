"""Indexes for ageing: money that is not matched, and what was allocated after a day."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
_LEFT = sa.text("unallocated_minor > 0")


def upgrade() -> None:
    """Create the indexes."""
    op.create_index(
        "payment_unallocated", "payment", ["customer_id"], postgresql_where=_LEFT, sqlite_where=_LEFT
    )
    op.create_index("allocation_by_day", "allocation", ["allocated_on"])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("allocation_by_day")
    op.drop_index("payment_unallocated")
