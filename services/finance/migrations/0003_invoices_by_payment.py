"""Invoices found by whether they are paid: a desk looks at the few that are not, however many there have been."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the index."""
    op.create_index("invoice_by_payment_state", "invoice", ["payment_state", "id"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("invoice_by_payment_state")
