"""Teams and campaigns as crm tells of them, and order revenue by campaign; orders so far are owed to none."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Currency, Id

revision = "0018"
down_revision = "0017"
_SUMS = ("orders", "net_minor", "costed_minor", "cost_minor")
_WORDS = (("salesperson", 64), ("region", 40), ("channel", 40), ("customer_group", 40))


def upgrade() -> None:
    """Create the tables; nobody is known to be in a team, and nothing to be owed to a campaign, before crm says so."""
    op.create_table(
        "sales_team",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("manager_id", sa.String(64)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("sales_team_by_manager", "sales_team", ["manager_id"])
    op.create_table(
        "sales_team_member",
        sa.Column("team_id", Id, sa.ForeignKey("sales_team.id"), primary_key=True),
        sa.Column("user_id", sa.String(64), primary_key=True),
        sa.Column("since", sa.Date, primary_key=True),
        sa.Column("until", sa.Date),
        sa.CheckConstraint("until IS NULL OR until > since", name="sales_team_member_days"),
    )
    op.create_index("sales_team_member_by_user", "sales_team_member", ["user_id", "since"])
    op.create_table(
        "campaign", sa.Column("id", Id, primary_key=True), sa.Column("code", sa.String(40), nullable=False)
    )
    op.create_table(
        "opportunity_campaign",
        sa.Column("opportunity_id", Id, primary_key=True),
        sa.Column("campaign_id", Id, nullable=False),
    )
    op.add_column("counted_order", sa.Column("campaign", sa.String(36), nullable=False, server_default=""))
    op.create_table(
        "campaign_day",
        sa.Column("campaign", sa.String(36), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("currency", Currency, primary_key=True),
        *(sa.Column(word, sa.String(length), primary_key=True) for word, length in _WORDS),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _SUMS),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("campaign_day")
    op.drop_column("counted_order", "campaign")
    for table in ("opportunity_campaign", "campaign", "sales_team_member", "sales_team"):
        op.drop_table(table)
