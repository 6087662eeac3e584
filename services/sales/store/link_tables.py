"""The tables of customers' links to quotations, and of what was done through them."""

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

from libs.common.db.types import Id, Json, Utc
from services.sales.store.tables import metadata

quotation_link = Table(
    "quotation_link",
    metadata,
    Column("id", Id, primary_key=True),
    Column("quotation_id", Id, ForeignKey("quotation.id"), nullable=False),
    Column("token_hash", String(64), nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("revoked_by", String(64)),
    Column("revoked_at", Utc),
    UniqueConstraint("token_hash", name="quotation_link_token"),
    CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="quotation_link_revoked_by_somebody"),
    Index("quotation_link_by_quotation", "quotation_id"),
    Index(
        "quotation_link_open",
        "quotation_id",
        unique=True,
        postgresql_where=text("revoked_at IS NULL"),
        sqlite_where=text("revoked_at IS NULL"),
    ),
)

quotation_link_act = Table(
    "quotation_link_act",
    metadata,
    Column("id", Id, primary_key=True),
    Column("link_id", Id, ForeignKey("quotation_link.id"), nullable=False),
    Column("quotation_id", Id, ForeignKey("quotation.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("deed", String(16), nullable=False),
    Column("name", String(200), nullable=False),
    Column("address", String(64), nullable=False),
    Column("user_agent", String(400), nullable=False),
    Column("chosen", Json),
    Column("reason", Text),
    Column("at", Utc, nullable=False),
    UniqueConstraint("quotation_id", name="quotation_link_act_one_answer"),
    CheckConstraint("deed IN ('accepted', 'declined')", name="quotation_link_act_deed"),
    Index("quotation_link_act_by_link", "link_id"),
)
