"""The tables of crm. Keys for searching sort by code point on both engines, so that pages read the same."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from libs.common.db.types import Currency, Id, Json, Utc

metadata = MetaData()
SearchKey = String(100).with_variant(String(100, collation="C"), "postgresql")

customer = Table(
    "customer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("number_key", SearchKey, nullable=False),
    Column("name", String(200), nullable=False),
    Column("name_key", SearchKey, nullable=False),
    Column("owner_id", String(64)),
    Column("currency", Currency, nullable=False),
    Column("country", String(80)),
    Column("city", String(120)),
    Column("address", Text),
    Column("phone", String(40)),
    Column("email", String(254)),
    Column("active", Boolean, nullable=False),
    Column("group", String(40)),
    Column("region", String(40)),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("fields", Json, nullable=False),
    Column("form_version", Integer, nullable=False),
    UniqueConstraint("number_key", name="customer_number"),
    CheckConstraint("version >= 1", name="customer_version"),
    Index("customer_by_name", "name_key", "id"),
    Index("customer_by_owner", "owner_id", "name_key", "id"),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("customer.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("email", String(254)),
    Column("phone", String(40)),
    Column("role", String(120)),
    Column("created_at", Utc, nullable=False),
    Index("contact_by_customer", "customer_id", "id"),
)
