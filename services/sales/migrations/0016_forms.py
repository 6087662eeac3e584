"""What quotations say of the company's own form, and what sales is told that customers and items say of theirs."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create the tables; nothing said anything so far."""
    op.create_table(
        "quotation_form",
        sa.Column("quotation_id", Id, sa.ForeignKey("quotation.id"), primary_key=True),
        sa.Column("fields", Json, nullable=False),
        sa.Column("form_version", sa.Integer, nullable=False),
        sa.Column("filled_by", Json, nullable=False),
    )
    for owner in ("customer", "item"):
        op.create_table(
            f"{owner}_form",
            sa.Column(f"{owner}_id", Id, primary_key=True),
            sa.Column("fields", Json, nullable=False),
        )


def downgrade() -> None:
    """Drop them."""
    for owner in ("item", "customer", "quotation"):
        op.drop_table(f"{owner}_form")
