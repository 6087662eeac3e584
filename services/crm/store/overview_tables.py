"""The tables of the overview of customers: what is open of each invoice, and the figures of each customer."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    false,
)

from libs.common.db.types import Currency, Id, Utc
from services.crm.store.tables import metadata

followed_invoice = Table(
    "followed_invoice",
    metadata,
    Column("invoice_id", Id, primary_key=True),
    Column("customer_id", Id, nullable=False),
    Column("due_on", Date),
    Column("currency", Currency),
    Column("total_minor", BigInteger),
    Column("settled_minor", BigInteger, nullable=False),
    Index("followed_invoice_by_customer", "customer_id", "due_on"),
)

customer_overview = Table(
    "customer_overview",
    metadata,
    Column("customer_id", Id, primary_key=True),
    Column("due", Boolean, nullable=False),
    Column("looked_on", Date),
    Column("looked_at", Utc),
    Column("currency", Currency),
    Column("orders", BigInteger, nullable=False, server_default="0"),
    Column("revenue_minor", BigInteger, nullable=False, server_default="0"),
    Column("open_minor", BigInteger, nullable=False, server_default="0"),
    Column("overdue_minor", BigInteger, nullable=False, server_default="0"),
    Column("open_tickets", BigInteger, nullable=False, server_default="0"),
    Column("ratings", BigInteger, nullable=False, server_default="0"),
    Column("rated_points", BigInteger, nullable=False, server_default="0"),
    Column("open_opportunities", BigInteger, nullable=False, server_default="0"),
    Column("opportunity_minor", BigInteger, nullable=False, server_default="0"),
    Column("last_on", Date),
    Column("overdue_since", Date),
    Column("risk_bp", Integer),
    Column("health", Integer, nullable=False, server_default="2"),
    Column("recency", Integer),
    Column("frequency", Integer),
    Column("monetary", Integer),
    Column("segment", String(12)),
    Column("high_value", Boolean, nullable=False, server_default=false()),
    CheckConstraint("health BETWEEN 0 AND 2", name="customer_overview_health"),
    CheckConstraint("(segment IS NULL) = (recency IS NULL)", name="customer_overview_segment"),
    CheckConstraint("overdue_minor <= open_minor", name="customer_overview_overdue"),
    Index("customer_overview_due", "due", "looked_on"),
)
