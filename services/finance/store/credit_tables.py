"""The tables of credit notes: what was taken back of which invoice line, and what a credit note settled."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from libs.common.db.types import Currency, Id, Milli, Utc
from services.finance.store.columns import CAP
from services.finance.store.tables import metadata

credit_note = Table(
    "credit_note",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("invoice_id", Id, ForeignKey("invoice.id"), nullable=False),
    Column("customer_id", Id, ForeignKey("account.customer_id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("unallocated_minor", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("return_id", Id, unique=True),
    Column("posted_on", Date, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("recorded_by", Text),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    Column("tax_minor", BigInteger, nullable=False, server_default="0"),
    Column("company_currency", Currency),
    Column("company_minor", BigInteger),
    Column("left_minor", BigInteger),
    CheckConstraint("tax_minor BETWEEN 0 AND total_minor", name="credit_note_tax_minor"),
    CheckConstraint(f"total_minor > 0 AND total_minor <= {CAP}", name="credit_note_total"),
    CheckConstraint("unallocated_minor BETWEEN 0 AND total_minor", name="credit_note_unallocated"),
)
Index("credit_note_by_customer", credit_note.c.customer_id, credit_note.c.id)
Index("credit_note_by_invoice", credit_note.c.invoice_id)
Index("credit_note_by_day", credit_note.c.posted_on)
Index(
    "credit_note_left",
    credit_note.c.customer_id,
    sqlite_where=text("unallocated_minor > 0"),
    postgresql_where=text("unallocated_minor > 0"),
)

credit_note_line = Table(
    "credit_note_line",
    metadata,
    Column("credit_note_id", Id, ForeignKey("credit_note.id"), primary_key=True),
    Column("invoice_id", Id, nullable=False),
    Column("line_no", Integer, primary_key=True),
    Column("quantity_milli", Milli, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("tax_minor", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("tax_minor >= 0", name="credit_note_line_tax_minor"),
    ForeignKeyConstraint(
        ["invoice_id", "line_no"],
        ["invoice_line.invoice_id", "invoice_line.line_no"],
        name="credit_note_line_of_invoice_line",
    ),
    CheckConstraint("quantity_milli >= 0 AND amount_minor >= 0", name="credit_note_line_not_negative"),
    CheckConstraint("quantity_milli > 0 OR amount_minor > 0", name="credit_note_line_says_something"),
)
Index("credit_note_line_by_invoice_line", credit_note_line.c.invoice_id, credit_note_line.c.line_no)

# How much of an invoice line is credited: the one row that two credit notes meet on, and its bounds.
credited_line = Table(
    "credited_line",
    metadata,
    Column("invoice_id", Id, primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("quantity_milli", Milli, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("credited_milli", Milli, nullable=False),
    Column("credited_minor", BigInteger, nullable=False),
    Column("tax_minor", BigInteger, nullable=False, server_default="0"),
    Column("credited_tax_minor", BigInteger, nullable=False, server_default="0"),
    ForeignKeyConstraint(
        ["invoice_id", "line_no"],
        ["invoice_line.invoice_id", "invoice_line.line_no"],
        name="credited_line_of_invoice_line",
    ),
    CheckConstraint("credited_milli BETWEEN 0 AND quantity_milli", name="credited_line_quantity"),
    CheckConstraint("credited_minor BETWEEN 0 AND amount_minor", name="credited_line_amount"),
    CheckConstraint("tax_minor >= 0", name="credited_line_tax_minor"),
    CheckConstraint("credited_tax_minor BETWEEN 0 AND tax_minor", name="credited_line_credited_tax_minor"),
)

credit_allocation = Table(
    "credit_allocation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("credit_note_id", Id, ForeignKey("credit_note.id"), nullable=False),
    Column("invoice_id", Id, ForeignKey("invoice.id"), nullable=False),
    Column("currency", Currency, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("allocated_on", Date, nullable=False),
    Column("created_at", Utc, nullable=False),
    CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="credit_allocation_amount"),
)
Index("credit_allocation_by_credit_note", credit_allocation.c.credit_note_id)
Index("credit_allocation_by_invoice", credit_allocation.c.invoice_id)
Index("credit_allocation_by_day", credit_allocation.c.allocated_on)
