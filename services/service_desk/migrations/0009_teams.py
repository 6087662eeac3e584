"""Teams as crm tells of them: who sees what is about the customers of whom beside his own."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables; nobody is known to be in a team before crm says so, or its history is replayed."""
    op.create_table(
        "sales_team",
        sa.Column("id", Id, primary_key=True),
        sa.Column("manager_id", sa.String(64)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("sales_team_by_manager", "sales_team", ["manager_id"])
    op.create_table(
        "sales_team_member",
        sa.Column("team_id", Id, sa.ForeignKey("sales_team.id"), primary_key=True),
        sa.Column("user_id", sa.String(64), primary_key=True),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("sales_team_member")
    op.drop_table("sales_team")
