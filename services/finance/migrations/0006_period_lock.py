"""The period lock: nothing is booked on or before its day, whoever books it."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Utc

revision = "0006"
down_revision = "0005"
_LOCKED = "NEW.posted_on <= (SELECT locked_until FROM period_lock ORDER BY version DESC LIMIT 1)"
_MESSAGE = "the period is locked"
# Whoever books holds it together with the others, whoever moves the lock alone: 7011 is just a number.
_SHARED = "PERFORM pg_advisory_xact_lock_shared(7011);"


def upgrade() -> None:
    """Create the versions of the lock and the trigger that keeps it."""
    op.create_table(
        "period_lock",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("locked_until", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("set_by", sa.Text),
        sa.Column("set_at", Utc, nullable=False),
    )
    for act in ("UPDATE", "DELETE"):
        _refuse(act)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION require_open_period() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_SHARED} "
            f"IF {_LOCKED} THEN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER journal_entry_in_open_period BEFORE INSERT ON journal_entry FOR EACH ROW "
            "EXECUTE FUNCTION require_open_period()"
        )
        return
    op.execute(
        f"CREATE TRIGGER journal_entry_in_open_period BEFORE INSERT ON journal_entry WHEN {_LOCKED} "
        f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
    )


def _refuse(act: str) -> None:
    """Who closed and opened the books, when and why, stays as it is."""
    head = f"CREATE TRIGGER period_lock_no_{act.lower()} BEFORE {act} ON period_lock"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, 'period_lock is append-only'); END")


def downgrade() -> None:
    """Drop the trigger and the table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER journal_entry_in_open_period ON journal_entry")
        op.execute("DROP FUNCTION require_open_period()")
    else:
        op.execute("DROP TRIGGER journal_entry_in_open_period")
    op.drop_table("period_lock")
