"""What customers buy: order lines and tickets as told, what was learnt, and which item is the better one."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Json, Milli, Utc

revision = "0008"
down_revision = "0007"
TABLES = ("followed_line", "followed_ticket", "customer_buying", "buying_model", "better_item")


def upgrade() -> None:
    """Create the tables."""
    _followed()
    _learnt()


def _followed() -> None:
    op.create_table(
        "followed_line",
        sa.Column("order_line_id", Id, primary_key=True),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("customer_id", Id),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("ordered_on", sa.Date),
        sa.Column("quantity_milli", Milli, nullable=False),
        sa.Column("given_up_milli", Milli, nullable=False),
        sa.Column("returned_milli", Milli, nullable=False),
        sa.Column("net_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", Currency),
        sa.CheckConstraint(
            "quantity_milli >= 0 AND given_up_milli >= 0 AND returned_milli >= 0",
            name="followed_line_quantity",
        ),
    )
    op.create_index("followed_line_by_customer", "followed_line", ["customer_id", "order_line_id"])
    op.create_index("followed_line_by_order", "followed_line", ["order_id"])
    op.create_table(
        "followed_ticket",
        sa.Column("ticket_id", Id, primary_key=True),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("item_id", Id),
        sa.Column("resolved_on", sa.Date),
    )
    op.create_index("followed_ticket_by_customer", "followed_ticket", ["customer_id", "resolved_on"])


def _learnt() -> None:
    op.create_table(
        "customer_buying",
        sa.Column("customer_id", Id, primary_key=True),
        sa.Column("due", sa.Boolean, nullable=False),
        sa.Column("looked_on", sa.Date),
        sa.Column("orders", sa.Integer, nullable=False, server_default="0"),
        sa.Column("last_on", sa.Date),
        sa.Column("interval_days", sa.Integer),
        sa.Column("interval_of", sa.String(8)),
        sa.Column("next_on", sa.Date),
        sa.Column("currency", Currency),
        sa.Column("order_minor", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("risk_bp", sa.Integer, nullable=False, server_default="0"),
        sa.Column("expected_minor", sa.BigInteger, nullable=False, server_default="0"),
        sa.CheckConstraint("risk_bp BETWEEN 0 AND 10000", name="customer_buying_risk"),
    )
    op.create_index("customer_buying_due", "customer_buying", ["due", "looked_on"])
    op.create_index("customer_buying_by_day", "customer_buying", ["looked_on"])
    op.create_index("customer_buying_by_worth", "customer_buying", ["expected_minor", "customer_id"])
    op.create_table(
        "buying_model",
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("made_at", Utc, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("model", Json, nullable=False),
    )
    op.create_table(
        "better_item",
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("better_id", Id, sa.ForeignKey("item.id"), nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("set_at", Utc, nullable=False),
        sa.CheckConstraint("item_id <> better_id", name="better_item_another"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
