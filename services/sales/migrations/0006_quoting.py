"""Quotations in depth: what may be chosen, templates, the texts and the company on paper, and customers' links."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Utc

revision = "0006"
down_revision = "0005"
_FOR_GOOD = ("company_profile", "quotation_choice", "quotation_link_act")


def upgrade() -> None:
    """Create the tables; every line so far is required, and has no row in them."""
    _options()
    _papers()
    _links()
    for table in _FOR_GOOD:
        for act in ("UPDATE", "DELETE"):
            _refuse(table, act)


def _refuse(table: str, act: str) -> None:
    """Refuse to change or delete what was said; on PostgreSQL by the mechanism's own function."""
    name = f"{table}_no_{act.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        if act == "DELETE":
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


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


def _papers() -> None:
    op.create_table(
        "company_profile",
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("profile", Json, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.CheckConstraint("revision > 0", name="company_profile_revision_positive"),
    )
    op.create_table(
        "quotation_template",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("validity_days", sa.Integer),
        sa.Column("lines", Json, nullable=False),
        sa.Column("texts", Json, nullable=False),
        sa.Column("superseded_by", Id),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("name", "revision", name="quotation_template_revision"),
        sa.CheckConstraint("revision > 0", name="quotation_template_revision_positive"),
        sa.CheckConstraint("validity_days > 0", name="quotation_template_days"),
    )
    current = sa.text("superseded_by IS NULL")
    op.create_index(
        "quotation_template_current",
        "quotation_template",
        ["name"],
        unique=True,
        postgresql_where=current,
        sqlite_where=current,
    )
    op.create_table(
        "quotation_text",
        sa.Column("quotation_id", Id, sa.ForeignKey("quotation.id"), primary_key=True),
        sa.Column("template_id", Id, sa.ForeignKey("quotation_template.id")),
        sa.Column("texts", Json, nullable=False),
    )


def _links() -> None:
    op.create_table(
        "quotation_link",
        sa.Column("id", Id, primary_key=True),
        sa.Column("quotation_id", Id, sa.ForeignKey("quotation.id"), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("revoked_by", sa.String(64)),
        sa.Column("revoked_at", Utc),
        sa.UniqueConstraint("token_hash", name="quotation_link_token"),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name="quotation_link_revoked_by_somebody"
        ),
    )
    op.create_index("quotation_link_by_quotation", "quotation_link", ["quotation_id"])
    is_open = sa.text("revoked_at IS NULL")
    op.create_index(
        "quotation_link_open",
        "quotation_link",
        ["quotation_id"],
        unique=True,
        postgresql_where=is_open,
        sqlite_where=is_open,
    )
    op.create_table(
        "quotation_link_act",
        sa.Column("id", Id, primary_key=True),
        sa.Column("link_id", Id, sa.ForeignKey("quotation_link.id"), nullable=False),
        sa.Column("quotation_id", Id, sa.ForeignKey("quotation.id"), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("deed", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("user_agent", sa.String(400), nullable=False),
        sa.Column("chosen", Json),
        sa.Column("reason", sa.Text),
        sa.Column("at", Utc, nullable=False),
        sa.UniqueConstraint("quotation_id", name="quotation_link_act_one_answer"),
        sa.CheckConstraint("deed IN ('accepted', 'declined')", name="quotation_link_act_deed"),
    )
    op.create_index("quotation_link_act_by_link", "quotation_link_act", ["link_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "quotation_link_act",
        "quotation_link",
        "quotation_text",
        "quotation_template",
        "company_profile",
        "quotation_choice",
        "quotation_option",
    ):
        op.drop_table(table)
