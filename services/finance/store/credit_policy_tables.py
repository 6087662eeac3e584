"""The tables of credit in depth: the policy, what groups are trusted with, and overrides for single orders."""

from __future__ import annotations

from sqlalchemy import (
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
    text,
)

from libs.common.db.types import Currency, Id, Utc
from services.finance.store.columns import CAP
from services.finance.store.tables import metadata

credit_policy = Table(
    "credit_policy",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("watch_percent", Integer, nullable=False),
    Column("watch_overdue_days", Integer),
    Column("grace_days", Integer),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
    Column("delivery_when", String(10), nullable=False, server_default="never"),
    Column("delivery_days", Integer),
    Column("delivery_from", String(4), nullable=False, server_default="hold"),
    CheckConstraint("delivery_when IN ('never', 'always', 'after_days')", name="credit_policy_delivery_when"),
    CheckConstraint("delivery_from IN ('hold', 'stop')", name="credit_policy_delivery_from"),
    CheckConstraint("watch_percent BETWEEN 1 AND 100", name="credit_policy_watch_percent"),
    CheckConstraint("watch_overdue_days >= 0 AND grace_days >= 0", name="credit_policy_days"),
)

credit_group_limit = Table(
    "credit_group_limit",
    metadata,
    Column("customer_group", String(40), primary_key=True),
    Column("currency", Currency, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("limit_minor", BigInteger),
    Column("active", Boolean, nullable=False),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
    CheckConstraint(
        f"limit_minor IS NULL OR limit_minor BETWEEN 0 AND {CAP}", name="credit_group_limit_bounds"
    ),
)

# Of an order's overrides one at most waits or may still be used.
credit_override = Table(
    "credit_override",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("order_id", Id, ForeignKey("credit_hold.order_id"), nullable=False),
    Column("order_number", Text, nullable=False),
    Column("customer_id", Id, ForeignKey("account.customer_id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("state", String(9), nullable=False),
    Column("approval_id", Id, nullable=False),
    Column("requested_by", String(64), nullable=False),
    Column("requested_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Column("version", Integer, nullable=False),
    Column("purpose", String(8), nullable=False, server_default="order"),
    CheckConstraint("purpose IN ('order', 'delivery')", name="credit_override_purpose"),
    CheckConstraint(f"amount_minor BETWEEN 0 AND {CAP}", name="credit_override_amount"),
    CheckConstraint(
        "state IN ('waiting', 'approved', 'used', 'rejected', 'withdrawn', 'lapsed')",
        name="credit_override_state",
    ),
)
Index(
    "credit_override_one_alive",
    credit_override.c.order_id,
    unique=True,
    sqlite_where=text("state IN ('waiting', 'approved')"),
    postgresql_where=text("state IN ('waiting', 'approved')"),
)
Index("credit_override_by_customer", credit_override.c.customer_id, credit_override.c.id)
