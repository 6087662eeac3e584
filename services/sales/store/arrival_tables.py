"""The tables of what became of an order's deliveries after they had left, and of when it was late."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, String, Table, Text

from libs.common.db.types import Id, Milli, Utc
from services.sales.store.tables import metadata

order_arrival = Table(
    "order_arrival",
    metadata,
    Column("delivery_id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("sales_order.id"), nullable=False),
    Column("number", String(32), nullable=False),
    Column("shipped_on", Date, nullable=False),
    Column("delivered_on", Date, nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("on_time", Boolean),
    Column("return_number", String(32)),
    Column("recorded_at", Utc, nullable=False),
    Index("order_arrival_by_order", "order_id", "delivery_id"),
)

order_arrival_line = Table(
    "order_arrival_line",
    metadata,
    Column("delivery_id", Id, ForeignKey("order_arrival.delivery_id"), primary_key=True),
    Column("order_line_id", Id, ForeignKey("sales_order_line.id"), primary_key=True),
    Column("delivered_milli", Milli, nullable=False),
    Column("refused_milli", Milli, nullable=False),
    CheckConstraint("delivered_milli > 0", name="order_arrival_line_delivered"),
    CheckConstraint("refused_milli BETWEEN 0 AND delivered_milli", name="order_arrival_line_refused"),
    Index("order_arrival_line_by_line", "order_line_id"),
)

order_delay = Table(
    "order_delay",
    metadata,
    Column("order_id", Id, ForeignKey("sales_order.id"), primary_key=True),
    Column("promised_on", Date, primary_key=True),
    Column("noticed_on", Date, nullable=False),
    Column("waits_for", String(16), nullable=False),
    Column("recorded_at", Utc, nullable=False),
)
