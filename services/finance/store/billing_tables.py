"""The tables of down payments and what invoices deduct of them, of cash discounts, and of goods on their way."""

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
    text,
)

from libs.common.db.types import Currency, Id, Milli, Utc
from services.finance.store.columns import CAP, bounded, tax_columns
from services.finance.store.tables import metadata

# The lines of a down payment are those of its invoice; here is what of it no invoice has deducted, and nobody credited.
down_payment = Table(
    "down_payment",
    metadata,
    Column("order_id", Id, ForeignKey("sales_order.order_id"), primary_key=True),
    Column("invoice_id", Id, ForeignKey("invoice.id"), nullable=False, unique=True),
    Column("currency", Currency, nullable=False),
    Column("net_minor", BigInteger, nullable=False),
    Column("left_net_minor", BigInteger, nullable=False),
    Column("left_tax_minor", BigInteger, nullable=False),
    Column("company_currency", Currency),
    Column("company_minor", BigInteger),
    bounded("down_payment_amounts", "net_minor", "left_net_minor", "left_tax_minor"),
    CheckConstraint("left_net_minor <= net_minor", name="down_payment_left"),
)

invoice_deduction = Table(
    "invoice_deduction",
    metadata,
    Column("invoice_id", Id, ForeignKey("invoice.id"), primary_key=True),
    Column(
        "order_line_id", Id, ForeignKey("sales_order_line.order_line_id"), primary_key=True, nullable=False
    ),
    Column("amount_minor", BigInteger, nullable=False),
    *tax_columns(),
    bounded("invoice_deduction_amounts", "amount_minor", "tax_minor"),
)
Index("invoice_deduction_by_order_line", invoice_deduction.c.order_line_id)

cash_discount = Table(
    "cash_discount",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("number", String(48), nullable=False, unique=True),
    Column("invoice_id", Id, ForeignKey("invoice.id"), nullable=False),
    Column("customer_id", Id, ForeignKey("account.customer_id"), nullable=False),
    Column("payment_id", Id, ForeignKey("payment.id")),
    Column("currency", Currency, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("posted_on", Date, nullable=False),
    Column("created_at", Utc, nullable=False),
    CheckConstraint("kind IN ('granted', 'reversed')", name="cash_discount_kind"),
    CheckConstraint("(kind = 'granted') = (payment_id IS NOT NULL)", name="cash_discount_by_a_payment"),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="cash_discount_amount"),
)
Index("cash_discount_by_invoice", cash_discount.c.invoice_id)
Index(
    "cash_discount_granted_once",
    cash_discount.c.invoice_id,
    unique=True,
    sqlite_where=text("kind = 'granted'"),
    postgresql_where=text("kind = 'granted'"),
)
Index("cash_discount_by_customer", cash_discount.c.customer_id, cash_discount.c.id)
Index("cash_discount_by_day", cash_discount.c.posted_on)

cash_discount_part = Table(
    "cash_discount_part",
    metadata,
    Column("discount_id", Id, ForeignKey("cash_discount.id"), primary_key=True),
    Column("part_no", Integer, primary_key=True),
    Column("amount_minor", BigInteger, nullable=False),
    *tax_columns(),
    bounded("cash_discount_part_amounts", "amount_minor", "tax_minor"),
)

# What left for orders that are invoiced as the customer signs, and what of it is still on its way or was refused.
travelling = Table(
    "travelling",
    metadata,
    Column("delivery_id", Id, primary_key=True),
    Column("order_line_id", Id, ForeignKey("sales_order_line.order_line_id"), primary_key=True),
    Column("order_id", Id, ForeignKey("sales_order.order_id"), nullable=False),
    Column("delivery_number", Text, nullable=False),
    Column("shipped_on", Date, nullable=False),
    Column("shipped_milli", Milli, nullable=False),
    Column("left_milli", Milli, nullable=False),
    Column("refused_milli", Milli, nullable=False),
    Column("back_before_milli", Milli, nullable=False),
    Column("cost_currency", Currency),
    Column("cost_left_minor", BigInteger),
    CheckConstraint("left_milli BETWEEN 0 AND shipped_milli", name="travelling_left"),
    CheckConstraint("refused_milli BETWEEN 0 AND left_milli", name="travelling_refused"),
    CheckConstraint(f"cost_left_minor BETWEEN 0 AND {CAP}", name="travelling_cost"),
)
Index("travelling_by_order", travelling.c.order_id)

arrival = Table(
    "arrival",
    metadata,
    Column("delivery_id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("sales_order.order_id"), nullable=False),
    Column("delivered_on", Date, nullable=False),
    Column("return_number", String(20)),
    Column("created_at", Utc, nullable=False),
)
