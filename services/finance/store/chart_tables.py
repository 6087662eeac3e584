"""The tables of the chart: the ledger's accounts with the roles that they play, and which chart was chosen."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Table, Text, false, text

from libs.common.db.types import Utc
from services.finance.store.tables import metadata

ledger_account = Table(
    "ledger_account",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(9), nullable=False),
    Column("name_zh", Text),
    Column("role", String(24)),
    Column("parent", String(12)),
    Column("own", Boolean, nullable=False, server_default=false()),
    CheckConstraint(
        "kind IN ('asset', 'liability', 'equity', 'income', 'expense')", name="ledger_account_kind"
    ),
)
Index(
    "ledger_account_by_role",
    ledger_account.c.role,
    unique=True,
    sqlite_where=text("role IS NOT NULL"),
    postgresql_where=text("role IS NOT NULL"),
)

ledger_chart = Table(
    "ledger_chart",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("chart", String(16), nullable=False),
    Column("chosen_by", Text),
    Column("chosen_at", Utc, nullable=False),
    CheckConstraint("chart IN ('basic', 'international', 'china')", name="ledger_chart_name"),
)
