"""The tables of what open items of other currencies came to at the end of a period."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from libs.common.db.types import Currency, Id, Utc
from services.finance.store.tables import metadata

exchange_revaluation = Table(
    "exchange_revaluation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("day", Date, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("reversal_id", Id, nullable=False),
    Column("reversed_on", Date, nullable=False),
    Column("company_currency", Currency, nullable=False),
    Column("set_by", Text),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("day", "currency", name="exchange_revaluation_once_a_day"),
    CheckConstraint("reversed_on > day", name="exchange_revaluation_reversed"),
)
exchange_revaluation_part = Table(
    "exchange_revaluation_part",
    metadata,
    Column("revaluation_id", Id, ForeignKey("exchange_revaluation.id"), primary_key=True),
    Column("role", String(24), primary_key=True),
    Column("open_minor", BigInteger, nullable=False),
    Column("carried_minor", BigInteger, nullable=False),
    Column("rate_e10", BigInteger, nullable=False),
    Column("worth_minor", BigInteger, nullable=False),
)
