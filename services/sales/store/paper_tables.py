"""The tables of what stands on a printed quotation: the company, its texts, and the templates of both."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from libs.common.db.types import Id, Json, Utc
from services.sales.store.tables import metadata

company_profile = Table(
    "company_profile",
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("profile", Json, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    CheckConstraint("revision > 0", name="company_profile_revision_positive"),
)

quotation_template = Table(
    "quotation_template",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("validity_days", Integer),
    Column("lines", Json, nullable=False),
    Column("texts", Json, nullable=False),
    Column("superseded_by", Id),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("name", "revision", name="quotation_template_revision"),
    CheckConstraint("revision > 0", name="quotation_template_revision_positive"),
    CheckConstraint("validity_days > 0", name="quotation_template_days"),
    Index(
        "quotation_template_current",
        "name",
        unique=True,
        postgresql_where=text("superseded_by IS NULL"),
        sqlite_where=text("superseded_by IS NULL"),
    ),
)

quotation_text = Table(
    "quotation_text",
    metadata,
    Column("quotation_id", Id, ForeignKey("quotation.id"), primary_key=True),
    Column("template_id", Id, ForeignKey("quotation_template.id")),
    Column("texts", Json, nullable=False),
)
