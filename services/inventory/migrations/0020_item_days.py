"""What moved of each item on each day, by warehouse: the sums of the ledger so far, and of what is added to it."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the table and sum the ledger up."""
    op.create_table(
        "item_day",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("item_id", Id, sa.ForeignKey("item.id"), primary_key=True),
        sa.Column("warehouse_id", Id, sa.ForeignKey("warehouse.id"), primary_key=True),
        *(
            sa.Column(f"{name}_milli", sa.BigInteger, nullable=False)
            for name in ("shipped", "returned", "change")
        ),
    )
    op.create_index("item_day_by_item", "item_day", ["item_id", "day"])
    op.execute(
        "INSERT INTO item_day (day, item_id, warehouse_id, shipped_milli, returned_milli, change_milli) "
        "SELECT moved_on, item_id, warehouse_id, SUM(CASE WHEN kind = 'shipment' THEN -quantity_milli ELSE 0 END), "
        "SUM(CASE WHEN kind = 'return' THEN quantity_milli ELSE 0 END), SUM(quantity_milli) "
        "FROM stock_move GROUP BY moved_on, item_id, warehouse_id"
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("item_day")
