"""The tables of transfers between warehouses."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from libs.common.db.types import Id, Milli, Utc
from services.inventory.store.tables import metadata

transfer = Table(
    "transfer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("from_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("to_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("requested_by", String(120)),
    Column("note", Text),
    Column("shipped_on", Date),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("number", name="transfer_number"),
    CheckConstraint("state IN ('requested', 'shipped', 'received', 'cancelled')", name="transfer_state"),
    CheckConstraint("from_id <> to_id", name="transfer_goes_elsewhere"),
    CheckConstraint(
        "(state IN ('shipped', 'received')) = (shipped_on IS NOT NULL)", name="transfer_shipped_on"
    ),
    Index("transfer_by_state", "state", "id"),
)

transfer_line = Table(
    "transfer_line",
    metadata,
    Column("transfer_id", Id, ForeignKey("transfer.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("lot", String(64)),
    Column("quantity_milli", Milli, nullable=False),
    CheckConstraint("quantity_milli > 0", name="transfer_line_quantity"),
    Index("transfer_line_by_item", "item_id"),
)

transfer_part = Table(
    "transfer_part",
    metadata,
    Column("transfer_id", Id, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("lot", String(64), primary_key=True),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("shipped_milli", Milli, nullable=False),
    Column("received_milli", Milli, nullable=False),
    Column("lost_milli", Milli, nullable=False),
    ForeignKeyConstraint(
        ["transfer_id", "line_no"],
        ["transfer_line.transfer_id", "transfer_line.line_no"],
        name="transfer_part_of_line",
    ),
    CheckConstraint("shipped_milli > 0", name="transfer_part_shipped"),
    CheckConstraint(
        "received_milli >= 0 AND lost_milli >= 0 AND received_milli + lost_milli <= shipped_milli",
        name="transfer_part_arrived",
    ),
)
