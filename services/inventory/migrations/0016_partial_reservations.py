"""Orders that take what there is: they hold a part, and stand in the queue for the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_STATES = (
    "state IN ('waiting', 'reserved', 'released', 'rejected', 'recorded', 'sourcing', 'consumed')",
    "state IN ('waiting', 'partial', 'reserved', 'released', 'rejected', 'recorded', 'sourcing', 'consumed')",
)
_PLACES = (
    "(state = 'waiting') = (queue_no IS NOT NULL)",
    "(state IN ('waiting', 'partial')) = (queue_no IS NOT NULL)",
)


def upgrade() -> None:
    """Add the column and the state; what was ordered so far is filled whole or waits whole."""
    op.add_column(
        "reservation", sa.Column("takes_part", sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
    _say("reservation_state", *_STATES)
    _say("reservation_waits_in_queue", *_PLACES)
    partial = sa.text("state = 'partial'")
    op.create_index(
        "reservation_partial", "reservation", ["id"], postgresql_where=partial, sqlite_where=partial
    )


def _say(name: str, before: str, after: str) -> None:
    """Change a check of reservations: on SQLite in place, as migration 0006 does, for no stored row changes."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(name, "reservation")
        op.create_check_constraint(name, "reservation", after)
        return
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'reservation' AND instr(sql, ?) > 0",
        (before, after, before),
    ).rowcount
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed != 1:
        raise RuntimeError("the table reservation is not as the migrations before this one left it")


def downgrade() -> None:
    """Take it away; what holds a part would have no state, so there must not be any."""
    op.drop_index("reservation_partial", "reservation")
    _say("reservation_waits_in_queue", *reversed(_PLACES))
    _say("reservation_state", *reversed(_STATES))
    op.drop_column("reservation", "takes_part")
