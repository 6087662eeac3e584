"""Who is above whom: the superior of a user, who decides on what that user asks for."""

from alembic import op

from libs.common.db.types import Id

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the superior; nobody has one so far. In place, for other tables point to this one."""
    kind = Id().compile(dialect=op.get_bind().dialect)
    op.execute(
        f"ALTER TABLE user_account ADD COLUMN superior_id {kind} REFERENCES user_account (id) "
        "CONSTRAINT user_account_own_superior CHECK (superior_id <> id)"
    )


def downgrade() -> None:
    """Forget who is above whom."""
    op.drop_column("user_account", "superior_id")
