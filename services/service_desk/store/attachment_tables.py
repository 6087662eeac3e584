"""The tables of files that come with messages."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table
from sqlalchemy import UniqueConstraint as Unique

from libs.common.db.types import Id, Utc
from services.service_desk.store.tables import metadata

attachment = Table(
    "attachment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", Id, ForeignKey("ticket_message.id"), nullable=False),
    Column("key", Id, nullable=False),
    Column("name", String(120), nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Unique("key", name="attachment_key"),
    CheckConstraint("size BETWEEN 1 AND 700000", name="attachment_size"),
    Index("attachment_by_message", "message_id", "id"),
)

# The bytes, where a deployment keeps them in the database; elsewhere it stays empty.
attachment_content = Table(
    "attachment_content",
    metadata,
    Column("key", Id, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
