"""Who bought what, by who sold it and by its campaign: sums so far are those of the orders that are counted."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the table and fill it; orders by salesperson and day are found by an index."""
    op.create_table(
        "seller_month",
        sa.Column("salesperson", sa.String(64), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("currency", Currency, primary_key=True),
        sa.Column("campaign", sa.String(36), primary_key=True),
        sa.Column("customer_id", Id, primary_key=True),
        sa.Column("orders", sa.BigInteger, nullable=False),
        sa.Column("net_minor", sa.BigInteger, nullable=False),
    )
    op.execute(
        "INSERT INTO seller_month (salesperson, month, currency, campaign, customer_id, orders, net_minor) "
        "SELECT salesperson, substr(CAST(day AS VARCHAR), 1, 7), currency, campaign, customer_id, "
        "SUM(orders), SUM(net_minor) FROM counted_order "
        "GROUP BY salesperson, substr(CAST(day AS VARCHAR), 1, 7), currency, campaign, customer_id"
    )
    op.create_index("seller_month_by_campaign", "seller_month", ["campaign", "month"])
    op.create_index("counted_order_by_salesperson", "counted_order", ["salesperson", "day"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("counted_order_by_salesperson", "counted_order")
    op.drop_table("seller_month")
