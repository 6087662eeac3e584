"""Approvals: the revisions of flows, what runs with its steps, all that was done about it, and deputies."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Json, Utc

revision = "0003"
down_revision = "0002"

TABLES = (
    "approval_flow",
    "approval",
    "approval_step",
    "approval_approver",
    "approval_barred",
    "approval_act",
    "approval_delegation",
)
_APPEND_ONLY = ("approval_flow", "approval_barred", "approval_act")
_DECISIONS = sa.text("deed IN ('approved', 'rejected')")


def upgrade() -> None:
    """Create the tables."""
    _flows()
    _approvals()
    _acts()
    _delegations()
    for table in _APPEND_ONLY:
        _refuse_changes(table)


def _flows() -> None:
    op.create_table(
        "approval_flow",
        sa.Column("id", Id, primary_key=True),
        sa.Column("document", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.UniqueConstraint("document", "name", "revision", name="approval_flow_revision"),
        sa.CheckConstraint("revision > 0", name="approval_flow_revision_positive"),
    )


def _approvals() -> None:
    op.create_table(
        "approval",
        sa.Column("id", Id, primary_key=True),
        sa.Column("document", sa.String(32), nullable=False),
        sa.Column("document_id", Id, nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("requested_at", Utc, nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("flows", Json, nullable=False),
        sa.Column("ended_at", Utc),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'rejected', 'withdrawn', 'lapsed')", name="approval_state"
        ),
        sa.CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="approval_ends_once"),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "approval_waiting",
        "approval",
        ["document_id"],
        unique=True,
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    op.create_index("approval_by_document", "approval", ["document_id", "id"])
    op.create_table(
        "approval_step",
        sa.Column("approval_id", Id, sa.ForeignKey("approval.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("flow", sa.String(120), nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("opened_at", Utc),
        sa.Column("approved_at", Utc),
        sa.Column("escalate_at", Utc),
        sa.CheckConstraint(
            "approved_at IS NULL OR opened_at IS NOT NULL", name="approval_step_is_opened_first"
        ),
    )
    is_set = sa.text("escalate_at IS NOT NULL")
    op.create_index(
        "approval_step_due",
        "approval_step",
        ["escalate_at"],
        postgresql_where=is_set,
        sqlite_where=is_set,
    )
    op.create_table(
        "approval_approver",
        sa.Column("approval_id", Id, sa.ForeignKey("approval.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("added", sa.Boolean, nullable=False),
        sa.CheckConstraint("kind IN ('role', 'user')", name="approval_approver_kind"),
    )
    op.create_index("approval_approver_by_name", "approval_approver", ["name", "kind", "approval_id"])
    op.create_table(
        "approval_barred",
        sa.Column("approval_id", Id, sa.ForeignKey("approval.id"), primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
    )


def _acts() -> None:
    op.create_table(
        "approval_act",
        sa.Column("id", Id, primary_key=True),
        sa.Column("approval_id", Id, sa.ForeignKey("approval.id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer),
        sa.Column("deed", sa.String(16), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("on_behalf_of", sa.String(64)),
        sa.Column("voice", sa.String(64), nullable=False),
        sa.Column("places", Json, nullable=False),
        sa.Column("comment", sa.Text),
        sa.Column("at", Utc, nullable=False),
        sa.UniqueConstraint("approval_id", "place", name="approval_act_order"),
        sa.CheckConstraint(
            "deed IN ('requested', 'approved', 'rejected', 'withdrawn', 'escalated', 'lapsed')",
            name="approval_act_deed",
        ),
        sa.CheckConstraint(
            "deed <> 'rejected' OR comment IS NOT NULL", name="approval_act_rejects_with_reason"
        ),
    )
    for who in ("by", "voice"):
        op.create_index(
            f"approval_act_once_{who}",
            "approval_act",
            ["approval_id", "step", who],
            unique=True,
            postgresql_where=_DECISIONS,
            sqlite_where=_DECISIONS,
        )
    op.create_index("approval_act_by_person", "approval_act", ["by", "approval_id"])


def _delegations() -> None:
    op.create_table(
        "approval_delegation",
        sa.Column("id", Id, primary_key=True),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("deputy", sa.String(64), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("ended_at", Utc),
        sa.CheckConstraint("last_day >= first_day", name="approval_delegation_window"),
        sa.CheckConstraint("deputy <> person", name="approval_delegation_is_to_another"),
    )
    op.create_index("approval_delegation_by_deputy", "approval_delegation", ["deputy", "last_day"])
    op.create_index("approval_delegation_by_person", "approval_delegation", ["person", "id"])


def _refuse_changes(table: str) -> None:
    """What was decided, by which rule, and who could not decide, stay as they are."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
