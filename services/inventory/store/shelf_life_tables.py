"""The tables of how long lots must still last, and of what was allowed although it does not."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from libs.common.db.types import Id, Utc
from services.inventory.store.tables import metadata

shelf_life_rule = Table(
    "shelf_life_rule",
    metadata,
    Column("id", Id, primary_key=True),
    Column("scope", Text, nullable=False, unique=True),
    Column("item_id", Id, ForeignKey("item.id")),
    Column("customer_id", Id, ForeignKey("customer.id")),
    Column("customer_group", Text),
    Column("days", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("set_by", String(120)),
    Column("set_at", Utc, nullable=False),
    CheckConstraint("days BETWEEN 0 AND 3650", name="shelf_life_rule_days"),
    CheckConstraint("customer_id IS NULL OR customer_group IS NULL", name="shelf_life_rule_scope"),
)

short_dated_allowed = Table(
    "short_dated_allowed",
    metadata,
    Column("order_id", Id, primary_key=True),
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("lot", String(64), primary_key=True),
    Column("delivery_id", Id, ForeignKey("delivery.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("allowed_by", String(120)),
    Column("allowed_at", Utc, nullable=False),
    Index("short_dated_allowed_by_delivery", "delivery_id"),
)
