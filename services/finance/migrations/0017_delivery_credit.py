"""Credit at the delivery: when it is asked, what was asked about which note, and overrides for goods held back."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Utc

revision = "0017"
down_revision = "0016"
_OPEN = sa.text("state <> 'closed'")
_ADDED = (
    (
        "account",
        "open_questions",
        "INTEGER DEFAULT 0 NOT NULL",
        "account_open_questions",
        "open_questions >= 0",
    ),
    (
        "credit_policy",
        "delivery_when",
        "VARCHAR(10) DEFAULT 'never' NOT NULL",
        "credit_policy_delivery_when",
        "delivery_when IN ('never', 'always', 'after_days')",
    ),
    (
        "credit_policy",
        "delivery_from",
        "VARCHAR(4) DEFAULT 'hold' NOT NULL",
        "credit_policy_delivery_from",
        "delivery_from IN ('hold', 'stop')",
    ),
    (
        "credit_override",
        "purpose",
        "VARCHAR(8) DEFAULT 'order' NOT NULL",
        "credit_override_purpose",
        "purpose IN ('order', 'delivery')",
    ),
)


def upgrade() -> None:
    """Create the table of questions; nobody is asked until a policy says so."""
    for table, column, type_, name, check in _ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {type_} CONSTRAINT {name} CHECK ({check})")
    op.add_column("credit_policy", sa.Column("delivery_days", sa.Integer))
    op.create_table(
        "delivery_question",
        sa.Column("delivery_id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id"), nullable=False),
        sa.Column("question", sa.Integer, nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("asked_at", Utc, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("override_id", Id),
        sa.Column("decided_at", Utc),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("state IN ('granted', 'refused', 'closed')", name="delivery_question_state"),
        sa.CheckConstraint("question > 0", name="delivery_question_question"),
    )
    op.create_index(
        "delivery_question_open",
        "delivery_question",
        ["customer_id", "delivery_id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
    op.create_index("delivery_question_by_order", "delivery_question", ["order_id"])


def downgrade() -> None:
    """Drop the table; on SQLite a column that a check names may stay, for nobody reads it."""
    op.drop_table("delivery_question")
    op.drop_column("credit_policy", "delivery_days")
    if op.get_bind().dialect.name == "postgresql":
        for table, column, *_ in _ADDED:
            op.drop_column(table, column)
