"""The table of questions about deliveries: whether their goods may leave, as their customer stands."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from libs.common.db.types import Id, Json, Utc
from services.finance.store.tables import metadata

delivery_question = Table(
    "delivery_question",
    metadata,
    Column("delivery_id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("order_id", Id, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("customer_id", Id, ForeignKey("account.customer_id"), nullable=False),
    Column("question", Integer, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("state", String(8), nullable=False),
    Column("status", String(8), nullable=False),
    Column("reasons", Json, nullable=False),
    Column("override_id", Id),
    Column("decided_at", Utc),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('granted', 'refused', 'closed')", name="delivery_question_state"),
    CheckConstraint("question > 0", name="delivery_question_question"),
)
Index(
    "delivery_question_open",
    delivery_question.c.customer_id,
    delivery_question.c.delivery_id,
    sqlite_where=text("state <> 'closed'"),
    postgresql_where=text("state <> 'closed'"),
)
Index("delivery_question_by_order", delivery_question.c.order_id)
