"""The tables of what settles an invoice beside money, and of money that goes back."""

from __future__ import annotations

from typing import Any

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
)

from libs.common.db.types import Currency, Id, Utc
from services.finance.store.columns import CAP
from services.finance.store.tables import metadata

write_off_tolerance = Table(
    "write_off_tolerance",
    metadata,
    Column("currency", Currency, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
    CheckConstraint(f"amount_minor BETWEEN 0 AND {CAP}", name="write_off_tolerance_amount"),
)


def _document() -> list[Column[Any]]:
    return [
        Column("customer_id", Id, ForeignKey("account.customer_id"), nullable=False),
        Column("currency", Currency, nullable=False),
        Column("amount_minor", BigInteger, nullable=False),
        Column("reason", Text, nullable=False),
        Column("state", String(9), nullable=False),
        Column("approval_id", Id),
        Column("requested_by", String(64), nullable=False),
        Column("requested_at", Utc, nullable=False),
        Column("posted_on", Date),
    ]


write_off = Table(
    "write_off",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("invoice_id", Id, ForeignKey("invoice.id"), nullable=False),
    *_document(),
    Column("reversed_on", Date),
    Column("reversed_by", String(64)),
    Column("reversal_reason", Text),
    Column("version", Integer, nullable=False),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="write_off_amount"),
    CheckConstraint(
        "state IN ('waiting', 'posted', 'reversed', 'rejected', 'withdrawn')", name="write_off_state"
    ),
    CheckConstraint("(state IN ('posted', 'reversed')) = (posted_on IS NOT NULL)", name="write_off_posted"),
    CheckConstraint("(state = 'reversed') = (reversed_on IS NOT NULL)", name="write_off_reversed"),
)
Index("write_off_by_invoice", write_off.c.invoice_id)
Index("write_off_by_customer", write_off.c.customer_id, write_off.c.id)
Index("write_off_by_day", write_off.c.posted_on)

refund = Table(
    "refund",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("payment_id", Id, ForeignKey("payment.id")),
    Column("credit_note_id", Id, ForeignKey("credit_note.id")),
    *_document(),
    Column("version", Integer, nullable=False),
    CheckConstraint("(payment_id IS NULL) <> (credit_note_id IS NULL)", name="refund_of_one"),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="refund_amount"),
    CheckConstraint("state IN ('waiting', 'posted', 'rejected', 'withdrawn')", name="refund_state"),
    CheckConstraint("(state = 'posted') = (posted_on IS NOT NULL)", name="refund_posted"),
    CheckConstraint("approval_id IS NOT NULL", name="refund_asked_for"),
)
Index("refund_by_payment", refund.c.payment_id)
Index("refund_by_credit_note", refund.c.credit_note_id)
Index("refund_by_customer", refund.c.customer_id, refund.c.id)
Index("refund_by_day", refund.c.posted_on)
