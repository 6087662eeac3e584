"""The tables of serial numbers: where each is, what happened to it, and how returns and counts name them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    text,
)

from libs.common.db.types import Id, Utc
from services.inventory.store.tables import metadata

_STATES = (
    "'in_stock', 'picked', 'under_way', 'quarantine', 'shipped', 'scrapped', 'consumed', 'lost', 'sent_back'"
)
_HERE = "'in_stock', 'picked', 'under_way', 'quarantine'"


def _place() -> tuple[Column[Any], ...]:
    """Where a serial is, the document that brought it there, and the line of an order that it left for."""
    return (
        Column("warehouse_id", Id, ForeignKey("warehouse.id")),
        Column("customer_id", Id),
        Column("document_id", Id, nullable=False),
        Column("line_id", Id),
    )


# One unit of one item: its key is what makes a serial unique, its checks say that it is in one place only.
serial = Table(
    "serial",
    metadata,
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("serial", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    *_place(),
    Column("changed_at", Utc, nullable=False),
    CheckConstraint(f"state IN ({_STATES})", name="serial_state"),
    CheckConstraint(f"(state IN ({_HERE})) = (warehouse_id IS NOT NULL)", name="serial_lies_somewhere"),
    CheckConstraint("(state = 'shipped') = (customer_id IS NOT NULL)", name="serial_is_at_a_customer"),
    Index("serial_by_number", "serial"),
    Index("serial_by_place", "warehouse_id", "item_id", "state"),
    Index("serial_by_customer", "customer_id", "item_id"),
    Index("serial_by_document", "document_id"),
)

serial_event = Table(
    "serial_event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item_id", Id, nullable=False),
    Column("serial", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    *_place(),
    Column("reference", String(200), nullable=False),
    Column("actor", String(120)),
    Column("recorded_at", Utc, nullable=False),
    ForeignKeyConstraint(["item_id", "serial"], ["serial.item_id", "serial.serial"], name="serial_event_of"),
    CheckConstraint(f"state IN ({_STATES})", name="serial_event_state"),
    Index("serial_event_by_serial", "item_id", "serial", "id"),
    Index("serial_event_by_document", "document_id"),
)

# Of one serial at most one return is open: two that announce it meet on the index.
goods_return_serial = Table(
    "goods_return_serial",
    metadata,
    Column("return_id", Id, ForeignKey("goods_return.id"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("serial", String(64), primary_key=True),
    Column("line_no", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    ForeignKeyConstraint(
        ["item_id", "serial"], ["serial.item_id", "serial.serial"], name="goods_return_serial_of"
    ),
    CheckConstraint(
        "outcome IN ('expected', 'not_received', 'in_quarantine', 'restocked', 'scrapped')",
        name="goods_return_serial_outcome",
    ),
    Index(
        "goods_return_serial_open",
        "item_id",
        "serial",
        unique=True,
        postgresql_where=text("outcome IN ('expected', 'in_quarantine')"),
        sqlite_where=text("outcome IN ('expected', 'in_quarantine')"),
    ),
)

# What the last entry of a line found, and what the books said then: missing is expected and not found.
stock_count_serial = Table(
    "stock_count_serial",
    metadata,
    Column("count_id", Id, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("serial", String(64), primary_key=True),
    Column("found", Boolean, nullable=False),
    Column("expected", Boolean, nullable=False),
    ForeignKeyConstraint(
        ["count_id", "line_no"],
        ["stock_count_line.count_id", "stock_count_line.line_no"],
        name="stock_count_serial_of_line",
    ),
    CheckConstraint("found OR expected", name="stock_count_serial_says_something"),
)
