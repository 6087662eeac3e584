"""Approvals of what is bought: which approval a requisition or a purchase order waits for, or ended by."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0014"
down_revision = "0013"
TABLES = ("requisition", "purchase_order")


def upgrade() -> None:
    """Add the approval; nothing was asked for so far."""
    for table in TABLES:
        op.add_column(table, sa.Column("approval_id", Id))


def downgrade() -> None:
    """Forget the approvals."""
    for table in TABLES:
        op.drop_column(table, "approval_id")
