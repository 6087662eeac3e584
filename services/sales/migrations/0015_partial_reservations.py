"""What order lines wait for in the warehouse, and the standard type takes what there is."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Milli, Utc
from libs.common.ids import derived_id

revision = "0015"
down_revision = "0014"

_VERSION = 2
_PARTIAL = {
    "credit_check": True,
    "payment": "on_account",
    "reserve": "at_order",
    "reserve_days": 0,
    "shortage": "wait",
    "shipping": "partial",
    "allocation": "partial",
    "source": "stock",
    "handover": "delivery",
    "invoice": "shipment",
    "approvals": None,
    "down_payment_bp": 0,
}
_TYPES = sa.table(
    "order_type",
    sa.column("id", Id),
    sa.column("code", sa.String),
    sa.column("version", sa.Integer),
    sa.column("name_en", sa.String),
    sa.column("name_zh", sa.String),
    sa.column("valid_from", sa.Date),
    sa.column("active", sa.Boolean),
    sa.column("process", Json),
    sa.column("created_by", sa.String),
    sa.column("created_at", Utc),
)


def upgrade() -> None:
    """Create the table; where the company has not made the standard type its own, it gets the next version."""
    op.create_table(
        "order_backorder",
        sa.Column("order_line_id", Id, primary_key=True),
        sa.Column("order_id", Id, sa.ForeignKey("sales_order.id"), nullable=False),
        sa.Column("backordered_milli", Milli, nullable=False),
        sa.Column("expected_on", sa.Date),
        sa.Column("recorded_at", Utc, nullable=False),
        sa.CheckConstraint("backordered_milli > 0", name="order_backorder_quantity"),
    )
    op.create_index("order_backorder_by_order", "order_backorder", ["order_id"])
    last = sa.select(sa.func.max(_TYPES.c.version)).where(_TYPES.c.code == "standard")
    if op.get_bind().execute(last).scalar_one() == _VERSION - 1:
        op.bulk_insert(_TYPES, [_standard()])


def _standard() -> dict[str, object]:
    return {
        "id": derived_id("order_type", "standard", str(_VERSION)),
        "code": "standard",
        "version": _VERSION,
        "name_en": "Standard order",
        "name_zh": "标准订单",
        "valid_from": None,
        "active": True,
        "process": _PARTIAL,
        "created_by": "meridian",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }


def downgrade() -> None:
    """Drop the table; versions of order types are never taken away, for orders run by them."""
    op.drop_index("order_backorder_by_order", "order_backorder")
    op.drop_table("order_backorder")
