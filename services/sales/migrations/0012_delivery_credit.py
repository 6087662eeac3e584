"""Orders may be held because finance keeps their goods in the house."""

from alembic import op

revision = "0012"
down_revision = "0011"
_BEFORE = "code IN ('stock', 'credit', 'payment', 'date')"
_AFTER = "code IN ('stock', 'credit', 'payment', 'date', 'delivery_credit')"


def upgrade() -> None:
    """Allow the code."""
    _let_holds_be(_BEFORE, _AFTER)


def downgrade() -> None:
    """Allow it no more; there must not be any such hold."""
    _let_holds_be(_AFTER, _BEFORE)


def _let_holds_be(before: str, after: str) -> None:
    """Say which codes a hold may have: on SQLite in place, as migration 0007 does, for no stored row changes."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint("order_hold_code", "order_hold")
        op.create_check_constraint("order_hold_code", "order_hold", after)
        return
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = 'order_hold' AND instr(sql, ?) > 0",
        (before, after, before),
    ).rowcount
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed != 1:
        raise RuntimeError("the table order_hold is not as the migrations before this one left it")
