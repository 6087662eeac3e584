"""Making: bills of materials, production orders, what they hold and wait for, and what was made of what."""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Milli, Utc

revision = "0010"
down_revision = "0005"

APPEND_ONLY = ("bom", "bom_component", "production_report", "production_consumption")
TABLES = (
    "bom", "bom_component", "production_order", "production_component", "component_allocation", "component_want",
    "production_report", "production_consumption",
)  # fmt: skip
# What a check allows beside what it allowed before: by table and constraint.
ALLOWED = (
    ("supply_policy", "supply_policy_method", "method = 'make'"),
    ("stock_move", "stock_move_kind", "kind IN ('production', 'consumption')"),
    (
        "stock_move",
        "stock_move_sign",
        "(kind = 'production' AND quantity_milli > 0) OR (kind = 'consumption' AND quantity_milli < 0)",
    ),
)
BEFORE = {
    "supply_policy_method": "method IN ('none', 'buy')",
    "stock_move_kind": "kind IN ('opening', 'receipt', 'shipment', 'adjustment', 'return', 'restock', 'scrap')",
    "stock_move_sign": (
        "(kind IN ('opening', 'receipt', 'return') AND quantity_milli > 0) "
        "OR (kind IN ('shipment', 'scrap') AND quantity_milli < 0) OR kind IN ('adjustment', 'restock')"
    ),
}


def upgrade() -> None:
    """Create the tables and their triggers, and let policies and the ledger know of making."""
    for table, name, more in ALLOWED:
        _allow(table, name, more)
    _boms()
    _orders()
    _components()
    _reports()
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            _refuse(table, act)


