"""Approvals by a superior: who was above the one who asked on that day, and as whose superior somebody is asked."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add both; whoever asked so far had no superior that anybody knew of."""
    op.add_column("approval_approver", sa.Column("level", sa.Integer))
    op.create_table(
        "approval_superior",
        sa.Column("approval_id", Id, sa.ForeignKey("approval.id"), primary_key=True),
        sa.Column("level", sa.Integer, primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.UniqueConstraint("approval_id", "person", name="approval_superior_once"),
        sa.CheckConstraint("level > 0", name="approval_superior_level"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER approval_superior_append_only BEFORE UPDATE OR DELETE ON approval_superior "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER approval_superior_no_{act.lower()} BEFORE {act} ON approval_superior "
            "BEGIN SELECT RAISE(ABORT, 'approval_superior is append-only'); END"
        )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("approval_superior")
    op.drop_column("approval_approver", "level")
