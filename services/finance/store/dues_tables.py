"""The tables of payment terms, and of the instalments of invoices that fall due on several days."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from libs.common.db.types import Id, Utc
from services.finance.store.columns import CAP
from services.finance.store.tables import metadata

payment_terms = Table(
    "payment_terms",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("parts", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
    Column("discount_bp", Integer, nullable=False, server_default="0"),
    Column("discount_days", Integer, nullable=False, server_default="0"),
)

# By whose terms a customer pays: the last row counts, a name of none takes them away.
customer_terms = Table(
    "customer_terms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_id", Id, ForeignKey("account.customer_id"), nullable=False),
    Column("terms_name", String(40)),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
)
Index("customer_terms_by_customer", customer_terms.c.customer_id, customer_terms.c.id)

# Only invoices that fall due on several days have instalments; for all others invoice.due_on says it.
invoice_instalment = Table(
    "invoice_instalment",
    metadata,
    Column("invoice_id", Id, ForeignKey("invoice.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("due_on", Date, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("later_minor", BigInteger, nullable=False),
    Column("terms_name", String(40), nullable=False),
    Column("terms_version", Integer, nullable=False),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="invoice_instalment_amount"),
    CheckConstraint(f"later_minor BETWEEN 0 AND {CAP}", name="invoice_instalment_later"),
)
