"""The tables of goods that went back to suppliers, and of suppliers' credit notes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from libs.common.db.types import Currency, Id, Milli, Utc
from services.finance.store.columns import CAP
from services.finance.store.tables import metadata

goods_sent_back = Table(
    "goods_sent_back",
    metadata,
    Column("return_id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("supplier_id", Id, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("purchase_order_id", Id, ForeignKey("bought_order.purchase_order_id"), nullable=False),
    Column("shipped_on", Date, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("recorded_at", Utc, nullable=False),
)
goods_sent_back_line = Table(
    "goods_sent_back_line",
    metadata,
    Column("return_id", Id, ForeignKey("goods_sent_back.return_id"), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("line_id", Id, ForeignKey("bought_line.line_id"), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("value_minor", BigInteger, nullable=False),
    CheckConstraint("quantity_milli > 0 AND value_minor >= 0", name="goods_sent_back_line_quantity"),
    Index("goods_sent_back_line_by_line", "line_id"),
)

supplier_credit_note = Table(
    "supplier_credit_note",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("supplier_id", Id, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("return_id", Id, ForeignKey("goods_sent_back.return_id")),
    Column("currency", Currency, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("tax_minor", BigInteger, nullable=False),
    Column("open_minor", BigInteger, nullable=False),
    Column("credited_on", Date, nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("reason", Text),
    Column("company_currency", Currency),
    Column("company_minor", BigInteger),
    Column("entered_by", Text),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("supplier_id", "reference", name="supplier_credit_note_once"),
    CheckConstraint(
        f"total_minor BETWEEN 1 AND {CAP} AND tax_minor BETWEEN 0 AND total_minor",
        name="supplier_credit_note_total",
    ),
    CheckConstraint("open_minor BETWEEN 0 AND total_minor", name="supplier_credit_note_open"),
    Index("supplier_credit_note_by_supplier", "supplier_id", "id"),
)
supplier_credit_note_line = Table(
    "supplier_credit_note_line",
    metadata,
    Column("credit_note_id", Id, ForeignKey("supplier_credit_note.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("line_id", Id, ForeignKey("bought_line.line_id"), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("unit_price_e4", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("cleared_minor", BigInteger, nullable=False),
    CheckConstraint(
        "quantity_milli > 0 AND amount_minor >= 0 AND cleared_minor >= 0",
        name="supplier_credit_note_line_quantity",
    ),
    Index("supplier_credit_note_line_by_line", "line_id"),
)
supplier_credit_allocation = Table(
    "supplier_credit_allocation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("credit_note_id", Id, ForeignKey("supplier_credit_note.id"), nullable=False),
    Column("invoice_id", Id, ForeignKey("supplier_invoice.id"), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("allocated_on", Date, nullable=False),
    Column("created_at", Utc, nullable=False),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="supplier_credit_allocation_amount"),
    Index("supplier_credit_allocation_by_note", "credit_note_id"),
    Index("supplier_credit_allocation_by_invoice", "invoice_id"),
)
