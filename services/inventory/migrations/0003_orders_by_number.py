"""Orders found by their numbers: the shipments of the past name them so, a few hundred at a time."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the index."""
    op.create_index("reservation_by_order_number", "reservation", ["order_number"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("reservation_by_order_number")
