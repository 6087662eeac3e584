"""Files of messages, mail that is taken in, addresses of customers, and knowledge articles."""

import sqlalchemy as sa
from alembic import op

from libs.common.db.types import Id, Utc

revision = "0006"
down_revision = "0005"

TABLES = (
    "attachment",
    "attachment_content",
    "known_address",
    "mail",
    "article",
    "article_version",
    "article_word",
    "article_solved",
)


def upgrade() -> None:
    """Create the tables."""
    _attachment()
    _attachment_content()
    _known_address()
    _mail()
    _article()
    _article_version()
    _article_word()
    _article_solved()


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", Id, primary_key=True),
        sa.Column("message_id", Id, sa.ForeignKey("ticket_message.id"), nullable=False),
        sa.Column("key", Id, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.UniqueConstraint("key", name="attachment_key"),
        sa.CheckConstraint("size BETWEEN 1 AND 700000", name="attachment_size"),
    )
    op.create_index("attachment_by_message", "attachment", ["message_id", "id"])


def _attachment_content() -> None:
    op.create_table(
        "attachment_content",
        sa.Column("key", Id, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _known_address() -> None:
    op.create_table(
        "known_address",
        sa.Column("subject_id", Id, primary_key=True),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("name", sa.String(200)),
    )
    op.create_index("known_address_by_address", "known_address", ["address"])


def _mail() -> None:
    op.create_table(
        "mail",
        sa.Column("id", Id, primary_key=True),
        sa.Column("message_id", sa.String(300), nullable=False),
        sa.Column("sender", sa.String(254), nullable=False),
        sa.Column("sender_name", sa.String(200)),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id")),
        sa.Column("ticket_message_id", Id, sa.ForeignKey("ticket_message.id")),
        sa.Column("raw_key", Id),
        sa.Column("taken_by", sa.String(64), nullable=False),
        sa.Column("taken_at", Utc, nullable=False),
        sa.UniqueConstraint("message_id", name="mail_once"),
        sa.CheckConstraint("state IN ('taken', 'triage', 'automatic', 'discarded')", name="mail_state"),
        sa.CheckConstraint("state <> 'taken' OR ticket_id IS NOT NULL", name="mail_taken_has_ticket"),
        sa.CheckConstraint("(state = 'taken') = (ticket_message_id IS NOT NULL)", name="mail_taken_is_said"),
    )
    op.create_index("mail_by_state", "mail", ["state", "taken_at", "id"])
    op.create_index("mail_by_ticket", "mail", ["ticket_id"])


def _article() -> None:
    op.create_table(
        "article",
        sa.Column("id", Id, primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("published_no", sa.Integer),
        sa.Column("latest_no", sa.Integer, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "published_no IS NULL OR published_no <= latest_no", name="article_published_exists"
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (published_no IS NULL)", name="article_published_has_version"
        ),
        sa.CheckConstraint("state IN ('draft', 'published', 'retired')", name="article_state"),
    )
    op.create_index("article_by_state", "article", ["state", "id"])


def _article_version() -> None:
    op.create_table(
        "article_version",
        sa.Column("article_id", Id, sa.ForeignKey("article.id"), primary_key=True),
        sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("title_en", sa.String(200)),
        sa.Column("body_en", sa.Text),
        sa.Column("title_zh", sa.String(200)),
        sa.Column("body_zh", sa.Text),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("written_at", Utc, nullable=False),
        sa.CheckConstraint("(title_en IS NULL) = (body_en IS NULL)", name="article_version_en"),
        sa.CheckConstraint(
            "title_en IS NOT NULL OR title_zh IS NOT NULL", name="article_version_has_language"
        ),
        sa.CheckConstraint("(title_zh IS NULL) = (body_zh IS NULL)", name="article_version_zh"),
    )


def _article_word() -> None:
    op.create_table(
        "article_word",
        sa.Column("article_id", Id, sa.ForeignKey("article.id"), primary_key=True),
        sa.Column("word", sa.String(40), primary_key=True),
        sa.Column("weight", sa.Integer, nullable=False),
    )
    op.create_index("article_word_by_word", "article_word", ["word", "article_id"])


def _article_solved() -> None:
    op.create_table(
        "article_solved",
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("article_id", Id, sa.ForeignKey("article.id"), primary_key=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Utc, nullable=False),
    )
    op.create_index("article_solved_by_article", "article_solved", ["article_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
