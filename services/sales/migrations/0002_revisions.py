"""Revisions of quotations: which one a quotation revises, and by which it is superseded."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; every quotation so far is a first revision, and each is revised at most once."""
    op.add_column("quotation", sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
    op.add_column("quotation", sa.Column("revises", Id))
    op.add_column("quotation", sa.Column("superseded_by", Id))
    op.create_index("quotation_revised_once", "quotation", ["revises"], unique=True)


def downgrade() -> None:
    """Drop the columns."""
    op.drop_index("quotation_revised_once")
    for name in ("superseded_by", "revises", "revision"):
        op.drop_column("quotation", name)
