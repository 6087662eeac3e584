"""The table of what moved each customer's receivables in a month, kept with every document and settlement."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table

from libs.common.db.types import Currency, Id
from services.finance.store.tables import metadata

SUMS = (
    "invoiced_minor", "credited_minor", "revenue_minor", "settled_minor", "paid_minor", "paid_days", "late_minor",
    "late_days",
)  # fmt: skip

receivable_month = Table(
    "receivable_month",
    metadata,
    Column("customer_id", Id, primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("currency", Currency, primary_key=True),
    *(Column(name, BigInteger, nullable=False) for name in SUMS),
)
Index("receivable_month_by_month", receivable_month.c.month, receivable_month.c.currency)
