"""What tickets want of other services, and what became of it."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ticket_document",
        sa.Column("id", Id, primary_key=True),
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("about_id", Id, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("wanted_by", sa.String(64), nullable=False),
        sa.Column("wanted_at", Utc, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("is_void", sa.Boolean, nullable=False),
        sa.Column("document_id", Id),
        sa.Column("document_number", sa.String(64)),
        sa.Column("order_id", Id),
        sa.Column("order_number", sa.String(64)),
        sa.Column("total_minor", sa.BigInteger),
        sa.Column("currency", Currency),
        sa.Column("detail", sa.Text),
        sa.Column("as_of_sequence", sa.BigInteger, nullable=False),
        sa.CheckConstraint("kind IN ('return', 'replacement', 'repair')", name="ticket_document_kind"),
        sa.CheckConstraint("quantity_milli > 0", name="ticket_document_quantity"),
        sa.CheckConstraint("NOT (is_open AND is_void)", name="ticket_document_ends"),
        sa.CheckConstraint("(total_minor IS NULL) = (currency IS NULL)", name="ticket_document_total"),
    )
    op.create_index("ticket_document_by_ticket", "ticket_document", ["ticket_id", "id"])
    op.create_index("ticket_document_by_document", "ticket_document", ["document_id"])
    op.create_index("ticket_document_by_about", "ticket_document", ["about_id"])
    op.create_index(
        "ticket_document_once",
        "ticket_document",
        ["ticket_id", "kind", "about_id"],
        unique=True,
        postgresql_where=sa.text("is_open"),
        sqlite_where=sa.text("is_open"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("ticket_document")
