"""Orders that were changed: what was refused of goods that had left before, and the order that a hold has joined."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Milli

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the columns; of lines that were changed, what was refused is taken to have left before."""
    column = sa.Column("kept_waived_milli", Milli, nullable=False, server_default="0")
    op.add_column("sales_order_line", column)
    op.add_column("credit_hold", sa.Column("joined_order_id", Id))
    op.execute(
        "UPDATE sales_order_line SET kept_waived_milli = "
        "CASE WHEN waived_milli < kept_milli THEN waived_milli ELSE kept_milli END "
        "WHERE kept_milli > 0 AND waived_milli > 0"
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_column("credit_hold", "joined_order_id")
    op.drop_column("sales_order_line", "kept_waived_milli")
