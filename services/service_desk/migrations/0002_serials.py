"""The serials of what customers hold, and how much of a shipped line came back."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table of serials, and let a line say what came back of it."""
    op.execute(
        "ALTER TABLE installed_item ADD COLUMN returned_milli BIGINT NOT NULL DEFAULT 0 "
        "CONSTRAINT installed_item_returned CHECK (returned_milli BETWEEN 0 AND quantity_milli)"
    )
    op.create_table(
        "installed_serial",
        sa.Column("delivery_id", Id, primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("serial", sa.String(64), primary_key=True),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("returned_on", sa.Date),
        sa.Column("created_at", Utc, nullable=False),
    )
    op.create_index("installed_serial_by_number", "installed_serial", ["serial", "item_id"])


def downgrade() -> None:
    """Drop the table and the column."""
    op.drop_table("installed_serial")
    op.drop_column("installed_item", "returned_milli")
