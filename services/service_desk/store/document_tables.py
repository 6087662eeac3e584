"""The table of what tickets want of other services."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    text,
)

from libs.common.db.types import Currency, Id, Milli, Utc
from services.service_desk.store.tables import metadata

ticket_document = Table(
    "ticket_document",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("about_id", Id, nullable=False),
    Column("item_id", Id, nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("reason", Text, nullable=False),
    Column("wanted_by", String(64), nullable=False),
    Column("wanted_at", Utc, nullable=False),
    Column("state", String(16), nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("is_void", Boolean, nullable=False),
    Column("document_id", Id),
    Column("document_number", String(64)),
    Column("order_id", Id),
    Column("order_number", String(64)),
    Column("total_minor", BigInteger),
    Column("currency", Currency),
    Column("detail", Text),
    Column("as_of_sequence", BigInteger, nullable=False),
    CheckConstraint("kind IN ('return', 'replacement', 'repair')", name="ticket_document_kind"),
    CheckConstraint("quantity_milli > 0", name="ticket_document_quantity"),
    CheckConstraint("NOT (is_open AND is_void)", name="ticket_document_ends"),
    CheckConstraint("(total_minor IS NULL) = (currency IS NULL)", name="ticket_document_total"),
    Index("ticket_document_by_ticket", "ticket_id", "id"),
    Index("ticket_document_by_document", "document_id"),
    Index("ticket_document_by_about", "about_id"),
    # Of two who want the same of a ticket at once, one is refused.
    Index(
        "ticket_document_once",
        "ticket_id",
        "kind",
        "about_id",
        unique=True,
        postgresql_where=text("is_open"),
        sqlite_where=text("is_open"),
    ),
)
