"""Advances: what is asked for before an order goes out, the money kept for it, and how confirmed orders are billed."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id, Utc

revision = "0014"
down_revision = "0013"
_CAP = 10**17


def upgrade() -> None:
    """Create the tables; orders so far are paid by invoice, and invoiced as they are shipped."""
    op.add_column(
        "sales_order", sa.Column("payment", sa.String(12), nullable=False, server_default="on_account")
    )
    op.add_column(
        "sales_order", sa.Column("invoice_on", sa.String(12), nullable=False, server_default="shipment")
    )
    op.execute(
        "ALTER TABLE payment ADD COLUMN earmarked_minor BIGINT DEFAULT 0 NOT NULL "
        "CONSTRAINT payment_earmarked CHECK (earmarked_minor BETWEEN 0 AND unallocated_minor)"
    )
    op.create_table(
        "advance",
        sa.Column("order_id", Id, primary_key=True),
        sa.Column("order_number", sa.Text),
        sa.Column("customer_id", Id, sa.ForeignKey("account.customer_id")),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("covered_minor", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("correlation_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("asked_at", Utc, nullable=False),
        sa.Column("decided_at", Utc),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("state IN ('asked', 'covered', 'used', 'released')", name="advance_state"),
        sa.CheckConstraint(
            f"amount_minor BETWEEN 0 AND {_CAP} AND covered_minor BETWEEN 0 AND amount_minor",
            name="advance_covered",
        ),
        sa.CheckConstraint(
            "state NOT IN ('covered', 'used') OR covered_minor = amount_minor", name="advance_covered_is_all"
        ),
        sa.CheckConstraint("state = 'released' OR customer_id IS NOT NULL", name="advance_customer"),
    )
    op.create_index("advance_by_customer", "advance", ["customer_id", "order_id"])
    op.create_index("advance_by_number", "advance", ["order_number"])
    op.create_index("advance_by_state", "advance", ["state", "order_id"])
    op.create_table(
        "earmark",
        sa.Column("payment_id", Id, sa.ForeignKey("payment.id"), primary_key=True),
        sa.Column("order_id", Id, sa.ForeignKey("advance.order_id"), primary_key=True),
        sa.Column("currency", Currency, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("left_minor", sa.BigInteger, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.CheckConstraint(f"amount_minor > 0 AND amount_minor <= {_CAP}", name="earmark_amount"),
        sa.CheckConstraint("left_minor BETWEEN 0 AND amount_minor", name="earmark_left"),
    )
    op.create_index("earmark_by_order", "earmark", ["order_id"])


def downgrade() -> None:
    """Drop the tables and the columns; money that is kept for an order is then free."""
    op.drop_table("earmark")
    op.drop_table("advance")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("payment", "earmarked_minor")
    else:  # SQLite drops no column that a check names; without rows above it says nothing and may stay
        op.execute("UPDATE payment SET earmarked_minor = 0 WHERE earmarked_minor <> 0")
    op.drop_column("sales_order", "invoice_on")
    op.drop_column("sales_order", "payment")
