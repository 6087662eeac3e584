"""The table of what tickets of the service desk wanted."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, String, Table

from libs.common.db.types import Id, Utc
from services.sales.store.tables import metadata

ticket_order = Table(
    "ticket_order",
    metadata,
    Column("request_id", Id, primary_key=True),
    Column("ticket_id", Id, nullable=False),
    Column("ticket_number", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("wanted_at", Utc, nullable=False),
    CheckConstraint("kind IN ('replacement', 'repair')", name="ticket_order_kind"),
)
