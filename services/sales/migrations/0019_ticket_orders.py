"""What tickets of the service desk wanted, the documents that came of it, and the order type of what is free."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Utc
from libs.common.ids import derived_id

revision = "0019"
down_revision = "0018"

_PROCESS = {
    "credit_check": False,
    "payment": "on_account",
    "reserve": "at_order",
    "reserve_days": 0,
    "shortage": "wait",
    "shipping": "partial",
    "source": "stock",
    "handover": "delivery",
    "invoice": "shipment",
    "approvals": None,
}


def upgrade() -> None:
    """Create the table; the documents so far were wanted from no ticket."""
    op.create_table(
        "ticket_order",
        sa.Column("request_id", Id, primary_key=True),
        sa.Column("ticket_id", Id, nullable=False),
        sa.Column("ticket_number", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("wanted_at", Utc, nullable=False),
        sa.CheckConstraint("kind IN ('replacement', 'repair')", name="ticket_order_kind"),
    )
    for document in ("quotation", "sales_order"):
        op.add_column(document, sa.Column("ticket_request_id", Id))
        op.add_column(document, sa.Column("ticket_id", Id))
        op.add_column(document, sa.Column("ticket_number", sa.String(32)))
    _offer_type()


def _offer_type() -> None:
    """Offer the type, unless the company has one of that name: then its own stands."""
    types = sa.table(
        "order_type",
        *(sa.column(name) for name in ("version", "name_en", "name_zh", "active", "created_by")),
        sa.column("id", Id),
        sa.column("code"),
        sa.column("valid_from", sa.Date),
        sa.column("process", Json),
        sa.column("created_at", Utc),
    )
    bind = op.get_bind()
    if bind.execute(sa.select(types.c.id).where(types.c.code == "replacement").limit(1)).first():
        return
    row = {
        "id": derived_id("order_type", "replacement", "1"),
        "code": "replacement",
        "version": 1,
        "name_en": "Free replacement",
        "name_zh": "免费换货",
        "valid_from": None,
        "active": True,
        "process": _PROCESS,
        "created_by": "meridian",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    op.bulk_insert(types, [row])


def downgrade() -> None:
    """Drop them; the order type stays, since what is written of one never changes."""
    for document in ("sales_order", "quotation"):
        for name in ("ticket_number", "ticket_id", "ticket_request_id"):
            op.drop_column(document, name)
    op.drop_table("ticket_order")
