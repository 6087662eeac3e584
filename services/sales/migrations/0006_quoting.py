"""Quotations in depth: what the customer may choose."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables; every line so far is required, and has no row in them."""
    _options()


def _options() -> None:
    op.create_table(
        "quotation_option",
        sa.Column("line_id", Id, sa.ForeignKey("quotation_line.id"), primary_key=True),
        sa.Column("quotation_id", Id, sa.ForeignKey("quotation.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("choice_group", sa.String(40)),
        sa.Column("included", sa.Boolean, nullable=False),
        sa.CheckConstraint("kind IN ('optional', 'alternative')", name="quotation_option_kind"),
        sa.CheckConstraint(
            "(kind = 'alternative') = (choice_group IS NOT NULL)", name="quotation_option_group"
        ),
    )
    op.create_index("quotation_option_by_quotation", "quotation_option", ["quotation_id"])
    one_default = sa.text("included AND choice_group IS NOT NULL")
    op.create_index(
        "quotation_option_one_default",
        "quotation_option",
        ["quotation_id", "choice_group"],
        unique=True,
        postgresql_where=one_default,
        sqlite_where=one_default,
    )
    op.create_table(
        "quotation_choice",
        sa.Column("quotation_id", Id, sa.ForeignKey("quotation.id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("line_id", Id, sa.ForeignKey("quotation_option.line_id"), nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("quotation_choice", "quotation_option"):
        op.drop_table(table)
