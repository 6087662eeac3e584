"""The tables of mail that was taken in, and of the addresses by which customers are known."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from libs.common.db.types import Id, Utc
from services.service_desk.store.tables import metadata

# By which address crm knows a customer or one of its contacts; one address may be several customers'.
known_address = Table(
    "known_address",
    metadata,
    Column("subject_id", Id, primary_key=True),
    Column("customer_id", Id, nullable=False),
    Column("address", String(254), nullable=False),
    Column("name", String(200)),
    Index("known_address_by_address", "address"),
)

mail = Table(
    "mail",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", String(300), nullable=False),
    Column("sender", String(254), nullable=False),
    Column("sender_name", String(200)),
    Column("subject", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(32)),
    Column("ticket_id", Id, ForeignKey("ticket.id")),
    Column("ticket_message_id", Id, ForeignKey("ticket_message.id")),
    Column("raw_key", Id),
    Column("taken_by", String(64), nullable=False),
    Column("taken_at", Utc, nullable=False),
    UniqueConstraint("message_id", name="mail_once"),
    CheckConstraint("state IN ('taken', 'triage', 'automatic', 'discarded')", name="mail_state"),
    CheckConstraint("(state = 'taken') = (ticket_message_id IS NOT NULL)", name="mail_taken_is_said"),
    CheckConstraint("state <> 'taken' OR ticket_id IS NOT NULL", name="mail_taken_has_ticket"),
    Index("mail_by_state", "state", "taken_at", "id"),
    Index("mail_by_ticket", "ticket_id"),
)
