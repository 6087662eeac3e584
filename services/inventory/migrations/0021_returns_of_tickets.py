"""From which ticket of the service desk a return was asked for."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the columns; the returns so far were asked for from none."""
    op.add_column("goods_return", sa.Column("request_id", Id))
    op.add_column("goods_return", sa.Column("ticket_id", Id))
    op.add_column("goods_return", sa.Column("ticket_number", sa.String(32)))
    op.create_index("goods_return_of_request", "goods_return", ["request_id"], unique=True)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("goods_return_of_request", "goods_return")
    for name in ("ticket_number", "ticket_id", "request_id"):
        op.drop_column("goods_return", name)
