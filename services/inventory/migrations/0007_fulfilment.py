"""Fulfilment: what was picked and not found, carriers, and the proof of what arrived."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Milli, Utc

revision = "0007"
down_revision = "0006"
TABLES = (
    "pick_record", "stock_discrepancy", "missing_part", "package", "package_line", "delay_notice", "carrier",
    "shipment", "tracking", "proof_of_delivery", "pick_list", "pick_list_note", "queue_rule",
)  # fmt: skip
APPEND_ONLY = ("pick_record", "proof_of_delivery", "delay_notice", "queue_rule")


def upgrade() -> None:
    """Create the tables, and let nobody rewrite what hands have done."""
    _picking()
    _discrepancies()
    _carriers()
    _proof()
    _times()
    _delays()
    _packages()
    _pick_lists()
    _queue_rule()
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            _refuse(table, act)


def _picking() -> None:
    op.create_table(
        "pick_record",
        sa.Column("id", Id, primary_key=True),
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("order_line_id", Id, nullable=False),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("lot", sa.String(64), nullable=False),
        sa.Column("instead_of", sa.String(64)),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("actor", sa.String(120)),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.CheckConstraint("kind IN ('taken', 'short', 'put_back')", name="pick_record_kind"),
        sa.CheckConstraint("quantity_milli > 0", name="pick_record_quantity"),
        sa.CheckConstraint(
            "(kind = 'taken' AND instead_of IS NULL) OR reason IS NOT NULL", name="pick_record_reason"
        ),
    )
    op.create_index("pick_record_by_delivery", "pick_record", ["delivery_id", "id"])


def _discrepancies() -> None:
    op.create_table(
        "stock_discrepancy",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id"), nullable=False),
        sa.Column("lot", sa.String(64), nullable=False),
        sa.Column("missing_milli", Milli, nullable=False),
        sa.Column("found_milli", Milli, nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), nullable=False),
        sa.Column("order_line_id", Id, nullable=False),
        sa.Column("document_id", Id, sa.ForeignKey("stock_document.id"), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("noted_by", sa.String(120)),
        sa.Column("settled_by", sa.String(120)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("number", name="stock_discrepancy_number"),
        sa.CheckConstraint("state IN ('open', 'settled')", name="stock_discrepancy_state"),
        sa.CheckConstraint(
            "reason IN ('not_found', 'damaged', 'expired', 'other')", name="stock_discrepancy_reason"
        ),
        sa.CheckConstraint(
            "missing_milli > 0 AND found_milli BETWEEN 0 AND missing_milli", name="stock_discrepancy_found"
        ),
    )
    op.create_index("stock_discrepancy_by_state", "stock_discrepancy", ["state", "id"])
    op.create_index("stock_discrepancy_by_delivery", "stock_discrepancy", ["delivery_id"])
    op.create_index("stock_discrepancy_by_item", "stock_discrepancy", ["item_id"])
    op.create_table(
        "missing_part",
        sa.Column("reservation_id", Id, sa.ForeignKey("reservation.id"), primary_key=True),
        sa.Column("order_line_id", Id, primary_key=True),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.CheckConstraint("quantity_milli > 0", name="missing_part_quantity"),
    )


def _carriers() -> None:
    op.create_table(
        "carrier",
        sa.Column("id", Id, primary_key=True),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("tracking_url", sa.String(500)),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("code", name="carrier_code"),
    )
    op.create_table(
        "shipment",
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), primary_key=True),
        sa.Column("carrier_id", Id, sa.ForeignKey("carrier.id"), nullable=False),
    )
    op.create_index("shipment_by_carrier", "shipment", ["carrier_id"])
    op.create_table(
        "tracking",
        sa.Column("carrier_id", Id, sa.ForeignKey("carrier.id"), primary_key=True),
        sa.Column("number", sa.String(64), primary_key=True),
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_index("tracking_by_delivery", "tracking", ["delivery_id", "position"])


def _proof() -> None:
    op.create_table(
        "proof_of_delivery",
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), primary_key=True),
        sa.Column("delivered_on", sa.Date, nullable=False),
        sa.Column("signed_by", sa.String(200), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("file_name", sa.String(200)),
        sa.Column("file_sha256", sa.String(64)),
        sa.Column("return_id", Id, sa.ForeignKey("goods_return.id")),
        sa.Column("actor", sa.String(120)),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.CheckConstraint("(file_name IS NULL) = (file_sha256 IS NULL)", name="proof_of_delivery_file"),
    )
    op.create_index("proof_of_delivery_by_return", "proof_of_delivery", ["return_id"])


def _times() -> None:
    """When an order was placed, had its stock and was confirmed; orders of before were not asked."""
    time = Utc().compile(dialect=op.get_bind().dialect)
    for table, names in (
        ("reservation", ("ordered_at", "reserved_at")),
        ("delivery", ("ordered_at", "reserved_at", "confirmed_at")),
    ):
        for name in names:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {time}")
    op.execute("ALTER TABLE delivery ADD COLUMN took_ms BIGINT")
    measured = sa.text("took_ms IS NOT NULL")
    op.create_index(
        "delivery_by_making",
        "delivery",
        ["created_at", "took_ms"],
        postgresql_where=measured,
        sqlite_where=measured,
    )


def _delays() -> None:
    op.create_table(
        "delay_notice",
        sa.Column("order_id", Id, sa.ForeignKey("reservation.order_id"), primary_key=True),
        sa.Column("promised_on", sa.Date, primary_key=True),
        sa.Column("waits_for", sa.String(16), nullable=False),
        sa.Column("noticed_on", sa.Date, nullable=False),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.CheckConstraint("noticed_on > promised_on", name="delay_notice_after_the_promise"),
    )
    op.create_index("reservation_by_promise", "reservation", ["promised_on", "id"])


def _packages() -> None:
    op.create_table(
        "package",
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), primary_key=True),
        sa.Column("package_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("weight_g", sa.Integer),
        sa.Column("length_mm", sa.Integer),
        sa.Column("width_mm", sa.Integer),
        sa.Column("height_mm", sa.Integer),
        sa.Column("tracking_number", sa.String(64)),
        sa.Column("packed_by", sa.String(120)),
        sa.Column("packed_at", Utc, nullable=False),
        sa.CheckConstraint("package_no > 0", name="package_no_from_one"),
        sa.CheckConstraint(
            "weight_g > 0 AND length_mm > 0 AND width_mm > 0 AND height_mm > 0", name="package_measures"
        ),
    )
    op.create_table(
        "package_line",
        sa.Column("delivery_id", Id, primary_key=True),
        sa.Column("package_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("order_line_id", Id, primary_key=True),
        sa.Column("lot", sa.String(64), primary_key=True),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id", "package_no"],
            ["package.delivery_id", "package.package_no"],
            name="package_line_package",
        ),
        sa.CheckConstraint("quantity_milli > 0", name="package_line_quantity"),
    )
    op.execute("ALTER TABLE warehouse ADD COLUMN packing_required BOOLEAN NOT NULL DEFAULT false")


def _pick_lists() -> None:
    op.create_table(
        "pick_list",
        sa.Column("id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id"), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("made_by", sa.String(120)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.UniqueConstraint("number", name="pick_list_number"),
        sa.CheckConstraint("state IN ('open', 'picked', 'cancelled')", name="pick_list_state"),
    )
    op.create_index("pick_list_by_state", "pick_list", ["state", "id"])
    op.create_table(
        "pick_list_note",
        sa.Column("pick_list_id", Id, sa.ForeignKey("pick_list.id"), primary_key=True),
        sa.Column("delivery_id", Id, sa.ForeignKey("delivery.id"), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_index(
        "pick_list_note_once",
        "pick_list_note",
        ["delivery_id"],
        unique=True,
        postgresql_where=sa.text("active"),
        sqlite_where=sa.text("active"),
    )


def _queue_rule() -> None:
    op.create_table(
        "queue_rule",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("groups", Json, nullable=False),
        sa.Column("by_promised_day", sa.Boolean, nullable=False),
        sa.Column("set_by", sa.String(120)),
        sa.Column("set_at", Utc, nullable=False),
    )
    op.execute("ALTER TABLE customer ADD COLUMN customer_group TEXT")


def _refuse(table: str, act: str) -> None:
    """Let nobody change or remove rows of ``table``; on PostgreSQL the mechanism's function refuses."""
    head = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    else:
        op.execute(f"{head} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def downgrade() -> None:
    """Drop the tables and columns."""
    op.drop_column("customer", "customer_group")
    op.drop_column("warehouse", "packing_required")
    op.drop_index("reservation_by_promise")
    op.drop_index("delivery_by_making")
    for name in ("ordered_at", "reserved_at", "confirmed_at", "took_ms"):
        op.drop_column("delivery", name)
    for name in ("ordered_at", "reserved_at"):
        op.drop_column("reservation", name)
    for table in reversed(TABLES):
        op.drop_table(table)
