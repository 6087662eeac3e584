"""The table of what items cost."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Table

from libs.common.db.types import Currency, Id, Utc
from services.sales.store.tables import metadata

# Beside the replica of the items, not in it: a cost may come to be known before its item is.
item_cost = Table(
    "item_cost",
    metadata,
    Column("item_id", Id, primary_key=True),
    Column("unit_cost_e4", BigInteger, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("changed_on", Date, nullable=False),
    Column("updated_at", Utc, nullable=False),
    CheckConstraint("unit_cost_e4 BETWEEN 0 AND 100000000000000000", name="item_cost_unit_cost"),
)
