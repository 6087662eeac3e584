"""Units that go back to their suppliers by their serials."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0018"
down_revision = "0017"

BEFORE = "'consumed', 'lost')"
ANEW = "'consumed', 'lost', 'sent_back')"
STATES = (
    "'in_stock', 'picked', 'under_way', 'quarantine', 'shipped', 'scrapped', 'consumed', 'lost', 'sent_back'"
)
CHECKS = (("serial", "serial_state"), ("serial_event", "serial_event_state"))


def upgrade() -> None:
    """Let a serial be sent back, and note which serials a return to a supplier names."""
    if op.get_bind().dialect.name == "postgresql":
        for table, name in CHECKS:
            op.drop_constraint(name, table)
            op.create_check_constraint(name, table, f"state IN ({STATES})")
    else:
        _rewrite_checks()
    op.create_table(
        "supplier_return_serial",
        _column("return_id", Id, primary_key=True),
        _column("item_id", Id, primary_key=True),
        _column("serial", sa.String(64), primary_key=True),
        _column("line_no", sa.Integer),
        _column("outcome", sa.String(16)),
        sa.ForeignKeyConstraint(
            ["return_id", "line_no"],
            ["supplier_return_line.return_id", "supplier_return_line.line_no"],
            name="supplier_return_serial_of_line",
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "serial"], ["serial.item_id", "serial.serial"], name="supplier_return_serial_of"
        ),
        sa.CheckConstraint("outcome IN ('announced', 'sent', 'kept')", name="supplier_return_serial_outcome"),
    )
    is_open = sa.text("outcome = 'announced'")
    op.create_index(
        "supplier_return_serial_open",
        "supplier_return_serial",
        ["item_id", "serial"],
        unique=True,
        postgresql_where=is_open,
        sqlite_where=is_open,
    )


def _rewrite_checks() -> None:
    """Write the text of the checks anew in SQLite's own table of tables.

    The rows are the same either way, and other tables point to these: to write them anew would drop what they point to.
    """
    bind = op.get_bind()
    names = [table for table, _ in CHECKS]
    version = bind.execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    changed = bind.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :anew)"
            " WHERE type = 'table' AND name IN (:first, :second) AND instr(sql, :before) > 0"
        ),
        {"before": BEFORE, "anew": ANEW, "first": names[0], "second": names[1]},
    )
    if changed.rowcount != len(names):
        raise RuntimeError(f"{names} do not say which states there are as they were made")
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def _column(name: str, kind: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, **({"nullable": False} | more))


def downgrade() -> None:
    """Drop the table; units that were sent back stay so."""
    op.drop_table("supplier_return_serial")
