"""What customers say of the company's own form."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Json

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns; the customers so far say nothing."""
    op.add_column("customer", sa.Column("fields", Json, nullable=False, server_default="{}"))
    op.add_column("customer", sa.Column("form_version", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("customer", "form_version")
    op.drop_column("customer", "fields")
