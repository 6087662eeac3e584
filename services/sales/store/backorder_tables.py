"""The table of what order lines wait for in the warehouse, as it last said."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Table

from libs.common.db.types import Id, Milli, Utc
from services.sales.store.tables import metadata

order_backorder = Table(
    "order_backorder",
    metadata,
    Column("order_line_id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("sales_order.id"), nullable=False),
    Column("backordered_milli", Milli, nullable=False),
    Column("expected_on", Date),
    Column("recorded_at", Utc, nullable=False),
    CheckConstraint("backordered_milli > 0", name="order_backorder_quantity"),
    Index("order_backorder_by_order", "order_id"),
)
