"""The table of what became of changes of orders."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from libs.common.db.types import Id, Utc
from services.inventory.store.tables import metadata

# Also what was refused stands here: asked again, the warehouse answers as it did, whatever is so by now.
reservation_change = Table(
    "reservation_change",
    metadata,
    Column("change_id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("reservation.order_id"), nullable=False),
    Column("change_no", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(64)),
    Column("detail", Text),
    Column("fully_shipped", Boolean, nullable=False),
    Column("decided_at", Utc, nullable=False),
    CheckConstraint("outcome IN ('amended', 'refused')", name="reservation_change_outcome"),
    CheckConstraint("change_no > 0", name="reservation_change_no"),
    CheckConstraint("(outcome = 'refused') = (reason IS NOT NULL)", name="reservation_change_says_why"),
    Index("reservation_change_by_order", "order_id", "change_no"),
)
