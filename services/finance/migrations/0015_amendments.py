"""Orders that were changed after their confirmation: what of a line is invoiced as it was, and by which change."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Milli

revision = "0015"
down_revision = "0014"
KEPT = (("kept_milli", Milli), ("kept_minor", sa.BigInteger), ("kept_tax_minor", sa.BigInteger))


def upgrade() -> None:
    """Add the columns; no order was changed so far."""
    op.add_column("sales_order", sa.Column("change_no", sa.Integer, nullable=False, server_default="0"))
    for name, kind in KEPT:
        op.add_column("sales_order_line", sa.Column(name, kind, nullable=False, server_default="0"))


def downgrade() -> None:
    """Take them away."""
    for name, _ in reversed(KEPT):
        op.drop_column("sales_order_line", name)
    op.drop_column("sales_order", "change_no")
