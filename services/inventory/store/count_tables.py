"""The tables of stock counts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from libs.common.db.types import Currency, Id, Milli, Utc
from services.inventory.store.tables import metadata

stock_count = Table(
    "stock_count",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_by", String(120), nullable=False),
    Column("note", Text),
    Column("approval_id", Id),
    Column("document_id", Id, ForeignKey("stock_document.id")),
    Column("absolute_minor", BigInteger),
    Column("net_minor", BigInteger),
    Column("currency", Currency),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("number", name="stock_count_number"),
    UniqueConstraint("document_id", name="stock_count_document"),
    CheckConstraint(
        "state IN ('counting', 'pending_approval', 'posted', 'cancelled')", name="stock_count_state"
    ),
    CheckConstraint(
        "state <> 'pending_approval' OR approval_id IS NOT NULL", name="stock_count_waits_for_an_approval"
    ),
    CheckConstraint("document_id IS NULL OR state = 'posted'", name="stock_count_posted"),
    Index("stock_count_by_state", "state", "id"),
)

# ``is_open`` while its count is: of one stock row at most one open count holds a line, so no difference counts twice.
stock_count_line = Table(
    "stock_count_line",
    metadata,
    Column("count_id", Id, ForeignKey("stock_count.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("lot", String(64), nullable=False),
    Column("counted_milli", Milli),
    Column("book_milli", Milli),
    Column("counts", Integer, nullable=False),
    Column("is_open", Boolean, nullable=False),
    UniqueConstraint("count_id", "item_id", "lot", name="stock_count_line_once"),
    CheckConstraint(
        "(counts > 0) = (counted_milli IS NOT NULL) AND (counts > 0) = (book_milli IS NOT NULL)",
        name="stock_count_line_counted",
    ),
    CheckConstraint(
        "counted_milli BETWEEN 0 AND 1000000000000000 AND book_milli BETWEEN 0 AND 1000000000000000",
        name="stock_count_line_quantities",
    ),
    Index(
        "stock_count_line_open",
        "item_id",
        "warehouse_id",
        "lot",
        unique=True,
        postgresql_where=text("is_open"),
        sqlite_where=text("is_open"),
    ),
)

stock_count_entry = Table(
    "stock_count_entry",
    metadata,
    Column("count_id", Id, primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("counted_milli", Milli, nullable=False),
    Column("book_milli", Milli, nullable=False),
    Column("counted_by", String(120), nullable=False),
    Column("counted_at", Utc, nullable=False),
    ForeignKeyConstraint(
        ["count_id", "line_no"],
        ["stock_count_line.count_id", "stock_count_line.line_no"],
        name="stock_count_entry_of_line",
    ),
    CheckConstraint("counted_milli >= 0 AND book_milli >= 0 AND n > 0", name="stock_count_entry_figures"),
)
