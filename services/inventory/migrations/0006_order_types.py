"""What the type of an order asks of its stock: that it ships complete."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; what was ordered so far may leave in parts."""
    op.add_column(
        "reservation", sa.Column("ship_complete", sa.Boolean, nullable=False, server_default=sa.text("false"))
    )


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("reservation", "ship_complete")
