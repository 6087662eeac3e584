"""Dunning: the versions of the policy, how each invoice was reminded of, and the reminders."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Utc

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "dunning_policy",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("levels", sa.JSON, nullable=False),
        sa.Column("days_between", sa.Integer, nullable=False),
        sa.Column("automatic", sa.Boolean, nullable=False),
        sa.Column("set_by", sa.Text),
        sa.Column("set_at", Utc, nullable=False),
    )
    op.create_table(
        "dunning_state",
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), primary_key=True),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("reminded_on", sa.Date),
        sa.Column("paused_until", sa.Date),
        sa.Column("pause_reason", sa.Text),
        sa.CheckConstraint("level BETWEEN 0 AND 9", name="dunning_state_level"),
        sa.CheckConstraint("(level = 0) = (reminded_on IS NULL)", name="dunning_state_reminded"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("policy_version", sa.Integer, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("issued_by", sa.Text),
        sa.Column("created_at", Utc, nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 9", name="reminder_level"),
        sa.CheckConstraint("total_minor > 0", name="reminder_total"),
    )
    op.create_index("reminder_by_customer", "reminder", ["customer_id", "id"])
    op.create_table(
        "reminder_line",
        sa.Column("reminder_id", Id, sa.ForeignKey("reminder.id"), primary_key=True),
        sa.Column("invoice_id", Id, sa.ForeignKey("invoice.id"), primary_key=True),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("days_overdue", sa.Integer, nullable=False),
        sa.Column("open_minor", sa.BigInteger, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("raised", sa.Boolean, nullable=False),
        sa.CheckConstraint("open_minor > 0", name="reminder_line_open"),
    )
    op.create_index("reminder_line_by_invoice", "reminder_line", ["invoice_id"])
    for table in ("dunning_policy", "reminder", "reminder_line"):
        for act in ("UPDATE", "DELETE"):
            _refuse(table, act)


def _refuse(table: str, act: str) -> None:
    """What was sent to a customer, and the rule by which it was, stay as they are."""
    name = f"{table}_no_{act.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("reminder_line", "reminder", "dunning_state", "dunning_policy"):
        op.drop_table(name)
