"""The tables of making: bills of materials, production orders, what they hold and wait for, what was made of what."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from libs.common.db.types import Id, Milli, Utc
from services.inventory.store.tables import metadata

bom = Table(
    "bom",
    metadata,
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", Date, nullable=False),
    Column("output_milli", Milli, nullable=False),
    Column("fixed_days", Integer, nullable=False),
    Column("days_per_lot", Integer, nullable=False),
    Column("tolerance_bp", Integer, nullable=False),
    Column("note", Text),
    Column("set_by", Text),
    Column("set_at", Utc, nullable=False),
    CheckConstraint("output_milli > 0", name="bom_output"),
    CheckConstraint(
        "fixed_days BETWEEN 0 AND 3650 AND days_per_lot BETWEEN 0 AND 3650", name="bom_lead_time"
    ),
    CheckConstraint("tolerance_bp BETWEEN 0 AND 10000", name="bom_tolerance"),
)

bom_component = Table(
    "bom_component",
    metadata,
    Column("item_id", Id, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("component_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("position", SmallInteger, nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("scrap_bp", Integer, nullable=False),
    ForeignKeyConstraint(["item_id", "version"], ["bom.item_id", "bom.version"], name="bom_component_of"),
    CheckConstraint("component_id <> item_id", name="bom_component_other"),
    CheckConstraint("quantity_milli > 0", name="bom_component_quantity"),
    CheckConstraint("scrap_bp BETWEEN 0 AND 10000", name="bom_component_scrap"),
    Index("bom_component_by_component", "component_id", "item_id"),
)

production_order = Table(
    "production_order",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("item_id", Id, ForeignKey("item.id"), nullable=False),
    Column("warehouse_id", Id, ForeignKey("warehouse.id"), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("need_milli", Milli, nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    Column("most_milli", Milli, nullable=False),
    Column("bom_version", Integer),
    Column("finished_milli", Milli, nullable=False),
    Column("scrapped_milli", Milli, nullable=False),
    Column("queue_no", BigInteger),
    Column("due_on", Date),
    Column("released_on", Date),
    Column("requested_by", Text),
    Column("released_by", Text),
    Column("note", Text),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    ForeignKeyConstraint(
        ["item_id", "bom_version"], ["bom.item_id", "bom.version"], name="production_order_bom"
    ),
    UniqueConstraint("number", name="production_order_number"),
    UniqueConstraint("queue_no", name="production_order_queue_no"),
    CheckConstraint("origin IN ('shortage', 'reorder_point', 'manual')", name="production_order_origin"),
    CheckConstraint(
        "state IN ('request', 'waiting', 'assigned', 'running', 'done', 'cancelled')",
        name="production_order_state",
    ),
    CheckConstraint("need_milli > 0 AND quantity_milli > 0", name="production_order_quantities"),
    CheckConstraint(
        "finished_milli BETWEEN 0 AND most_milli AND scrapped_milli >= 0", name="production_order_made"
    ),
    CheckConstraint(
        "state NOT IN ('waiting', 'assigned', 'running', 'done') OR (bom_version IS NOT NULL "
        "AND queue_no IS NOT NULL AND due_on IS NOT NULL AND released_on IS NOT NULL)",
        name="production_order_released",
    ),
    CheckConstraint(
        "state IN ('running', 'done') OR (finished_milli = 0 AND scrapped_milli = 0)",
        name="production_order_running",
    ),
    Index("production_order_by_item", "item_id", "state"),
    Index("production_order_by_state", "state", "id"),
)
Index(
    "production_order_one_request",
    production_order.c.item_id,
    production_order.c.warehouse_id,
    production_order.c.origin,
    unique=True,
    postgresql_where=text("state = 'request' AND origin <> 'manual'"),
    sqlite_where=text("state = 'request' AND origin <> 'manual'"),
)

production_component = Table(
    "production_component",
    metadata,
    Column("production_order_id", Id, ForeignKey("production_order.id"), primary_key=True),
    Column("component_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("position", SmallInteger, nullable=False),
    Column("required_milli", Milli, nullable=False),
    Column("used_milli", Milli, nullable=False),
    Column("consumed_milli", Milli, nullable=False),
    CheckConstraint(
        "used_milli >= 0 AND required_milli >= used_milli AND consumed_milli >= 0",
        name="production_component_quantities",
    ),
    Index("production_component_by_item", "component_id"),
)

# What of a stock row an order has reserved: beside ``allocation``, the other part of the row's reserved quantity.
component_allocation = Table(
    "component_allocation",
    metadata,
    Column("production_order_id", Id, ForeignKey("production_order.id"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("warehouse_id", Id, primary_key=True),
    Column("lot", String(64), primary_key=True),
    Column("held_milli", Milli, nullable=False),
    CheckConstraint("held_milli BETWEEN 0 AND 1000000000000000", name="component_allocation_held"),
    Index("component_allocation_by_row", "item_id", "warehouse_id", "lot"),
)

# What an order still lacks of a component: it stands in the same queue as the orders in ``waiting``.
component_want = Table(
    "component_want",
    metadata,
    Column("item_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("queue_no", BigInteger, primary_key=True, autoincrement=False),
    Column("production_order_id", Id, ForeignKey("production_order.id"), nullable=False),
    Column("quantity_milli", BigInteger, nullable=False),
    CheckConstraint("quantity_milli > 0", name="component_want_quantity"),
    UniqueConstraint("production_order_id", "item_id", name="component_want_once"),
)

production_report = Table(
    "production_report",
    metadata,
    Column("id", Id, primary_key=True),
    Column("production_order_id", Id, ForeignKey("production_order.id"), nullable=False),
    Column("finished_milli", Milli, nullable=False),
    Column("scrapped_milli", Milli, nullable=False),
    Column("lot", String(64), nullable=False),
    Column("reason", Text),
    Column("reported_on", Date, nullable=False),
    Column("actor", String(120)),
    Column("recorded_at", Utc, nullable=False),
    CheckConstraint(
        "finished_milli >= 0 AND scrapped_milli >= 0 AND finished_milli + scrapped_milli > 0",
        name="production_report_quantities",
    ),
    CheckConstraint("scrapped_milli = 0 OR reason IS NOT NULL", name="production_report_reason"),
    Index("production_report_by_order", "production_order_id", "id"),
)

production_consumption = Table(
    "production_consumption",
    metadata,
    Column("report_id", Id, ForeignKey("production_report.id"), primary_key=True),
    Column("component_id", Id, ForeignKey("item.id"), primary_key=True),
    Column("planned_milli", Milli, nullable=False),
    Column("quantity_milli", Milli, nullable=False),
    CheckConstraint("planned_milli >= 0 AND quantity_milli >= 0", name="production_consumption_quantities"),
)
