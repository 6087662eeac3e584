"""The tables of a ticket's course: policies by version, clocks, what opened tickets by itself, findings, warranty."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from libs.common.db.types import Currency, Id, Json, Milli, Utc
from services.service_desk.store.tables import metadata

# What the house decides, as it was written: a version never changes.
desk_policy = Table(
    "desk_policy",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
    Column("defined_by", String(64), nullable=False),
    Column("defined_at", Utc, nullable=False),
    CheckConstraint("version >= 1", name="desk_policy_version"),
)

ticket_clock = Table(
    "ticket_clock",
    metadata,
    Column("ticket_id", Id, ForeignKey("ticket.id"), primary_key=True),
    Column("policy_version", Integer, nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("paused_at", Utc),
    Column("response_due_at", Utc, nullable=False),
    Column("response_warn_at", Utc, nullable=False),
    Column("response_warned_at", Utc),
    Column("response_missed_at", Utc),
    Column("response_done_at", Utc),
    Column("resolution_due_at", Utc, nullable=False),
    Column("resolution_warn_at", Utc, nullable=False),
    Column("resolution_warned_at", Utc),
    Column("resolution_missed_at", Utc),
    Column("resolution_done_at", Utc),
    Column("next_at", Utc),
    CheckConstraint("response_warn_at <= response_due_at", name="ticket_clock_response"),
    CheckConstraint("resolution_warn_at <= resolution_due_at", name="ticket_clock_resolution"),
    CheckConstraint("paused_at IS NULL OR next_at IS NULL", name="ticket_clock_stands"),
    Index("ticket_clock_next", "next_at"),
)

ticket_cause = Table(
    "ticket_cause",
    metadata,
    Column("cause", String(16), primary_key=True),
    Column("about", String(64), primary_key=True),
    # Claimed before the ticket is there, so that of two who want to open it only one does.
    Column("ticket_id", Id, ForeignKey("ticket.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("document_id", Id, nullable=False),
    Column("document_number", String(64), nullable=False),
    UniqueConstraint("ticket_id", name="ticket_cause_of_ticket"),
    CheckConstraint("cause IN ('late_delivery', 'short_shipment', 'bad_return')", name="ticket_cause_kind"),
)

ticket_finding = Table(
    "ticket_finding",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("item_id", Id),
    Column("wanted_item_id", Id),
    Column("quantity_milli", Milli),
    Column("found_by", String(64), nullable=False),
    Column("found_at", Utc, nullable=False),
    Column("opportunity_id", Id),
    Column("opportunity_number", String(32)),
    Column("owner_id", String(64)),
    UniqueConstraint("opportunity_id", name="ticket_finding_opportunity"),
    CheckConstraint("kind IN ('worn', 'outgrown', 'consumables', 'upgrade')", name="ticket_finding_kind"),
    CheckConstraint("quantity_milli IS NULL OR quantity_milli > 0", name="ticket_finding_quantity"),
    CheckConstraint(
        "(quantity_milli IS NULL) = (wanted_item_id IS NULL)", name="ticket_finding_wanted_has_quantity"
    ),
    Index("ticket_finding_by_ticket", "ticket_id", "id"),
)

# What an order that came of a finding is worth, and what of it is revenue; the latest word of crm counts.
finding_revenue = Table(
    "finding_revenue",
    metadata,
    Column("finding_id", Id, ForeignKey("ticket_finding.id"), primary_key=True),
    Column("order_id", Id, primary_key=True),
    Column("order_number", String(64), nullable=False),
    Column("ordered_minor", BigInteger, nullable=False),
    Column("revenue_minor", BigInteger, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("state", String(12), nullable=False),
    Column("as_of_sequence", BigInteger, nullable=False),
)

# For how many months an item is under warranty, for what leaves from a day on.
warranty_term = Table(
    "warranty_term",
    metadata,
    Column("item_id", Id, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("months", Integer, nullable=False),
    Column("set_by", String(64), nullable=False),
    Column("set_at", Utc, nullable=False),
    CheckConstraint("months BETWEEN 0 AND 1200", name="warranty_term_months"),
)
