"""The tables of knowledge articles: their versions, the words by which they are found, and what they solved."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from libs.common.db.types import Id, Utc
from services.service_desk.store.tables import metadata

article = Table(
    "article",
    metadata,
    Column("id", Id, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("published_no", Integer),
    Column("latest_no", Integer, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('draft', 'published', 'retired')", name="article_state"),
    CheckConstraint("(state = 'draft') = (published_no IS NULL)", name="article_published_has_version"),
    CheckConstraint("published_no IS NULL OR published_no <= latest_no", name="article_published_exists"),
    Index("article_by_state", "state", "id"),
)

article_version = Table(
    "article_version",
    metadata,
    Column("article_id", Id, ForeignKey("article.id"), primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("title_en", String(200)),
    Column("body_en", Text),
    Column("title_zh", String(200)),
    Column("body_zh", Text),
    Column("written_by", String(64), nullable=False),
    Column("written_at", Utc, nullable=False),
    CheckConstraint("title_en IS NOT NULL OR title_zh IS NOT NULL", name="article_version_has_language"),
    CheckConstraint("(title_en IS NULL) = (body_en IS NULL)", name="article_version_en"),
    CheckConstraint("(title_zh IS NULL) = (body_zh IS NULL)", name="article_version_zh"),
)

# The words of what is published: whole ones, and pairs of characters where words are not set apart.
article_word = Table(
    "article_word",
    metadata,
    Column("article_id", Id, ForeignKey("article.id"), primary_key=True),
    Column("word", String(40), primary_key=True),
    Column("weight", Integer, nullable=False),
    Index("article_word_by_word", "word", "article_id"),
)

article_solved = Table(
    "article_solved",
    metadata,
    Column("ticket_id", Id, ForeignKey("ticket.id"), primary_key=True),
    Column("article_id", Id, ForeignKey("article.id"), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Index("article_solved_by_article", "article_id"),
)
