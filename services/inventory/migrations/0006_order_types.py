"""What the type of an order asks of its stock: to leave in one piece, or to be got for it alone."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0006"
down_revision = "0005"

_STATES = (
    "state IN ('waiting', 'reserved', 'released', 'rejected', 'recorded', 'consumed')",
    "state IN ('waiting', 'reserved', 'released', 'rejected', 'recorded', 'sourcing', 'consumed')",
)
_ORIGINS = (
    "origin IN ('shortage', 'reorder_point', 'manual')",
    "origin IN ('shortage', 'reorder_point', 'manual', 'order')",
)
_ONE_OPEN = (
    "state = 'open' AND origin <> 'manual'",
    "state = 'open' AND origin IN ('shortage', 'reorder_point')",
)


def upgrade() -> None:
    """Add the columns; what was ordered so far is from stock and may leave in parts."""
    op.add_column(
        "reservation", sa.Column("ship_complete", sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
    op.add_column("reservation", sa.Column("source", sa.String(12), nullable=False, server_default="stock"))
    _say("reservation", "reservation_state", *_STATES)
    _say("requisition", "requisition_origin", *_ORIGINS)
    op.add_column("requisition", sa.Column("order_id", Id))
    id_type = Id().compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE requisition ADD COLUMN order_line_id {id_type} "
        "CONSTRAINT requisition_of_an_order CHECK ((origin = 'order') = (order_line_id IS NOT NULL))"
    )
    op.create_index("requisition_by_order", "requisition", ["order_id"])
    _one_open(_ONE_OPEN[1])


def _one_open(condition: str) -> None:
    op.drop_index("requisition_one_open", "requisition")
    only_one = sa.text(condition)
    op.create_index(
        "requisition_one_open",
        "requisition",
        ["item_id", "warehouse_id", "origin"],
        unique=True,
        postgresql_where=only_one,
        sqlite_where=only_one,
    )


def _say(table: str, name: str, before: str, after: str) -> None:
    """Change a check: on SQLite in place, by the way of its manual for where no stored row changes."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(name, table)
        op.create_check_constraint(name, table, after)
        return
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
        (before, after, table, before),
    ).rowcount
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed != 1:
        raise RuntimeError(f"the table {table} is not as the migrations before this one left it")


def downgrade() -> None:
    """Take it away; what is being got for an order would have no state, so there must not be any."""
    _one_open(_ONE_OPEN[0])
    op.drop_index("requisition_by_order", "requisition")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("requisition", "order_line_id")
    op.drop_column("requisition", "order_id")
    _say("requisition", "requisition_origin", *reversed(_ORIGINS))
    _say("reservation", "reservation_state", *reversed(_STATES))
    op.drop_column("reservation", "source")
    op.drop_column("reservation", "ship_complete")
