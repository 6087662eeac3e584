"""Suppliers, and from whom each item usually comes."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of suppliers."""
    op.create_table(
        "supplier",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("contact_name", sa.String(200)),
        sa.Column("country", sa.String(80)),
        sa.Column("city", sa.String(120)),
        sa.Column("address", sa.Text),
        sa.Column("phone", sa.String(40)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
    )
    op.create_table(
        "item_supplier",
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("supplier_id", Id, sa.ForeignKey("supplier.id"), nullable=False),
    )
    op.create_index("item_supplier_by_supplier", "item_supplier", ["supplier_id"])


def downgrade() -> None:
    """Drop the tables of suppliers."""
    op.drop_table("item_supplier")
    op.drop_table("supplier")
