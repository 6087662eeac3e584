"""Credit in depth: the policy, limits of customer groups, whose limit counts, and overrides for single orders."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Utc

revision = "0010"
down_revision = "0009"
CAP = 10**17
_LIVE = sa.text("state IN ('waiting', 'approved')")
_FIXED = "id, number, order_id, customer_id, currency, amount_minor, reason, expires_on, requested_by, requested_at"


def upgrade() -> None:
    """Create the tables, and say of every account whose limit it has."""
    op.add_column("account", sa.Column("customer_group", sa.String(40)))
    source = sa.Column("limit_source", sa.String(8), nullable=False, server_default="company")
    op.add_column("account", source)
    op.execute(
        "UPDATE account SET limit_source = 'customer' WHERE EXISTS "
        "(SELECT 1 FROM limit_change c WHERE c.customer_id = account.customer_id)"
    )
    op.create_index("account_by_group", "account", ["customer_group", "currency", "customer_id"])
    _policy()
    _group_limits()
    _overrides()
    for table in ("credit_policy", "credit_group_limit"):
        _refuse(table, "UPDATE")
        _refuse(table, "DELETE")
    _refuse("credit_override", "DELETE")
    _keep_what_was_asked()


def _policy() -> None:
    op.create_table(
        "credit_policy",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("watch_percent", sa.Integer, nullable=False),
        sa.Column("watch_overdue_days", sa.Integer),
        sa.Column("grace_days", sa.Integer),
        sa.Column("set_by", sa.Text),
        sa.Column("set_at", Utc, nullable=False),
        sa.CheckConstraint("watch_percent BETWEEN 1 AND 100", name="credit_policy_watch_percent"),
        sa.CheckConstraint("watch_overdue_days >= 0 AND grace_days >= 0", name="credit_policy_days"),
    )


def _group_limits() -> None:
    op.create_table(
        "credit_group_limit",
        sa.Column("customer_group", sa.String(40), primary_key=True),
        sa.Column("currency", Currency, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("limit_minor", sa.BigInteger),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("set_by", sa.Text),
        sa.Column("set_at", Utc, nullable=False),
        sa.CheckConstraint(
            f"limit_minor IS NULL OR limit_minor BETWEEN 0 AND {CAP}", name="credit_group_limit_bounds"
        ),
    )


def _overrides() -> None:
    op.create_table(
        "credit_override",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("order_id", Id, sa.ForeignKey("credit_hold.order_id"), nullable=False),
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id"), nullable=False),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("approval_id", Id, nullable=False),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("requested_at", Utc, nullable=False),
        sa.Column("ended_at", Utc),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint(f"amount_minor BETWEEN 0 AND {CAP}", name="credit_override_amount"),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'used', 'rejected', 'withdrawn', 'lapsed')",
            name="credit_override_state",
        ),
    )
    op.create_index(
        "credit_override_one_alive",
        "credit_override",
        ["order_id"],
        unique=True,
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    )
    op.create_index("credit_override_by_customer", "credit_override", ["customer_id", "id"])


def _refuse(table: str, act: str) -> None:
    head = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def _keep_what_was_asked() -> None:
    """Refuse to change what an override says; only how it stands moves."""
    head = (
        f"CREATE TRIGGER credit_override_is_fixed BEFORE UPDATE OF {_FIXED} ON credit_override FOR EACH ROW"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, 'a credit_override may not be changed'); END")


def downgrade() -> None:
    """Drop what was added."""
    for table in ("credit_override", "credit_group_limit", "credit_policy"):
        op.drop_table(table)
    op.drop_index("account_by_group", "account")
    op.drop_column("account", "limit_source")
    op.drop_column("account", "customer_group")
