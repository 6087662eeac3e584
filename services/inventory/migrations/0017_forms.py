"""What items say of the company's own form."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Json

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the columns; the items so far say nothing."""
    op.add_column("item", sa.Column("fields", Json, nullable=False, server_default="{}"))
    op.add_column("item", sa.Column("form_version", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("item", "form_version")
    op.drop_column("item", "fields")
