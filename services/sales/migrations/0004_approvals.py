"""Quotations that wait for an approval: the state, and which approval it is."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0004"
down_revision = "0003"

_BEFORE = "state IN ('draft', 'sent', 'accepted', 'expired', 'declined', 'cancelled')"
_AFTER = "state IN ('draft', 'pending_approval', 'sent', 'accepted', 'expired', 'declined', 'cancelled')"
_WAITS = "state <> 'pending_approval' OR approval_id IS NOT NULL"
_NAME = "quotation_waits_for_an_approval"


def upgrade() -> None:
    """Add the column and let the state be; no quotation so far waits."""
    op.add_column("quotation", sa.Column("approval_id", Id))
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("quotation_state", "quotation")
        op.create_check_constraint("quotation_state", "quotation", _AFTER)
        op.create_check_constraint(_NAME, "quotation", _WAITS)
    else:
        _say(f"CHECK ({_BEFORE})", f"CHECK ({_AFTER}), CONSTRAINT {_NAME} CHECK ({_WAITS})")


def _say(before: str, after: str) -> None:
    """Change what SQLite's schema says of the table, in place: the way of its manual where no stored row changes.

    Making the table anew would first delete its rows, which the lines and orders that point to them forbid.
    """
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'quotation' AND instr(sql, ?) > 0",
        (before, after, before),
    ).rowcount
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed != 1:
        raise RuntimeError("the table quotation is not as the migrations before this one left it")


def downgrade() -> None:
    """Take the column and the state away; a quotation that waits would have none, so there must not be any."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(_NAME, "quotation")
        op.drop_constraint("quotation_state", "quotation")
        op.create_check_constraint("quotation_state", "quotation", _BEFORE)
    else:
        _say(f"CHECK ({_AFTER}), CONSTRAINT {_NAME} CHECK ({_WAITS})", f"CHECK ({_BEFORE})")
    op.drop_column("quotation", "approval_id")
