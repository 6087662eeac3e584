"""The tables of what the bank says: statements as they came, and their lines with what was done about each."""

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

from libs.common.db.types import Currency, Id, Utc
from services.finance.store.columns import CAP
from services.finance.store.tables import metadata

bank_statement = Table(
    "bank_statement",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", String(64), nullable=False),
    Column("number", String(70), nullable=False),
    Column("format", String(8), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("opening_minor", BigInteger),
    Column("closing_minor", BigInteger),
    Column("lines_new", Integer, nullable=False),
    Column("lines_known", Integer, nullable=False),
    Column("received_by", Text),
    Column("created_at", Utc, nullable=False),
    CheckConstraint("first_on <= last_on", name="bank_statement_days"),
    CheckConstraint("lines_new >= 0 AND lines_known >= 0", name="bank_statement_lines"),
)

bank_line = Table(
    "bank_line",
    metadata,
    Column("id", Id, primary_key=True),
    Column("statement_id", Id, ForeignKey("bank_statement.id"), nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("account", String(64), nullable=False),
    Column("reference", String(140), nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("payer", Text),
    Column("payer_account", String(64)),
    Column("is_reversal", Boolean, nullable=False),
    Column("state", String(8), nullable=False),
    Column("payment_id", Id, ForeignKey("payment.id")),
    Column("reason", Text),
    Column("settled_by", Text),
    Column("settled_at", Utc),
    UniqueConstraint("account", "reference", name="bank_line_once_per_account"),
    UniqueConstraint("payment_id", name="bank_line_once_per_payment"),
    CheckConstraint(f"amount_minor BETWEEN -{CAP} AND {CAP}", name="bank_line_amount"),
    CheckConstraint("state IN ('new', 'booked', 'ignored')", name="bank_line_state"),
    CheckConstraint("(state = 'booked') = (payment_id IS NOT NULL)", name="bank_line_booked_is_a_payment"),
    CheckConstraint("state <> 'ignored' OR reason IS NOT NULL", name="bank_line_ignored_says_why"),
)
Index("bank_line_by_statement", bank_line.c.statement_id, bank_line.c.line_no)
Index("bank_line_by_state", bank_line.c.state, bank_line.c.id)
Index(
    "bank_line_by_payer",
    bank_line.c.payer_account,
    bank_line.c.id,
    postgresql_where=text("state = 'booked'"),
    sqlite_where=text("state = 'booked'"),
)
