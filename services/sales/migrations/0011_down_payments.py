"""What of an order line left the house and will never be invoiced, because it was refused at the door."""

from alembic import op

revision = "0011"
down_revision = "0010"
_CHECK = "not_invoiced_milli BETWEEN 0 AND quantity_milli - invoiced_milli"


def upgrade() -> None:
    """Add the column; of orders so far there is nothing of the kind."""
    op.execute(
        "ALTER TABLE sales_order_line ADD COLUMN not_invoiced_milli BIGINT DEFAULT 0 NOT NULL "
        f"CONSTRAINT sales_order_line_not_invoiced CHECK ({_CHECK})"
    )


def downgrade() -> None:
    """Drop the column; SQLite drops none that a check names, and it says nothing there without rows above zero."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("sales_order_line", "not_invoiced_milli")
