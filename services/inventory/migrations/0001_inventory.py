"""Items, warehouses, stock with its append-only ledger, reservations with their queues, delivery notes, customers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Milli, Utc

revision = "0001"
down_revision = None

LIMIT = 10**15
TABLES = (
    "item", "warehouse", "stock", "stock_document", "stock_move", "reservation", "reservation_line", "allocation",
    "waiting", "delivery", "delivery_line", "customer",
)  # fmt: skip


def upgrade() -> None:
    """Create the tables of inventory and the triggers that keep the ledger as it is."""
    _items()
    _stock()
    _ledger()
    _reservations()
    _queue()
    _deliveries()
    _customers()
    _append_only("stock_move")


def _column(name: str, kind: Any, *constraints: Any, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, *constraints, nullable=nullable)


def _items() -> None:
    op.create_table(
        "item",
        sa.Column("id", Id, primary_key=True),
        _column("sku", sa.String(64)),
        _column("name", sa.String(200)),
        _column("category", sa.String(120), nullable=True),
        _column("uom", sa.String(16)),
        _column("decimals", sa.SmallInteger),
        _column("lot_tracked", sa.Boolean),
        _column("active", sa.Boolean),
        _column("version", sa.Integer),
        _column("created_at", Utc),
        _column("updated_at", Utc),
        sa.UniqueConstraint("sku", name="item_sku"),
        sa.CheckConstraint("decimals BETWEEN 0 AND 3", name="item_decimals"),
    )
    op.create_table(
        "warehouse",
        sa.Column("id", Id, primary_key=True),
        _column("code", sa.String(32)),
        _column("name", sa.String(200)),
        _column("is_default", sa.Boolean),
        _column("version", sa.Integer),
        _column("created_at", Utc),
        sa.UniqueConstraint("code", name="warehouse_code"),
    )
    only_default = sa.text("is_default")
    op.create_index(
        "warehouse_one_default",
        "warehouse",
        ["is_default"],
        unique=True,
        postgresql_where=only_default,
        sqlite_where=only_default,
    )


def _stock() -> None:
    op.create_table(
        "stock",
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id"), primary_key=True),
        sa.Column("lot", sa.String(64), primary_key=True),
        _column("age", Id),
        _column("expires_on", sa.Date, nullable=True),
        _column("on_hand_milli", Milli),
        _column("reserved_milli", Milli),
        sa.CheckConstraint("reserved_milli >= 0", name="stock_reserved_not_negative"),
        sa.CheckConstraint("reserved_milli <= on_hand_milli", name="stock_reserved_on_hand"),
        sa.CheckConstraint(f"on_hand_milli <= {LIMIT}", name="stock_limit"),
    )
    op.create_table(
        "stock_document",
        sa.Column("id", Id, primary_key=True),
        _column("number", sa.String(32)),
        _column("kind", sa.String(16)),
        _column("warehouse_id", Id, sa.ForeignKey("warehouse.id")),
        _column("booked_on", sa.Date),
        _column("reference", sa.String(200), nullable=True),
        _column("actor", sa.String(120), nullable=True),
        _column("created_at", Utc),
        sa.UniqueConstraint("number", name="stock_document_number"),
        sa.CheckConstraint("kind IN ('opening', 'receipt', 'adjustment')", name="stock_document_kind"),
    )


def _ledger() -> None:
    op.create_table(
        "stock_move",
        sa.Column("id", Id, primary_key=True),
        _column("item_id", Id, sa.ForeignKey("item.id")),
        _column("warehouse_id", Id, sa.ForeignKey("warehouse.id")),
        _column("lot", sa.String(64)),
        _column("quantity_milli", Milli),
        _column("kind", sa.String(16)),
        _column("document_id", Id),
        _column("reference", sa.String(200)),
        _column("moved_on", sa.Date),
        _column("actor", sa.String(120), nullable=True),
        _column("recorded_at", Utc),
        sa.CheckConstraint(
            "kind IN ('opening', 'receipt', 'shipment', 'adjustment')", name="stock_move_kind"
        ),
        sa.CheckConstraint(
            f"quantity_milli <> 0 AND quantity_milli BETWEEN -{LIMIT} AND {LIMIT}", name="stock_move_quantity"
        ),
        sa.CheckConstraint(
            "(kind IN ('opening', 'receipt') AND quantity_milli > 0) "
            "OR (kind = 'shipment' AND quantity_milli < 0) OR kind = 'adjustment'",
            name="stock_move_sign",
        ),
    )
    op.create_index("stock_move_by_row", "stock_move", ["item_id", "warehouse_id", "lot", "id"])
    op.create_index("stock_move_by_document", "stock_move", ["document_id"])


def _reservations() -> None:
    op.create_table(
        "reservation",
        sa.Column("id", Id, primary_key=True),
        _column("order_id", Id),
        _column("order_number", sa.String(64)),
        _column("customer_id", Id, nullable=True),
        _column("correlation_id", sa.String(64)),
        _column("state", sa.String(16)),
        _column("ordered_on", sa.Date, nullable=True),
        _column("promised_on", sa.Date, nullable=True),
        _column("queue_no", sa.BigInteger, nullable=True),
        _column("reason", sa.Text, nullable=True),
        _column("detail", sa.Text, nullable=True),
        _column("version", sa.Integer),
        _column("created_at", Utc),
        _column("updated_at", Utc),
        sa.UniqueConstraint("order_id", name="reservation_once_per_order"),
        sa.UniqueConstraint("queue_no", name="reservation_queue_no"),
        sa.CheckConstraint(
            "state IN ('waiting', 'reserved', 'released', 'rejected', 'recorded', 'consumed')",
            name="reservation_state",
        ),
        sa.CheckConstraint("(state = 'waiting') = (queue_no IS NOT NULL)", name="reservation_waits_in_queue"),
    )
    op.create_index("reservation_by_customer", "reservation", ["customer_id", "id"])
    op.create_table(
        "reservation_line",
        sa.Column("reservation_id", Id, sa.ForeignKey("reservation.id"), primary_key=True),
        sa.Column("order_line_id", Id, primary_key=True),
        _column("position", sa.Integer),
        _column("item_id", Id, sa.ForeignKey("item.id")),
        _column("quantity_milli", Milli),
        _column("shipped_milli", Milli),
        sa.CheckConstraint("quantity_milli > 0", name="reservation_line_quantity"),
        sa.CheckConstraint("shipped_milli BETWEEN 0 AND quantity_milli", name="reservation_line_shipped"),
    )
    op.create_index("reservation_line_by_item", "reservation_line", ["item_id", "reservation_id"])
    op.create_table(
        "allocation",
        sa.Column("reservation_id", Id, sa.ForeignKey("reservation.id"), primary_key=True),
        sa.Column("order_line_id", Id, primary_key=True),
        _column("item_id", Id),
        sa.Column("warehouse_id", Id, primary_key=True),
        sa.Column("lot", sa.String(64), primary_key=True),
        _column("held_milli", Milli),
        sa.CheckConstraint(f"held_milli BETWEEN 0 AND {LIMIT}", name="allocation_held"),
    )
    op.create_index("allocation_by_row", "allocation", ["item_id", "warehouse_id", "lot"])


def _queue() -> None:
    op.create_table(
        "waiting",
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("queue_no", sa.BigInteger, primary_key=True, autoincrement=False),
        _column("reservation_id", Id, sa.ForeignKey("reservation.id")),
        _column("quantity_milli", sa.BigInteger),
        sa.UniqueConstraint("reservation_id", "item_id", name="waiting_once"),
        sa.CheckConstraint("quantity_milli > 0", name="waiting_quantity"),
    )


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", Id, primary_key=True),
        _column("number", sa.String(32)),
        _column("order_id", Id, sa.ForeignKey("reservation.order_id")),
        _column("order_number", sa.String(64)),
        _column("customer_id", Id),
        _column("warehouse_id", Id, sa.ForeignKey("warehouse.id")),
        _column("correlation_id", sa.String(64)),
        _column("state", sa.String(16)),
        _column("promised_on", sa.Date, nullable=True),
        _column("shipped_on", sa.Date, nullable=True),
        _column("backorder_of", Id, sa.ForeignKey("delivery.id"), nullable=True),
        _column("reason", sa.Text, nullable=True),
        _column("version", sa.Integer),
        _column("created_at", Utc),
        _column("updated_at", Utc),
        sa.UniqueConstraint("number", name="delivery_number"),
        sa.CheckConstraint(
            "state IN ('draft', 'waiting', 'ready', 'picked', 'packed', 'shipped', 'delivered', 'cancelled')",
            name="delivery_state",
        ),
        sa.CheckConstraint(
            "(state IN ('shipped', 'delivered')) = (shipped_on IS NOT NULL)", name="delivery_shipped_on"
        ),
    )
    op.create_index("delivery_by_order", "delivery", ["order_id"])
    op.create_index("delivery_by_customer", "delivery", ["customer_id", "shipped_on"])
    op.create_index("delivery_by_state", "delivery", ["state", "id"])
    op.create_table(
        "delivery_line",
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), primary_key=True),
        sa.Column("order_line_id", Id, primary_key=True),
        sa.Column("lot", sa.String(64), primary_key=True),
        _column("position", sa.Integer),
        _column("item_id", Id, sa.ForeignKey("item.id")),
        _column("quantity_milli", Milli),
        sa.CheckConstraint("quantity_milli > 0", name="delivery_line_quantity"),
    )


def _customers() -> None:
    op.create_table(
        "customer",
        sa.Column("id", Id, primary_key=True),
        _column("number", sa.Text),
        _column("name", sa.Text),
        _column("owner_id", sa.String(64), nullable=True),
        _column("country", sa.Text, nullable=True),
        _column("city", sa.Text, nullable=True),
        _column("updated_at", Utc),
    )
    op.create_index("customer_by_owner", "customer", ["owner_id"])


def _append_only(table: str) -> None:
    """Refuse every change of ``table``'s rows; the function comes with the mechanism's tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    """Drop the tables of inventory, and with them their triggers."""
    for table in reversed(TABLES):
        op.drop_table(table)
