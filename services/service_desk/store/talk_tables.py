"""The tables of what is said on tickets: messages, notes, links, ratings, and how tickets hang together."""

from __future__ import annotations

from sqlalchemy import (
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
    text,
)

from libs.common.db.types import Id, Utc
from services.service_desk.store.tables import metadata

_OPEN_LINK = text("revoked_at IS NULL")
_FOLLOWS = text("tie = 'follows'")
_OPEN_QUESTION = text("answered_at IS NULL AND withdrawn_at IS NULL")

ticket_message = Table(
    "ticket_message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False),
    Column("origin_ticket_id", Id, ForeignKey("ticket.id"), nullable=False),
    Column("side", String(16), nullable=False),
    Column("way", String(16), nullable=False),
    Column("author_id", String(64), nullable=False),
    Column("author_name", String(200)),
    Column("text", Text, nullable=False),
    Column("at", Utc, nullable=False),
    CheckConstraint("side IN ('customer', 'agent')", name="ticket_message_side"),
    CheckConstraint("way IN ('desk', 'link', 'mail')", name="ticket_message_way"),
    Index("ticket_message_by_ticket", "ticket_id", "at", "id"),
    Index("ticket_message_by_origin", "origin_ticket_id", "at", "id"),
)

ticket_note = Table(
    "ticket_note",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False),
    Column("origin_ticket_id", Id, ForeignKey("ticket.id"), nullable=False),
    Column("author_id", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Index("ticket_note_by_ticket", "ticket_id", "at", "id"),
    Index("ticket_note_by_origin", "origin_ticket_id", "at", "id"),
)

ticket_link = Table(
    "ticket_link",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("revoked_by", String(64)),
    Column("revoked_at", Utc),
    UniqueConstraint("token_hash", name="ticket_link_token"),
    CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="ticket_link_revoked_by_somebody"),
    Index("ticket_link_by_ticket", "ticket_id"),
    Index("ticket_link_open", "ticket_id", unique=True, postgresql_where=_OPEN_LINK, sqlite_where=_OPEN_LINK),
)

# How much came through a link from one address in one hour.
ticket_link_hour = Table(
    "ticket_link_hour",
    metadata,
    Column("link_id", Id, ForeignKey("ticket_link.id"), primary_key=True),
    Column("address", String(64), primary_key=True),
    Column("hour", Utc, primary_key=True),
    Column("taken", Integer, nullable=False),
)

satisfaction = Table(
    "satisfaction",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False),
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("queue", String(32), nullable=False),
    Column("agent_id", String(64), nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("withdrawn_at", Utc),
    Column("score", Integer),
    Column("comment", Text),
    Column("answered_by", String(200)),
    Column("answered_on", Date),
    Column("answered_at", Utc),
    CheckConstraint("score BETWEEN 1 AND 5", name="satisfaction_score"),
    CheckConstraint("(score IS NULL) = (answered_at IS NULL)", name="satisfaction_answer_has_time"),
    CheckConstraint("(score IS NULL) = (answered_on IS NULL)", name="satisfaction_answer_has_day"),
    CheckConstraint("(score IS NULL) = (answered_by IS NULL)", name="satisfaction_answer_of_somebody"),
    CheckConstraint("comment IS NULL OR score IS NOT NULL", name="satisfaction_comment_with_score"),
    CheckConstraint("withdrawn_at IS NULL OR answered_at IS NULL", name="satisfaction_withdrawn_unanswered"),
    Index("satisfaction_by_ticket", "ticket_id", "asked_at"),
    Index("satisfaction_by_customer", "customer_id"),
    Index("satisfaction_by_day", "asked_on"),
    Index(
        "satisfaction_open",
        "ticket_id",
        unique=True,
        postgresql_where=_OPEN_QUESTION,
        sqlite_where=_OPEN_QUESTION,
    ),
)

ticket_relation = Table(
    "ticket_relation",
    metadata,
    Column("ticket_id", Id, ForeignKey("ticket.id"), primary_key=True),
    Column("tie", String(16), primary_key=True),
    Column("other_id", Id, ForeignKey("ticket.id"), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    CheckConstraint("tie IN ('merged_into', 'split_from', 'follows')", name="ticket_relation_tie"),
    CheckConstraint("ticket_id <> other_id", name="ticket_relation_of_two"),
    Index("ticket_relation_by_other", "other_id", "tie"),
    Index(
        "ticket_relation_one_follow_up",
        "other_id",
        unique=True,
        postgresql_where=_FOLLOWS,
        sqlite_where=_FOLLOWS,
    ),
)
