"""The tables of goods that go back to suppliers."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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
    text,
)

from libs.common.db.types import Currency, Id, Milli, Utc
from services.inventory.store.tables import metadata

supplier_return = Table(
    "supplier_return",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("supplier_id", Id, ForeignKey("supplier.id"), nullable=False),
    Column("purchase_order_id", Id, ForeignKey("purchase_order.id"), nullable=False),
    Column("purchase_order_number", String(32), nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("answer", Text),
    Column("requested_by", String(120)),
    Column("shipped_on", Date),
    Column("credit_note", String(32)),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    UniqueConstraint("number", name="supplier_return_number"),
    CheckConstraint(
        "state IN ('requested', 'approved', 'shipped', 'credited', 'rejected', 'cancelled')",
        name="supplier_return_state",
    ),
    CheckConstraint(
        "(state IN ('shipped', 'credited')) = (shipped_on IS NOT NULL)", name="supplier_return_shipped"
    ),
    CheckConstraint("(state = 'credited') = (credit_note IS NOT NULL)", name="supplier_return_credited"),
    Index("supplier_return_by_order", "purchase_order_id"),
    Index("supplier_return_by_supplier", "supplier_id", "id"),
    Index("supplier_return_by_state", "state", "id"),
)

# Goods that lie in quarantine, because a customer sent them back, name the line of that return.
supplier_return_line = Table(
    "supplier_return_line",
    metadata,
    Column("return_id", Id, ForeignKey("supplier_return.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("receipt_id", Id, ForeignKey("stock_document.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("purchase_order_line_id", Id, ForeignKey("purchase_order_line.id"), nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("lot", String(64), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("goods_return_id", Id, ForeignKey("goods_return.id")),
    Column("goods_return_line", Integer),
    Column("value_minor", BigInteger),
    Column("value_currency", Currency),
    CheckConstraint("quantity_milli > 0", name="supplier_return_line_quantity"),
    CheckConstraint(
        "(goods_return_id IS NULL) = (goods_return_line IS NULL)", name="supplier_return_line_quarantine"
    ),
    CheckConstraint(
        "(value_minor IS NULL) = (value_currency IS NULL) AND value_minor >= 0",
        name="supplier_return_line_value",
    ),
    Index("supplier_return_line_by_line", "purchase_order_line_id"),
)

# Which units go back; of one unit at most one return is open: two that announce it meet on the index.
supplier_return_serial = Table(
    "supplier_return_serial",
    metadata,
    Column("return_id", Id, primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("serial", String(64), primary_key=True),
    Column("line_no", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    ForeignKeyConstraint(
        ["return_id", "line_no"],
        ["supplier_return_line.return_id", "supplier_return_line.line_no"],
        name="supplier_return_serial_of_line",
    ),
    ForeignKeyConstraint(
        ["item_id", "serial"], ["serial.item_id", "serial.serial"], name="supplier_return_serial_of"
    ),
    CheckConstraint("outcome IN ('announced', 'sent', 'kept')", name="supplier_return_serial_outcome"),
    Index(
        "supplier_return_serial_open",
        "item_id",
        "serial",
        unique=True,
        postgresql_where=text("outcome = 'announced'"),
        sqlite_where=text("outcome = 'announced'"),
    ),
)

# How much of a part of a receipt goes back: made by the first return of it.
returned_receipt = Table(
    "returned_receipt",
    metadata,
    Column("document_id", Id, ForeignKey("stock_document.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("received_milli", Milli, nullable=False),
    Column("returned_milli", Milli, nullable=False),
    CheckConstraint("returned_milli BETWEEN 0 AND received_milli", name="returned_receipt_returned"),
)

# What changed the value of stock before every such change was told: numbers of documents.
value_untold = Table("value_untold", metadata, Column("reference", String(240), primary_key=True))
