"""The tables of changes of orders."""

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
    UniqueConstraint,
    text,
)

from libs.common.db.types import Currency, Id, Json, Utc
from services.sales.store.tables import metadata

_OPEN = text("state IN ('pending_approval', 'checking')")

order_change = Table(
    "order_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("sales_order.id"), nullable=False),
    Column("no", Integer, nullable=False),
    Column("number", String(48), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("based_on", Integer, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("total_before_minor", BigInteger, nullable=False),
    Column("total_after_minor", BigInteger, nullable=False),
    Column("tax_before_minor", BigInteger, nullable=False),
    Column("tax_after_minor", BigInteger, nullable=False),
    Column("promised_before", Date),
    Column("promised_after", Date),
    Column("may_wait", Boolean, nullable=False),
    Column("outcome", String(64)),
    Column("detail", Text),
    Column("figures", Json),
    Column("approval_id", Id),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Column("version", Integer, nullable=False),
    UniqueConstraint("order_id", "no", name="order_change_no"),
    CheckConstraint("no > 0", name="order_change_no_from_one"),
    CheckConstraint(
        "state IN ('pending_approval', 'checking', 'applied', 'rejected', 'withdrawn')",
        name="order_change_state",
    ),
    CheckConstraint(
        "(state IN ('pending_approval', 'checking')) = (ended_at IS NULL)", name="order_change_ended"
    ),
    CheckConstraint(
        "state <> 'pending_approval' OR approval_id IS NOT NULL", name="order_change_waits_for_an_approval"
    ),
    CheckConstraint(
        "state NOT IN ('rejected', 'withdrawn') OR outcome IS NOT NULL", name="order_change_says_why"
    ),
    CheckConstraint("total_after_minor BETWEEN 0 AND 100000000000000000", name="order_change_total_after"),
    # Of two that are proposed at once for an order, one is refused, whoever forgot to lock it.
    Index("order_change_one_open", "order_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
)

order_change_line = Table(
    "order_change_line",
    metadata,
    Column("change_id", Id, ForeignKey("order_change.id"), primary_key=True),
    Column("line_no", Integer, primary_key=True, autoincrement=False),
    Column("order_line_id", Id, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("price_trace", Json),
    Index("order_change_line_by_line", "order_line_id"),
)
