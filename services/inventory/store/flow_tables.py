"""The table of what moved of each item on each day, by warehouse: sums of the ledger, kept as it is written."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Table

from libs.common.db.types import Id
from services.inventory.store.tables import metadata

# All in thousandths: what left to customers, what they brought back, and by how much more lay there in the evening.
item_day = Table(
    "item_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), primary_key=True),
    Column("shipped_milli", BigInteger, nullable=False),
    Column("returned_milli", BigInteger, nullable=False),
    Column("change_milli", BigInteger, nullable=False),
    Index("item_day_by_item", "item_id", "day"),
)
