"""What the bank says: statements as they came, and their lines with what was done about each."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Utc

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "bank_statement",
        sa.Column("id", Id, primary_key=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("number", sa.String(70), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("first_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("opening_minor", sa.BigInteger),
        sa.Column("closing_minor", sa.BigInteger),
        sa.Column("lines_new", sa.Integer, nullable=False),
        sa.Column("lines_known", sa.Integer, nullable=False),
        sa.Column("received_by", sa.Text),
        sa.Column("created_at", Utc, nullable=False),
        sa.CheckConstraint("first_on <= last_on", name="bank_statement_days"),
        sa.CheckConstraint("lines_new >= 0 AND lines_known >= 0", name="bank_statement_lines"),
    )
    op.create_table(
        "bank_line",
        sa.Column("id", Id, primary_key=True),
        sa.Column("statement_id", Id, sa.ForeignKey("bank_statement.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(140), nullable=False),
        sa.Column("booked_on", sa.Date, nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("payer", sa.Text),
        sa.Column("payer_account", sa.String(64)),
        sa.Column("is_reversal", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("payment_id", Id, sa.ForeignKey("payment.id")),
        sa.Column("reason", sa.Text),
        sa.Column("settled_by", sa.Text),
        sa.Column("settled_at", Utc),
        sa.UniqueConstraint("account", "reference", name="bank_line_once_per_account"),
        sa.UniqueConstraint("payment_id", name="bank_line_once_per_payment"),
        sa.CheckConstraint(f"amount_minor BETWEEN -{10**17} AND {10**17}", name="bank_line_amount"),
        sa.CheckConstraint("state IN ('new', 'booked', 'ignored')", name="bank_line_state"),
        sa.CheckConstraint(
            "(state = 'booked') = (payment_id IS NOT NULL)", name="bank_line_booked_is_a_payment"
        ),
        sa.CheckConstraint("state <> 'ignored' OR reason IS NOT NULL", name="bank_line_ignored_says_why"),
    )
    op.create_index("bank_line_by_statement", "bank_line", ["statement_id", "line_no"])
    op.create_index("bank_line_by_state", "bank_line", ["state", "id"])
    booked = sa.text("state = 'booked'")
    op.create_index(
        "bank_line_by_payer",
        "bank_line",
        ["payer_account", "id"],
        postgresql_where=booked,
        sqlite_where=booked,
    )
    for act in ("UPDATE", "DELETE"):
        _refuse(act)


def _refuse(act: str) -> None:
    """What the bank said stays as it came."""
    head = f"CREATE TRIGGER bank_statement_no_{act.lower()} BEFORE {act} ON bank_statement"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, 'bank_statement is append-only'); END")


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("bank_line")
    op.drop_table("bank_statement")
