"""What is said on tickets: messages, notes, customers' links, satisfaction, and how tickets hang together."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0005"
down_revision = "0004"

TABLES = (
    "ticket_message",
    "ticket_note",
    "ticket_link",
    "ticket_link_hour",
    "satisfaction",
    "ticket_relation",
)


def upgrade() -> None:
    """Create the tables."""
    _ticket_message()
    _ticket_note()
    _ticket_link()
    _ticket_link_hour()
    _satisfaction()
    _ticket_relation()


def _ticket_message() -> None:
    op.create_table(
        "ticket_message",
        sa.Column("id", Id, primary_key=True),
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("origin_ticket_id", Id, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("side", sa.String(16), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("author_name", sa.String(200)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.CheckConstraint("side IN ('customer', 'agent')", name="ticket_message_side"),
        sa.CheckConstraint("way IN ('desk', 'link', 'mail')", name="ticket_message_way"),
    )
    op.create_index("ticket_message_by_origin", "ticket_message", ["origin_ticket_id", "at", "id"])
    op.create_index("ticket_message_by_ticket", "ticket_message", ["ticket_id", "at", "id"])


def _ticket_note() -> None:
    op.create_table(
        "ticket_note",
        sa.Column("id", Id, primary_key=True),
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("origin_ticket_id", Id, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", Utc, nullable=False),
    )
    op.create_index("ticket_note_by_origin", "ticket_note", ["origin_ticket_id", "at", "id"])
    op.create_index("ticket_note_by_ticket", "ticket_note", ["ticket_id", "at", "id"])


def _ticket_link() -> None:
    op.create_table(
        "ticket_link",
        sa.Column("id", Id, primary_key=True),
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("revoked_by", sa.String(64)),
        sa.Column("revoked_at", Utc),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name="ticket_link_revoked_by_somebody"
        ),
        sa.UniqueConstraint("token_hash", name="ticket_link_token"),
    )
    op.create_index("ticket_link_by_ticket", "ticket_link", ["ticket_id"])
    where = sa.text("revoked_at IS NULL")
    op.create_index(
        "ticket_link_open",
        "ticket_link",
        ["ticket_id"],
        unique=True,
        postgresql_where=where,
        sqlite_where=where,
    )


def _ticket_link_hour() -> None:
    op.create_table(
        "ticket_link_hour",
        sa.Column("link_id", Id, sa.ForeignKey("ticket_link.id"), primary_key=True),
        sa.Column("address", sa.String(64), primary_key=True),
        sa.Column("hour", Utc, primary_key=True),
        sa.Column("taken", sa.Integer, nullable=False),
    )


def _satisfaction() -> None:
    op.create_table(
        "satisfaction",
        sa.Column("id", Id, primary_key=True),
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("customer_id", Id, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("queue", sa.String(32), nullable=False),
        sa.Column("agent_id", sa.String(64), nullable=False),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("asked_at", Utc, nullable=False),
        sa.Column("withdrawn_at", Utc),
        sa.Column("score", sa.Integer),
        sa.Column("comment", sa.Text),
        sa.Column("answered_by", sa.String(200)),
        sa.Column("answered_on", sa.Date),
        sa.Column("answered_at", Utc),
        sa.CheckConstraint("(score IS NULL) = (answered_on IS NULL)", name="satisfaction_answer_has_day"),
        sa.CheckConstraint("(score IS NULL) = (answered_at IS NULL)", name="satisfaction_answer_has_time"),
        sa.CheckConstraint("(score IS NULL) = (answered_by IS NULL)", name="satisfaction_answer_of_somebody"),
        sa.CheckConstraint("comment IS NULL OR score IS NOT NULL", name="satisfaction_comment_with_score"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="satisfaction_score"),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR answered_at IS NULL", name="satisfaction_withdrawn_unanswered"
        ),
    )
    op.create_index("satisfaction_by_customer", "satisfaction", ["customer_id"])
    op.create_index("satisfaction_by_day", "satisfaction", ["asked_on"])
    op.create_index("satisfaction_by_ticket", "satisfaction", ["ticket_id", "asked_at"])
    where = sa.text("answered_at IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "satisfaction_open",
        "satisfaction",
        ["ticket_id"],
        unique=True,
        postgresql_where=where,
        sqlite_where=where,
    )


def _ticket_relation() -> None:
    op.create_table(
        "ticket_relation",
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("tie", sa.String(16), primary_key=True),
        sa.Column("other_id", Id, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.CheckConstraint("ticket_id <> other_id", name="ticket_relation_of_two"),
        sa.CheckConstraint("tie IN ('merged_into', 'split_from', 'follows')", name="ticket_relation_tie"),
    )
    op.create_index("ticket_relation_by_other", "ticket_relation", ["other_id", "tie"])
    where = sa.text("tie = 'follows'")
    op.create_index(
        "ticket_relation_one_follow_up",
        "ticket_relation",
        ["other_id"],
        unique=True,
        postgresql_where=where,
        sqlite_where=where,
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
