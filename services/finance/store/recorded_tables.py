"""The tables of deliveries of another system, which wait for the invoices that they had there."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Table, Text

from libs.common.db.types import Id, Milli, Utc
from services.finance.store.tables import metadata

recorded_delivery = Table(
    "recorded_delivery",
    metadata,
    Column("delivery_id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("order_id", Id, nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("shipped_on", Date, nullable=False),
    Column("recorded_at", Utc, nullable=False),
)
recorded_delivery_line = Table(
    "recorded_delivery_line",
    metadata,
    Column("delivery_id", Id, ForeignKey("recorded_delivery.delivery_id"), primary_key=True),
    Column("order_line_id", Id, primary_key=True),
    Column("quantity_milli", Milli, nullable=False),
    CheckConstraint("quantity_milli > 0", name="recorded_delivery_line_quantity"),
)
