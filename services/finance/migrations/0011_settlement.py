"""What settles an invoice beside money: write-offs and refunds; and by when it is to be paid: terms, instalments."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Utc

revision = "0011"
down_revision = "0010"
CAP = 10**17
BAD_DEBT = ("6800", "Bad debt losses", "expense")
_FIXED = {
    "write_off": "id, number, invoice_id, customer_id, currency, amount_minor, reason, requested_by, requested_at",
    "refund": "id, number, payment_id, credit_note_id, customer_id, currency, amount_minor, reason, requested_by,"
    " requested_at",
}


def upgrade() -> None:
    """Create the tables, the ledger's account, and the triggers that keep what was asked and posted as it is."""
    chart = sa.table("ledger_account", *(sa.column(name) for name in ("code", "name", "kind")))
    op.bulk_insert(chart, [dict(zip(("code", "name", "kind"), BAD_DEBT, strict=True))])
    op.create_table(
        "write_off_tolerance",
        sa.Column("currency", Currency, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("set_by", sa.Text),
        sa.Column("set_at", Utc, nullable=False),
        sa.CheckConstraint(f"amount_minor BETWEEN 0 AND {CAP}", name="write_off_tolerance_amount"),
    )
    _write_offs()
    _refunds()
    _terms()
    for table in ("write_off_tolerance", "payment_terms", "customer_terms", "invoice_instalment"):
        for act in ("UPDATE", "DELETE"):
            _refuse(table, act)
    for table in _FIXED:
        _refuse(table, "DELETE")
        _keep(table)


def _document() -> list[sa.Column]:
    return [
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("approval_id", Id),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("requested_at", Utc, nullable=False),
        sa.Column("posted_on", sa.Date),
    ]


def _write_offs() -> None:
    op.create_table(
        "write_off",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), nullable=False),
        *_document(),
        sa.Column("reversed_on", sa.Date),
        sa.Column("reversed_by", sa.String(64)),
        sa.Column("reversal_reason", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="write_off_amount"),
        sa.CheckConstraint(
            "state IN ('waiting', 'posted', 'reversed', 'rejected', 'withdrawn')", name="write_off_state"
        ),
        sa.CheckConstraint(
            "(state IN ('posted', 'reversed')) = (posted_on IS NOT NULL)", name="write_off_posted"
        ),
        sa.CheckConstraint("(state = 'reversed') = (reversed_on IS NOT NULL)", name="write_off_reversed"),
    )
    op.create_index("write_off_by_invoice", "write_off", ["invoice_id"])
    op.create_index("write_off_by_customer", "write_off", ["customer_id", "id"])
    op.create_index("write_off_by_day", "write_off", ["posted_on"])


def _refunds() -> None:
    op.create_table(
        "refund",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("payment_id", Id, sa.ForeignKey("payment.id")),
        sa.Column("credit_note_id", Id, sa.ForeignKey("credit_note.id")),
        *_document(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("(payment_id IS NULL) <> (credit_note_id IS NULL)", name="refund_of_one"),
        sa.CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="refund_amount"),
        sa.CheckConstraint("state IN ('waiting', 'posted', 'rejected', 'withdrawn')", name="refund_state"),
        sa.CheckConstraint("(state = 'posted') = (posted_on IS NOT NULL)", name="refund_posted"),
        sa.CheckConstraint("approval_id IS NOT NULL", name="refund_asked_for"),
    )
    op.create_index("refund_by_payment", "refund", ["payment_id"])
    op.create_index("refund_by_credit_note", "refund", ["credit_note_id"])
    op.create_index("refund_by_customer", "refund", ["customer_id", "id"])
    op.create_index("refund_by_day", "refund", ["posted_on"])


def _terms() -> None:
    op.create_table(
        "payment_terms",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("parts", sa.JSON, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("set_by", sa.Text),
        sa.Column("set_at", Utc, nullable=False),
    )
    op.create_table(
        "customer_terms",
        sa.Column("id", Id, primary_key=True),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id"), nullable=False),
        sa.Column("terms_name", sa.String(40)),
        sa.Column("set_by", sa.Text),
        sa.Column("set_at", Utc, nullable=False),
    )
    op.create_index("customer_terms_by_customer", "customer_terms", ["customer_id", "id"])
    op.create_table(
        "invoice_instalment",
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("later_minor", sa.BigInteger, nullable=False),
        sa.Column("terms_name", sa.String(40), nullable=False),
        sa.Column("terms_version", sa.Integer, nullable=False),
        sa.CheckConstraint(f"amount_minor > 0 AND amount_minor <= {CAP}", name="invoice_instalment_amount"),
        sa.CheckConstraint(f"later_minor BETWEEN 0 AND {CAP}", name="invoice_instalment_later"),
    )


def _refuse(table: str, act: str) -> None:
    head = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def _keep(table: str) -> None:
    """Refuse to change what a document says; only how it stands moves."""
    head = f"CREATE TRIGGER {table}_is_fixed BEFORE UPDATE OF {_FIXED[table]} ON {table} FOR EACH ROW"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, 'a {table} may not be changed'); END")


def downgrade() -> None:
    """Drop the tables; the ledger's account goes too, as long as nothing was posted to it."""
    for table in (
        "invoice_instalment",
        "customer_terms",
        "payment_terms",
        "refund",
        "write_off",
        "write_off_tolerance",
    ):
        op.drop_table(table)
    op.execute("DELETE FROM ledger_account WHERE code = '6800'")
