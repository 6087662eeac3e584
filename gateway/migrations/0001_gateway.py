"""Users, sessions, refresh tokens, the login throttle and API keys."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the gateway's tables."""
    op.create_table(
        "user_account",
        sa.Column("id", Id, primary_key=True),
        sa.Column("username", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("updated_at", Utc, nullable=False),
        sa.CheckConstraint("username = lower(username)", name="user_account_lower_case"),
    )
    _sessions()
    op.create_table(
        "login_throttle",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", Utc, nullable=False),
        sa.Column("blocked_until", Utc),
        sa.CheckConstraint("failures >= 0", name="throttle_failures"),
    )
    op.create_index("login_throttle_by_age", "login_throttle", ["last_at"])
    op.create_table(
        "api_key",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("revoked_at", Utc),
        sa.Column("revoked_by", sa.String(64)),
    )


def _sessions() -> None:
    op.create_table(
        "session",
        sa.Column("id", Id, primary_key=True),
        sa.Column("user_id", Id, sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("expires_at", Utc, nullable=False),
        sa.Column("ended_at", Utc),
        sa.Column("end_reason", sa.String(32)),
    )
    op.create_index("session_by_user", "session", ["user_id"])
    op.create_table(
        "refresh_token",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("session_id", Id, sa.ForeignKey("session.id"), nullable=False),
        sa.Column("issued_at", Utc, nullable=False),
        sa.Column("used_at", Utc),
    )
    op.create_index("refresh_token_by_session", "refresh_token", ["session_id"])


def downgrade() -> None:
    """Drop the gateway's tables."""
    for table in ("api_key", "login_throttle", "refresh_token", "session", "user_account"):
        op.drop_table(table)
