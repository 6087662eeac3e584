"""The tables of taxes: rates by code, and the company's setting; versions of both are only ever added."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Integer, String, Table

from libs.common.db.types import Utc
from services.sales.store.tables import metadata

tax_rate = Table(
    "tax_rate",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", Date, nullable=False),
    Column("ppm", Integer, nullable=False),
    Column("name", String(120), nullable=False),
    Column("name_zh", String(120), nullable=False),
    Column("set_by", String(64)),
    Column("set_at", Utc, nullable=False),
    CheckConstraint("ppm BETWEEN 0 AND 1000000", name="tax_rate_percent"),
)

tax_setting = Table(
    "tax_setting",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", Date, nullable=False),
    Column("prices", String(9), nullable=False),
    Column("rounding", String(8), nullable=False),
    Column("standard_code", String(20)),
    Column("set_by", String(64)),
    Column("set_at", Utc, nullable=False),
    CheckConstraint("prices IN ('exclusive', 'inclusive')", name="tax_setting_prices"),
    CheckConstraint("rounding IN ('line', 'document')", name="tax_setting_rounding"),
)
