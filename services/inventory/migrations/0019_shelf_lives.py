"""How long lots must still last as they are delivered, and what was allowed although it does not."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "shelf_life_rule",
        _column("id", Id, primary_key=True),
        _column("scope", sa.Text, unique=True),
        _column("item_id", Id, sa.ForeignKey("item.id"), nullable=True),
        _column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=True),
        _column("customer_group", sa.Text, nullable=True),
        _column("days", sa.Integer),
        _column("version", sa.Integer),
        _column("set_by", sa.String(120), nullable=True),
        _column("set_at", Utc),
        sa.CheckConstraint("days BETWEEN 0 AND 3650", name="shelf_life_rule_days"),
        sa.CheckConstraint("customer_id IS NULL OR customer_group IS NULL", name="shelf_life_rule_scope"),
    )
    op.create_table(
        "short_dated_allowed",
        _column("order_id", Id, primary_key=True),
        _column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        _column("lot", sa.String(64), primary_key=True),
        _column("delivery_id", Id, sa.ForeignKey("delivery.id")),
        _column("reason", sa.Text),
        _column("allowed_by", sa.String(120), nullable=True),
        _column("allowed_at", Utc),
    )
    op.create_index("short_dated_allowed_by_delivery", "short_dated_allowed", ["delivery_id"])


def _column(name: str, kind: Any, *constraints: Any, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, *constraints, **({"nullable": False} | more))


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("short_dated_allowed")
    op.drop_table("shelf_life_rule")
