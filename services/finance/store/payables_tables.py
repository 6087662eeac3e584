"""The tables of what is owed to suppliers: what was bought, what came in, what they invoiced, and what was paid."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
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
    text,
)

from libs.common.db.types import Currency, Id, Milli, Utc
from services.finance.store.columns import CAP
from services.finance.store.tables import metadata

supplier = Table(
    "supplier",
    metadata,
    Column("supplier_id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
)

bought_order = Table(
    "bought_order",
    metadata,
    Column("purchase_order_id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("supplier_id", Id, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("ordered_on", Date, nullable=False),
    Column("outcome", String(16)),
    Column("correlation_id", String(64), nullable=False),
)
Index("bought_order_by_supplier", bought_order.c.supplier_id)

bought_line = Table(
    "bought_line",
    metadata,
    Column("line_id", Id, primary_key=True),
    Column("purchase_order_id", Id, ForeignKey("bought_order.purchase_order_id"), nullable=False),
    Column("supplier_id", Id, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("item_id", Id, nullable=False),
    Column("sku", Text, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("ordered_milli", Milli, nullable=False),
    Column("unit_price_e4", BigInteger, nullable=False),
    Column("received_milli", Milli, nullable=False),
    Column("invoiced_milli", Milli, nullable=False),
    Column("over_milli", Milli, nullable=False),
    Column("received_minor", BigInteger, nullable=False),
    Column("invoiced_minor", BigInteger, nullable=False),
    # What is open of it is carried at, signed; nothing where it was never in the company's books.
    Column("carried_currency", Currency),
    Column("carried_minor", BigInteger),
    Column("returned_milli", Milli, nullable=False, server_default="0"),
    CheckConstraint("returned_milli >= 0", name="bought_line_returned"),
    CheckConstraint("ordered_milli > 0 AND unit_price_e4 >= 0", name="bought_line_ordered"),
    CheckConstraint("received_milli >= 0 AND over_milli >= 0", name="bought_line_not_negative"),
    # Two invoices for the same goods meet here: what is invoiced came in, or it was said by how much it is more.
    CheckConstraint(
        "invoiced_milli BETWEEN 0 AND received_milli + over_milli", name="bought_line_invoiced_is_received"
    ),
    CheckConstraint("received_minor >= 0 AND invoiced_minor >= 0", name="bought_line_value"),
)
Index("bought_line_by_order", bought_line.c.purchase_order_id)
_LEFT = text("received_milli > invoiced_milli")
Index(
    "bought_line_to_invoice",
    bought_line.c.supplier_id,
    bought_line.c.line_id,
    sqlite_where=_LEFT,
    postgresql_where=_LEFT,
)

goods_receipt = Table(
    "goods_receipt",
    metadata,
    Column("receipt_id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("purchase_order_id", Id, ForeignKey("bought_order.purchase_order_id"), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("value_minor", BigInteger, nullable=False),
    Column("reference", Text),
    Column("recorded_at", Utc, nullable=False),
    CheckConstraint(f"value_minor BETWEEN 0 AND {CAP}", name="goods_receipt_value"),
)
Index("goods_receipt_by_order", goods_receipt.c.purchase_order_id)

goods_receipt_line = Table(
    "goods_receipt_line",
    metadata,
    Column("receipt_id", Id, ForeignKey("goods_receipt.receipt_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("line_id", Id, ForeignKey("bought_line.line_id"), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("value_minor", BigInteger, nullable=False),
    CheckConstraint("quantity_milli > 0 AND value_minor >= 0", name="goods_receipt_line_quantity"),
)
Index("goods_receipt_line_by_line", goods_receipt_line.c.line_id)

match_policy = Table(
    "match_policy",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("price_bp", Integer),
    Column("price_minor", BigInteger),
    Column("price_currency", Currency),
    Column("quantity_bp", Integer),
    Column("quantity_minor", BigInteger),
    Column("quantity_currency", Currency),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
    CheckConstraint(
        "price_bp BETWEEN 0 AND 10000 AND quantity_bp BETWEEN 0 AND 10000", name="match_policy_percents"
    ),
    CheckConstraint("price_minor >= 0 AND quantity_minor >= 0", name="match_policy_amounts"),
    CheckConstraint(
        "(price_minor IS NULL) = (price_currency IS NULL)"
        " AND (quantity_minor IS NULL) = (quantity_currency IS NULL)",
        name="match_policy_currency",
    ),
)

supplier_invoice = Table(
    "supplier_invoice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("supplier_id", Id, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("state", String(8), nullable=False),
    Column("payment_state", String(8), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("tax_minor", BigInteger, nullable=False),
    Column("open_minor", BigInteger, nullable=False),
    Column("invoiced_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("posted_on", Date),
    Column("entered_by", Text),
    Column("decided_by", Text),
    Column("reason", Text),
    Column("correlation_id", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    Column("company_currency", Currency),
    Column("company_minor", BigInteger),
    CheckConstraint("state IN ('on_hold', 'posted', 'rejected')", name="supplier_invoice_state"),
    CheckConstraint("(state = 'posted') = (posted_on IS NOT NULL)", name="supplier_invoice_posted_on"),
    CheckConstraint("state <> 'rejected' OR reason IS NOT NULL", name="supplier_invoice_rejected_says_why"),
    CheckConstraint("decided_by IS NULL OR reason IS NOT NULL", name="supplier_invoice_decided_says_why"),
    CheckConstraint(
        f"total_minor BETWEEN 0 AND {CAP} AND tax_minor BETWEEN 0 AND total_minor",
        name="supplier_invoice_total",
    ),
    CheckConstraint("open_minor BETWEEN 0 AND total_minor", name="supplier_invoice_open"),
    CheckConstraint("state = 'posted' OR open_minor = 0", name="supplier_invoice_only_posted_is_owed"),
    CheckConstraint(
        "payment_state = CASE WHEN state <> 'posted' THEN 'not_paid' WHEN open_minor = 0 THEN 'paid'"
        " WHEN open_minor = total_minor THEN 'not_paid' ELSE 'partial' END",
        name="supplier_invoice_payment_state",
    ),
)
_STANDS = text("state <> 'rejected'")
Index(
    "supplier_invoice_once",
    supplier_invoice.c.supplier_id,
    supplier_invoice.c.reference,
    unique=True,
    sqlite_where=_STANDS,
    postgresql_where=_STANDS,
)
Index("supplier_invoice_by_supplier", supplier_invoice.c.supplier_id, supplier_invoice.c.id)
Index("supplier_invoice_by_state", supplier_invoice.c.state, supplier_invoice.c.id)
_OWED = text("open_minor > 0")
Index(
    "supplier_invoice_owed",
    supplier_invoice.c.due_on,
    supplier_invoice.c.supplier_id,
    sqlite_where=_OWED,
    postgresql_where=_OWED,
)

supplier_invoice_line = Table(
    "supplier_invoice_line",
    metadata,
    Column("invoice_id", Id, ForeignKey("supplier_invoice.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("line_id", Id, ForeignKey("bought_line.line_id"), nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("unit_price_e4", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    CheckConstraint("quantity_milli > 0 AND amount_minor >= 0", name="supplier_invoice_line_quantity"),
)
Index("supplier_invoice_line_by_line", supplier_invoice_line.c.line_id)

# Of an invoice on hold it is found anew whenever something comes in; once posted it stays as it was then.
supplier_invoice_match = Table(
    "supplier_invoice_match",
    metadata,
    Column("invoice_id", Id, ForeignKey("supplier_invoice.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("received_milli", Milli, nullable=False),
    Column("invoiced_before_milli", Milli, nullable=False),
    Column("over_milli", Milli, nullable=False),
    Column("dearer_minor", BigInteger, nullable=False),
    Column("cleared_minor", BigInteger, nullable=False),
    Column("mismatches", JSON, nullable=False),
)

supplier_payment = Table(
    "supplier_payment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("supplier_id", Id, ForeignKey("supplier.supplier_id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("reference", String(140), nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("bank_line_id", Id, ForeignKey("bank_line.id"), unique=True),
    Column("recorded_by", Text),
    Column("created_at", Utc, nullable=False),
    Column("company_currency", Currency),
    Column("company_minor", BigInteger),
    UniqueConstraint("supplier_id", "reference", name="supplier_payment_reference_once"),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="supplier_payment_amount"),
)
Index("supplier_payment_by_supplier", supplier_payment.c.supplier_id, supplier_payment.c.id)

supplier_allocation = Table(
    "supplier_allocation",
    metadata,
    Column("payment_id", Id, ForeignKey("supplier_payment.id"), primary_key=True),
    Column("invoice_id", Id, ForeignKey("supplier_invoice.id"), primary_key=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("allocated_on", Date, nullable=False),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="supplier_allocation_amount"),
)
Index("supplier_allocation_by_invoice", supplier_allocation.c.invoice_id)
Index("supplier_allocation_by_day", supplier_allocation.c.allocated_on)
