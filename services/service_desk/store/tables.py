"""The tables of the service desk: tickets, what customers hold, and small replicas of customers and items."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from libs.common.db.types import Id, Milli, Utc

metadata = MetaData()

customer = Table(
    "customer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("owner_id", String(64)),
    Column("group_name", String(64)),
    Column("as_of_sequence", BigInteger, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Index("customer_by_owner", "owner_id"),
)

item = Table(
    "item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("sku", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("category", Text),
    Column("as_of_sequence", BigInteger, nullable=False),
    Column("updated_at", Utc, nullable=False),
)

installed_item = Table(
    "installed_item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delivery_id", Id, nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("delivery_number", Text, nullable=False),
    Column("order_id", Id, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("item_id", Id, nullable=False),
    Column("sku", Text, nullable=False),
    Column("item_name", Text, nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("lot", String(64)),
    Column("returned_milli", Milli, nullable=False, server_default=text("0")),
    Column("shipped_on", Date, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("delivery_id", "line_no", name="installed_item_once"),
    CheckConstraint("line_no >= 1", name="installed_item_line_no"),
    CheckConstraint(
        "quantity_milli > 0 AND quantity_milli <= 1000000000000000", name="installed_item_quantity"
    ),
    CheckConstraint("returned_milli BETWEEN 0 AND quantity_milli", name="installed_item_returned"),
    Index("installed_item_by_customer", "customer_id", "shipped_on", "id"),
    Index("installed_item_by_date", "shipped_on", "id"),
    Index("installed_item_by_item", "item_id", "lot"),
    Index("installed_item_by_order", "order_id"),
)

# The units of a line that have serials; with a day they came back, and nobody holds them here any more.
installed_serial = Table(
    "installed_serial",
    metadata,
    Column("delivery_id", Id, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("serial", String(64), primary_key=True),
    Column("item_id", Id, nullable=False),
    Column("returned_on", Date),
    Column("created_at", Utc, nullable=False),
    Index("installed_serial_by_number", "serial", "item_id"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("queue", String(32), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("description", Text),
    Column("order_id", Id),
    Column("item_id", Id),
    Column("state", String(16), nullable=False),
    Column("opened_by", String(64), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("assignee_id", String(64)),
    Column("resolution", Text),
    Column("resolved_on", Date),
    Column("resolved_at", Utc),
    Column("closed_at", Utc),
    Column("correlation_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("priority", String(8), nullable=False, server_default=text("'normal'")),
    CheckConstraint("priority IN ('low', 'normal', 'high', 'urgent')", name="ticket_priority"),
    UniqueConstraint("number", name="ticket_number"),
    CheckConstraint("kind IN ('technical', 'quality', 'delivery', 'billing', 'other')", name="ticket_kind"),
    CheckConstraint(
        "queue IN ('technical_support', 'production', 'warehouse', 'finance')", name="ticket_queue"
    ),
    CheckConstraint("state IN ('new', 'open', 'pending', 'resolved', 'closed')", name="ticket_state"),
    CheckConstraint(
        "(state IN ('resolved', 'closed')) = (resolution IS NOT NULL)", name="ticket_resolved_has_resolution"
    ),
    CheckConstraint("(resolution IS NULL) = (resolved_on IS NULL)", name="ticket_resolution_has_day"),
    CheckConstraint("(resolution IS NULL) = (resolved_at IS NULL)", name="ticket_resolution_has_time"),
    CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="ticket_closed_has_time"),
    CheckConstraint("resolved_on IS NULL OR resolved_on >= opened_on", name="ticket_resolved_after_opened"),
    Index("ticket_by_customer", "customer_id", "opened_on", "id"),
    Index("ticket_by_date", "opened_on", "id"),
    Index("ticket_by_queue", "queue", "state", "opened_on", "id"),
    Index("ticket_by_assignee", "assignee_id", "state"),
    Index("ticket_to_close", "state", "resolved_at"),
)
