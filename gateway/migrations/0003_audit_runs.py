"""What the audits found, so that an administrator sees it at the console."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table of audits."""
    op.create_table(
        "audit_run",
        sa.Column("id", Id, primary_key=True),
        sa.Column("began_at", Utc, nullable=False),
        sa.Column("ended_at", Utc, nullable=False),
        sa.Column("checks", sa.Integer, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("violations", sa.Integer, nullable=False),
        sa.Column("findings", Json, nullable=False),
        sa.CheckConstraint("checks >= 0 AND events >= 0 AND violations >= 0", name="audit_run_counts"),
    )


def downgrade() -> None:
    """Forget the audits."""
    op.drop_table("audit_run")
