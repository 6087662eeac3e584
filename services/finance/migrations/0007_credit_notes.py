"""Credit notes: what was taken back of which invoice line, and what each credit note settled."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Milli, Utc

revision = "0007"
down_revision = "0006"
CAP = 10**17
_LEFT = sa.text("unallocated_minor > 0")
_FIXED = "id, number, invoice_id, customer_id, currency, total_minor, reason, return_id, posted_on"
TABLES = ("credit_note", "credit_note_line", "credited_line", "credit_allocation")


def upgrade() -> None:
    """Create the tables, and the triggers that keep what is posted as it is."""
    _notes()
    _lines()
    _allocations()
    for table in ("credit_note_line", "credit_allocation"):
        _refuse(table, "UPDATE")
        _refuse(table, "DELETE")
    for table in ("credit_note", "credited_line"):
        _refuse(table, "DELETE")
    _keep_what_was_posted()


def _amount(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _invoice_line(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["invoice_id", "line_no"], ["invoice_line.invoice_id", "invoice_line.line_no"], name=name
    )


def _notes() -> None:
    op.create_table(
        "credit_note",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), nullable=False),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        _amount("total_minor"),
        _amount("unallocated_minor"),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("return_id", Id, unique=True),
        sa.Column("posted_on", sa.Date, nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("recorded_by", sa.Text),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint(f"total_minor > 0 AND total_minor <= {CAP}", name="credit_note_total"),
        sa.CheckConstraint("unallocated_minor BETWEEN 0 AND total_minor", name="credit_note_unallocated"),
    )
    op.create_index("credit_note_by_customer", "credit_note", ["customer_id", "id"])
    op.create_index("credit_note_by_invoice", "credit_note", ["invoice_id"])
    op.create_index(
        "credit_note_left", "credit_note", ["customer_id"], postgresql_where=_LEFT, sqlite_where=_LEFT
    )


def _lines() -> None:
    op.create_table(
        "credit_note_line",
        sa.Column("credit_note_id", Id, sa.ForeignKey("credit_note.id"), primary_key=True),
        sa.Column("invoice_id", Id, nullable=False),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("quantity_milli", Milli, nullable=False),
        _amount("amount_minor"),
        _invoice_line("credit_note_line_of_invoice_line"),
        sa.CheckConstraint("quantity_milli >= 0 AND amount_minor >= 0", name="credit_note_line_not_negative"),
        sa.CheckConstraint("quantity_milli > 0 OR amount_minor > 0", name="credit_note_line_says_something"),
    )
    op.create_index("credit_note_line_by_invoice_line", "credit_note_line", ["invoice_id", "line_no"])
    op.create_table(
        "credited_line",
        sa.Column("invoice_id", Id, primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("quantity_milli", Milli, nullable=False),
        _amount("amount_minor"),
        sa.Column("credited_milli", Milli, nullable=False),
        _amount("credited_minor"),
        _invoice_line("credited_line_of_invoice_line"),
        sa.CheckConstraint("credited_milli BETWEEN 0 AND quantity_milli", name="credited_line_quantity"),
        sa.CheckConstraint("credited_minor BETWEEN 0 AND amount_minor", name="credited_line_amount"),
    )


def _allocations() -> None:
    op.create_table(
        "credit_allocation",
        sa.Column("id", Id, primary_key=True),
        sa.Column("credit_note_id", Id, sa.ForeignKey("credit_note.id"), nullable=False),
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        _amount("amount_minor"),
        sa.Column("allocated_on", sa.Date, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="credit_allocation_amount"),
    )
    op.create_index("credit_allocation_by_credit_note", "credit_allocation", ["credit_note_id"])
    op.create_index("credit_allocation_by_invoice", "credit_allocation", ["invoice_id"])
    op.create_index("credit_allocation_by_day", "credit_allocation", ["allocated_on"])


def _refuse(table: str, act: str) -> None:
    name = f"{table}_no_{act.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        if act == "DELETE":
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _keep_what_was_posted() -> None:
    """Refuse to change a credit note but for what is left of it."""
    head = f"CREATE TRIGGER credit_note_is_fixed BEFORE UPDATE OF {_FIXED} ON credit_note FOR EACH ROW"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, 'a posted credit_note may not be changed'); END")


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
