"""Forms: the versions of what a company adds to its documents, and an index of what documents say of it."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Utc

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create both; a version of a form never changes."""
    op.create_table(
        "form_version",
        sa.Column("document", sa.String(32), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("fields", Json, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.CheckConstraint("version > 0", name="form_version_positive"),
    )
    op.create_table(
        "field_value",
        sa.Column("document", sa.String(32), primary_key=True),
        sa.Column("document_id", Id, primary_key=True),
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("word", sa.String(64), nullable=False),
        sa.Column("ordinal", sa.BigInteger),
    )
    op.create_index("field_value_by_word", "field_value", ["document", "key", "word", "document_id"])
    op.create_index("field_value_by_ordinal", "field_value", ["document", "key", "ordinal", "document_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER form_version_append_only BEFORE UPDATE OR DELETE ON form_version "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER form_version_no_{act.lower()} BEFORE {act} ON form_version "
            "BEGIN SELECT RAISE(ABORT, 'form_version is append-only'); END"
        )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("field_value")
    op.drop_table("form_version")
