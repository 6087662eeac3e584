"""Which opportunity of crm a quotation was wanted for."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column; the quotations so far were wanted for none."""
    op.add_column("quotation", sa.Column("opportunity_id", Id))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("quotation", "opportunity_id")
