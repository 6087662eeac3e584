"""Order types: the versions of how orders run, the type of each quotation and order, and the hold for a payment."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Utc
from libs.common.ids import derived_id

revision = "0007"
down_revision = "0006"

_BEFORE = "code IN ('stock', 'credit')"
_AFTER = "code IN ('stock', 'credit', 'payment', 'date')"
_ORDINARY = {
    "credit_check": True,
    "payment": "on_account",
    "reserve": "at_order",
    "reserve_days": 0,
    "shortage": "wait",
    "shipping": "partial",
    "source": "stock",
    "handover": "delivery",
    "invoice": "shipment",
    "approvals": None,
}
_SEEDS: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    ("standard", "Standard order", "标准订单", {}),
    (
        "prepaid",
        "Prepaid order",
        "预付款订单",
        {"credit_check": False, "payment": "advance", "reserve": "when_paid"},
    ),
    (
        "cash_and_carry",
        "Cash and carry",
        "现购自运",
        {
            "credit_check": False,
            "payment": "cash",
            "shortage": "refuse",
            "shipping": "complete",
            "handover": "counter",
        },
    ),
    ("make_to_order", "Make to order", "按单采购", {"source": "to_order"}),
    ("drop_ship", "Drop shipment", "直运订单", {"source": "supplier", "reserve": "never"}),
)


def upgrade() -> None:
    """Create the versions; what there is so far is of the standard type, which is how it ran."""
    table = op.create_table(
        "order_type",
        sa.Column("id", Id, primary_key=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("name_zh", sa.String(120), nullable=False),
        sa.Column("valid_from", sa.Date),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("process", Json, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.UniqueConstraint("code", "version", name="order_type_one_per_version"),
        sa.CheckConstraint("version > 0", name="order_type_version"),
    )
    op.bulk_insert(
        table,
        [
            {
                "id": derived_id("order_type", code, "1"),
                "code": code,
                "version": 1,
                "name_en": english,
                "name_zh": chinese,
                "valid_from": None,
                "active": True,
                "process": _ORDINARY | changes,
                "created_by": "meridian",
                "created_at": datetime(2026, 1, 1, tzinfo=UTC),
            }
            for code, english, chinese, changes in _SEEDS
        ],
    )
    _append_only()
    for document in ("quotation", "sales_order"):
        op.add_column(
            document, sa.Column("order_type", sa.String(40), nullable=False, server_default="standard")
        )
        op.add_column(
            document, sa.Column("order_type_version", sa.Integer, nullable=False, server_default="1")
        )
    op.create_index("sales_order_by_type", "sales_order", ["order_type", "id"])
    _let_holds_be(_BEFORE, _AFTER)


def _append_only() -> None:
    """Keep every version as it was written: orders run by it."""
    for act in ("UPDATE", "DELETE"):
        head = f"CREATE TRIGGER order_type_no_{act.lower()} BEFORE {act} ON order_type"
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"{head} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        else:
            op.execute(f"{head} BEGIN SELECT RAISE(ABORT, 'order_type is append-only'); END")


def _let_holds_be(before: str, after: str) -> None:
    """Say which codes a hold may have: on SQLite in place, as migration 0004 does, for no stored row changes."""
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


def downgrade() -> None:
    """Take it all away; a hold for a payment would have no code, so there must not be any."""
    _let_holds_be(_AFTER, _BEFORE)
    op.drop_index("sales_order_by_type", "sales_order")
    for document in ("quotation", "sales_order"):
        op.drop_column(document, "order_type_version")
        op.drop_column(document, "order_type")
    op.drop_table("order_type")
