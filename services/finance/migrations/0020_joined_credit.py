"""Which order the credit of a change has joined: what an override let the change pass is the order's from then on."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the column; nothing has joined before."""
    op.add_column("credit_hold", sa.Column("joined_order_id", Id))