def _allow(table: str, name: str, more: str) -> None:
    """Let a check allow ``more``; what it allows already is taken from the database, whoever wrote it."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        _rewrite(table, f"CONSTRAINT {name} CHECK (", f"CONSTRAINT {name} CHECK ({more} OR ")
        return
    known = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    before = bind.execute(known, {"name": name}).scalar_one().removeprefix("CHECK ")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, f"{more} OR {before}")


def _rewrite(table: str, old: str, new: str) -> None:
    """Write a table of SQLite anew, with another text of its constraint, and with its rows, indexes and triggers."""
    bind = op.get_bind()
    of_table = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    parts = bind.execute(of_table, {"table": table}).all()
    (statement,) = (part.sql for part in parts if part.type == "table")
    if old not in statement:
        raise RuntimeError(f"{table} has no {old}")
    statement = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_anew", statement)
    op.execute(statement.replace(old, new).replace(":", "\\:"))
    columns = [column["name"] for column in sa.inspect(bind).get_columns(table)]
    before, anew = (sa.table(name, *map(sa.column, columns)) for name in (table, f"{table}_anew"))
    op.execute(sa.insert(anew).from_select(columns, sa.select(before)))
    op.drop_table(table)
    op.rename_table(f"{table}_anew", table)
    for part in parts:
        if part.type != "table":
            op.execute(part.sql)


def _column(name: str, kind: Any, *constraints: Any, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, *constraints, nullable=nullable)


def _boms() -> None:
    op.create_table(
        "bom",
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        _column("valid_from", sa.Date),
        _column("output_milli", Milli),
        _column("fixed_days", sa.Integer),
        _column("days_per_lot", sa.Integer),
        _column("tolerance_bp", sa.Integer),
        _column("note", sa.Text, nullable=True),
        _column("set_by", sa.Text, nullable=True),
        _column("set_at", Utc),
        sa.CheckConstraint("output_milli > 0", name="bom_output"),
        sa.CheckConstraint(
            "fixed_days BETWEEN 0 AND 3650 AND days_per_lot BETWEEN 0 AND 3650", name="bom_lead_time"
        ),
        sa.CheckConstraint("tolerance_bp BETWEEN 0 AND 10000", name="bom_tolerance"),
    )
    op.create_table(
        "bom_component",
        sa.Column("item_id", Id, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("component_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        _column("position", sa.SmallInteger),
        _column("quantity_milli", Milli),
        _column("scrap_bp", sa.Integer),
        sa.ForeignKeyConstraint(
            ["item_id", "version"], ["bom.item_id", "bom.version"], name="bom_component_of"
        ),
        sa.CheckConstraint("component_id <> item_id", name="bom_component_other"),
        sa.CheckConstraint("quantity_milli > 0", name="bom_component_quantity"),
        sa.CheckConstraint("scrap_bp BETWEEN 0 AND 10000", name="bom_component_scrap"),
    )
    op.create_index("bom_component_by_component", "bom_component", ["component_id", "item_id"])


def _orders() -> None:
    op.create_table(
        "production_order",
        sa.Column("id", Id, primary_key=True),
        _column("number", sa.String(32)),
        _column("item_id", Id, sa.ForeignKey("item.id")),
        _column("warehouse_id", Id, sa.ForeignKey("warehouse.id")),
        _column("origin", sa.String(16)),
        _column("state", sa.String(16)),
        _column("need_milli", Milli),
        _column("quantity_milli", Milli),
        _column("most_milli", Milli),
        _column("bom_version", sa.Integer, nullable=True),
        _column("finished_milli", Milli),
        _column("scrapped_milli", Milli),
        _column("queue_no", sa.BigInteger, nullable=True),
        _column("due_on", sa.Date, nullable=True),
        _column("released_on", sa.Date, nullable=True),
        _column("requested_by", sa.Text, nullable=True),
        _column("released_by", sa.Text, nullable=True),
        _column("note", sa.Text, nullable=True),
        _column("reason", sa.Text, nullable=True),
        _column("version", sa.Integer),
        _column("created_at", Utc),
        _column("updated_at", Utc),
        sa.ForeignKeyConstraint(
            ["item_id", "bom_version"], ["bom.item_id", "bom.version"], name="production_order_bom"
        ),
        sa.UniqueConstraint("number", name="production_order_number"),
        sa.UniqueConstraint("queue_no", name="production_order_queue_no"),
        *_order_checks(),
    )
    op.create_index("production_order_by_item", "production_order", ["item_id", "state"])
    op.create_index("production_order_by_state", "production_order", ["state", "id"])
    only_one = sa.text("state = 'request' AND origin <> 'manual'")
    op.create_index(
        "production_order_one_request",
        "production_order",
        ["item_id", "warehouse_id", "origin"],
        unique=True,
        postgresql_where=only_one,
        sqlite_where=only_one,
    )


def _order_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint(
            "origin IN ('shortage', 'reorder_point', 'manual')", name="production_order_origin"
        ),
        sa.CheckConstraint(
            "state IN ('request', 'waiting', 'assigned', 'running', 'done', 'cancelled')",
            name="production_order_state",
        ),
        sa.CheckConstraint("need_milli > 0 AND quantity_milli > 0", name="production_order_quantities"),
        sa.CheckConstraint(
            "finished_milli BETWEEN 0 AND most_milli AND scrapped_milli >= 0", name="production_order_made"
        ),
        sa.CheckConstraint(
            "state NOT IN ('waiting', 'assigned', 'running', 'done') OR (bom_version IS NOT NULL "
            "AND queue_no IS NOT NULL AND due_on IS NOT NULL AND released_on IS NOT NULL)",
            name="production_order_released",
        ),
        sa.CheckConstraint(
            "state IN ('running', 'done') OR (finished_milli = 0 AND scrapped_milli = 0)",
            name="production_order_running",
        ),
    )


def _order_column(*, primary_key: bool = False) -> sa.Column[Any]:
    order = sa.ForeignKey("production_order.id")
    return sa.Column("production_order_id", Id, order, primary_key=primary_key, nullable=False)


def _components() -> None:
    op.create_table(
        "production_component",
        _order_column(primary_key=True),
        sa.Column("component_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        _column("position", sa.SmallInteger),
        _column("required_milli", Milli),
        _column("used_milli", Milli),
        _column("consumed_milli", Milli),
        sa.CheckConstraint(
            "used_milli >= 0 AND required_milli >= used_milli AND consumed_milli >= 0",
            name="production_component_quantities",
        ),
    )
    op.create_index("production_component_by_item", "production_component", ["component_id"])
    op.create_table(
        "component_allocation",
        _order_column(primary_key=True),
        sa.Column("item_id", Id, primary_key=True),
        sa.Column("warehouse_id", Id, primary_key=True),
        sa.Column("lot", sa.String(64), primary_key=True),
        _column("held_milli", Milli),
        sa.CheckConstraint("held_milli BETWEEN 0 AND 1000000000000000", name="component_allocation_held"),
    )
    op.create_index("component_allocation_by_row", "component_allocation", ["item_id", "warehouse_id", "lot"])
    op.create_table(
        "component_want",
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("queue_no", sa.BigInteger, primary_key=True, autoincrement=False),
        _order_column(),
        _column("quantity_milli", sa.BigInteger),
        sa.CheckConstraint("quantity_milli > 0", name="component_want_quantity"),
        sa.UniqueConstraint("production_order_id", "item_id", name="component_want_once"),
    )


def _reports() -> None:
    op.create_table(
        "production_report",
        sa.Column("id", Id, primary_key=True),
        _order_column(),
        _column("finished_milli", Milli),
        _column("scrapped_milli", Milli),
        _column("lot", sa.String(64)),
        _column("reason", sa.Text, nullable=True),
        _column("reported_on", sa.Date),
        _column("actor", sa.String(120), nullable=True),
        _column("recorded_at", Utc),
        sa.CheckConstraint(
            "finished_milli >= 0 AND scrapped_milli >= 0 AND finished_milli + scrapped_milli > 0",
            name="production_report_quantities",
        ),
        sa.CheckConstraint("scrapped_milli = 0 OR reason IS NOT NULL", name="production_report_reason"),
    )
    op.create_index("production_report_by_order", "production_report", ["production_order_id", "id"])
    op.create_table(
        "production_consumption",
        sa.Column("report_id", Id, sa.ForeignKey("production_report.id"), primary_key=True),
        sa.Column("component_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        _column("planned_milli", Milli),
        _column("quantity_milli", Milli),
        sa.CheckConstraint(
            "planned_milli >= 0 AND quantity_milli >= 0", name="production_consumption_quantities"
        ),
    )


def _refuse(table: str, act: str) -> None:
    """What was said and what was made stay as they are; the function comes with the mechanism's tables."""
    head = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def downgrade() -> None:
    """Drop the tables; policies that say *make*, and a ledger that knows of making, refuse to forget it."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for table, name, more in ALLOWED:
        if op.get_bind().dialect.name == "postgresql":
            op.drop_constraint(name, table)
            op.create_check_constraint(name, table, BEFORE[name])
        else:
            _rewrite(table, f"CONSTRAINT {name} CHECK ({more} OR ", f"CONSTRAINT {name} CHECK (")
