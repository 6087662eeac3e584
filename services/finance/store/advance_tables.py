"""The tables of advances: what is asked for before an order goes out, and the money that is kept for it."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from libs.common.db.types import Currency, Id, Utc
from services.finance.store.columns import CAP
from services.finance.store.tables import metadata

advance = Table(
    "advance",
    metadata,
    Column("order_id", Id, primary_key=True),
    Column("order_number", Text),
    Column("customer_id", Id, ForeignKey("account.customer_id")),
    Column("currency", Currency, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("covered_minor", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("reason", Text),
    Column("asked_at", Utc, nullable=False),
    Column("decided_at", Utc),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('asked', 'covered', 'used', 'released')", name="advance_state"),
    CheckConstraint(
        f"amount_minor BETWEEN 0 AND {CAP} AND covered_minor BETWEEN 0 AND amount_minor",
        name="advance_covered",
    ),
    CheckConstraint(
        "state NOT IN ('covered', 'used') OR covered_minor = amount_minor", name="advance_covered_is_all"
    ),
    CheckConstraint("state = 'released' OR customer_id IS NOT NULL", name="advance_customer"),
)
Index("advance_by_customer", advance.c.customer_id, advance.c.order_id)
Index("advance_by_number", advance.c.order_number)
Index("advance_by_state", advance.c.state, advance.c.order_id)

earmark = Table(
    "earmark",
    metadata,
    Column("payment_id", Id, ForeignKey("payment.id"), primary_key=True),
    Column("order_id", Id, ForeignKey("advance.order_id"), primary_key=True),
    Column("currency", Currency, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("left_minor", BigInteger, nullable=False),
    Column("created_at", Utc, nullable=False),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="earmark_amount"),
    CheckConstraint("left_minor BETWEEN 0 AND amount_minor", name="earmark_left"),
)
Index("earmark_by_order", earmark.c.order_id)
