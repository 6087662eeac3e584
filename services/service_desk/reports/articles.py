"""Looking for knowledge articles: by words, and by what a ticket says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select

from libs.common.db import matches
from libs.common.db.types import Id
from services.service_desk.domain.article import (
    Article,
    ArticleNotFound,
    ArticleState,
    ArticleVersion,
    Text,
    asked_words,
)
from services.service_desk.reports.conversation import messages_of
from services.service_desk.reports.tickets import one_ticket
from services.service_desk.store import articles
from services.service_desk.store.article_tables import article, article_solved, article_version, article_word

SUGGESTED = 5
_READ_MESSAGES = 20


@dataclass(frozen=True)
class ArticleRow:
    """An article with one of its versions; ``solved`` is how many tickets it solved, ``score`` how well it fits."""

    id: str
    state: ArticleState
    no: int
    published_no: int | None
    latest_no: int
    en: Text | None
    zh: Text | None
    written_by: str
    written_at: datetime
    solved: int
    score: int
    version: int


def one_article(
    connection: Connection, article_id: str, *, drafts: bool, no: int | None = None
) -> ArticleRow:
    """Return an article as it is published; with ``drafts`` as it was written last, or in its ``no``-th version."""
    found = articles.find(connection, article_id)
    if found is None or (not drafts and found.state != "published"):
        raise ArticleNotFound("there is no such article")
    shown = (no or found.latest_no) if drafts else found.published_no
    assert shown is not None
    if not 1 <= shown <= found.latest_no:
        raise ArticleNotFound("the article has no such version", field="no")
    version = articles.version_of(connection, article_id, shown)
    return _row(found, version, _solved(connection, [article_id]).get(article_id, 0), 0)


def list_articles(
    connection: Connection, *, drafts: bool, state: str | None, after: tuple[Any, ...] | None, limit: int
) -> list[ArticleRow]:
    """Return up to ``limit`` articles, the latest first: what is published, or all as they were written last."""
    query = _joined(drafts)
    if state is not None:
        query = query.where(matches(article.c.state, state))
    if after is not None:
        query = query.where(article.c.id < literal(after[0], Id))
    return _read(connection, query.order_by(article.c.id.desc()).limit(limit), {})


def find_articles(connection: Connection, texts: Sequence[str], limit: int) -> list[ArticleRow]:
    """Return the published articles that share most words with the texts, the best first."""
    words = asked_words(texts)
    if not words:
        return []
    score = func.sum(article_word.c.weight)
    found = select(article_word.c.article_id, score).where(article_word.c.word.in_(words))
    found = found.group_by(article_word.c.article_id).order_by(score.desc(), article_word.c.article_id.desc())
    scores = {str(row[0]): int(row[1]) for row in connection.execute(found.limit(limit))}
    rows = _read(connection, _joined(drafts=False).where(article.c.id.in_(list(scores))), scores)
    return sorted(rows, key=lambda row: (-row.score, row.id))


def suggested(connection: Connection, ticket_id: str, *, only_owner: str | None) -> list[ArticleRow]:
    """Return the articles that fit what was said on a ticket."""
    ticket = one_ticket(connection, ticket_id, only_owner=only_owner)
    said = messages_of(connection, [ticket_id], after=None, limit=_READ_MESSAGES)
    texts = [
        ticket.subject,
        ticket.description or "",
        *(each.text for each in said if each.side == "customer"),
    ]
    return find_articles(connection, texts, SUGGESTED)


def _joined(drafts: bool) -> Select[Any]:
    no = article.c.latest_no if drafts else article.c.published_no
    on = (article_version.c.article_id == article.c.id) & (article_version.c.no == no)
    columns = (*articles.COLUMNS, *(each for each in articles.VERSION_COLUMNS if each.name != "article_id"))
    query = select(*columns).join(article_version, on)
    return query if drafts else query.where(article.c.state == "published")


def _read(connection: Connection, query: Select[Any], scores: dict[str, int]) -> list[ArticleRow]:
    rows = [row._asdict() for row in connection.execute(query)]
    solved = _solved(connection, [row["id"] for row in rows])
    found = []
    for row in rows:
        own = {name: row.pop(name) for name in _OWN}
        version = ArticleVersion(article_id=own["id"], **row)
        found.append(_row(Article(**own), version, solved.get(own["id"], 0), scores.get(own["id"], 0)))
    return found


_OWN = tuple(column.name for column in articles.COLUMNS)


def _row(found: Article, version: ArticleVersion, solved: int, score: int) -> ArticleRow:
    return ArticleRow(
        id=found.id,
        state=found.state,
        no=version.no,
        published_no=found.published_no,
        latest_no=found.latest_no,
        en=_text(version.title_en, version.body_en),
        zh=_text(version.title_zh, version.body_zh),
        written_by=version.written_by,
        written_at=version.written_at,
        solved=solved,
        score=score,
        version=found.version,
    )


def _text(title: str | None, body: str | None) -> Text | None:
    return None if title is None or body is None else Text(title, body)


def _solved(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    this = article_solved.c
    query = (
        select(this.article_id, func.count()).where(this.article_id.in_(list(ids))).group_by(this.article_id)
    )
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}
