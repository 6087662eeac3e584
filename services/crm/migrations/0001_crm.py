"""Customers and their contacts."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Utc

revision = "0001"
down_revision = None

SEARCH_KEY = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables of crm."""
    op.create_table(
        "customer",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("number_key", SEARCH_KEY, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_key", SEARCH_KEY, nullable=False),
        sa.Column("owner_id", sa.String(64)),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("country", sa.String(80)),
        sa.Column("city", sa.String(120)),
        sa.Column("address", sa.Text),
        sa.Column("phone", sa.String(40)),
        sa.Column("email", sa.String(254)),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("number_key", name="customer_number"),
        sa.CheckConstraint("version >= 1", name="customer_version"),
    )
    op.create_index("customer_by_name", "customer", ["name_key", "id"])
    op.create_index("customer_by_owner", "customer", ["owner_id", "name_key", "id"])
    op.create_table(
        "contact",
        sa.Column("id", Id, primary_key=True),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("phone", sa.String(40)),
        sa.Column("role", sa.String(120)),
        sa.Column("created_at", Utc, nullable=False),
    )
    op.create_index("contact_by_customer", "contact", ["customer_id", "id"])


def downgrade() -> None:
    """Drop the tables of crm."""
    op.drop_table("contact")
    op.drop_table("customer")
