"""The table of order types: every version stays as it was written."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, String, Table, UniqueConstraint

from libs.common.db.types import Id, Json, Utc
from services.sales.store.tables import metadata

order_type = Table(
    "order_type",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("name_zh", String(120), nullable=False),
    Column("valid_from", Date),
    Column("active", Boolean, nullable=False),
    Column("process", Json, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("code", "version", name="order_type_one_per_version"),
    CheckConstraint("version > 0", name="order_type_version"),
)
