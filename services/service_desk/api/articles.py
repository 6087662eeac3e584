"""Knowledge articles over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.service_desk.api.who import WORKERS, only_owner, worker
from services.service_desk.domain.article import ARTICLE_STATES, Text
from services.service_desk.reports.articles import (
    ArticleRow,
    find_articles,
    list_articles,
    one_article,
    suggested,
)
from services.service_desk.use_cases.write_article import (
    Written,
    note_solution,
    publish_article,
    retire_article,
    rewrite_article,
    write_article,
)

WRITERS = ("service", "api_client")
BODY = 20_000
MOST_FOUND = 50

articles = Noun("articles", "/api/v1/articles", description="What solves tickets: knowledge articles")
solutions = Noun("solutions", "/api/v1/tickets", description="Articles that fit tickets")


class TextOfArticle(Strict):
    """What it says in one language."""

    title = fields.Text(max=200, required=True)
    body = fields.Text(max=BODY, multiline=True, required=True)


class ArticleIn(Strict):
    """What an article says, in English, in Chinese, or in both."""

    en = fields.Nested(TextOfArticle, allow_none=True)
    zh = fields.Nested(TextOfArticle, allow_none=True)


class ArticleOut(Strict):
    """An article in one of its versions."""

    id = fields.IdField()
    state = fields.Choice(*ARTICLE_STATES)
    no = fields.CountField(least=1, metadata={"description": "Which version is shown."})
    published_no = fields.CountField(least=1, allow_none=True)
    latest_no = fields.CountField(least=1)
    en = fields.Nested(TextOfArticle, allow_none=True)
    zh = fields.Nested(TextOfArticle, allow_none=True)
    written_by = fields.Text(max=64)
    written_at = fields.UtcField()
    solved = fields.CountField(metadata={"description": "How many tickets it solved."})
    score = fields.CountField(metadata={"description": "How well it fits what was asked for."})
    version = fields.CountField(least=1)


class ArticleFilter(Strict):
    """Which articles; those who write them may ask for drafts."""

    state = fields.Choice(*ARTICLE_STATES)


class WordsFilter(Strict):
    """What is looked for."""

    q = fields.Text(max=200, required=True)


class VersionFilter(Strict):
    """Which version, for those who write articles."""

    no = fields.CountField(least=1)


class FoundOut(Strict):
    """What was found, the best first."""

    articles = fields.ListOf(ArticleOut, least=0)


class SolutionIn(Strict):
    """What solved the ticket."""

    article_id = fields.IdField(required=True)


@articles.command(
    "POST",
    "/",
    body=ArticleIn,
    answer=ArticleOut,
    status=201,
    roles=WRITERS,
    location="/api/v1/articles/{id}",
    summary="Write an article",
)
def write(tx: Transaction, body: dict[str, Any]) -> ArticleRow:
    """Begin an article as a draft."""
    return one_article(tx.connection, write_article(tx, _written(body)).id, drafts=True)


@articles.query("/", answer=ArticleOut, roles=ANY, filters=ArticleFilter, paged=True, summary="List articles")
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List articles, the latest first; who does not write them sees what is published."""
    rows = list_articles(
        connection, drafts=_writes(), state=filters.get("state"), after=page.after, limit=page.limit + 1
    )
    return Page.of(rows, page, key=lambda row: (row.id,))


@articles.query("/search", answer=FoundOut, roles=ANY, filters=WordsFilter, summary="Search articles")
def search(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Find what is published by words of English or Chinese."""
    return {"articles": find_articles(connection, [filters["q"]], MOST_FOUND)}


@articles.query(
    "/<uuid:article_id>", answer=ArticleOut, roles=ANY, filters=VersionFilter, summary="Read an article"
)
def show(connection: Connection, filters: dict[str, Any], article_id: str) -> ArticleRow:
    """Show an article: what is published, or to those who write articles any version."""
    return one_article(connection, article_id, drafts=_writes(), no=filters.get("no"))


@articles.command(
    "PUT",
    "/<uuid:article_id>",
    body=ArticleIn,
    answer=ArticleOut,
    roles=WRITERS,
    summary="Write a new version",
)
def rewrite(tx: Transaction, body: dict[str, Any], article_id: str) -> ArticleRow:
    """Write the next version; what is published stays until this one is."""
    changed = rewrite_article(tx, article_id, _written(body), expected_version())
    return one_article(tx.connection, changed.id, drafts=True)


@articles.command(
    "POST",
    "/<uuid:article_id>/publish",
    answer=ArticleOut,
    roles=WRITERS,
    summary="Publish the latest version",
)
def publish(tx: Transaction, article_id: str) -> ArticleRow:
    """Show everybody what was written last."""
    return one_article(tx.connection, publish_article(tx, article_id, expected_version()).id, drafts=True)


@articles.command(
    "POST", "/<uuid:article_id>/retire", answer=ArticleOut, roles=WRITERS, summary="Retire an article"
)
def retire(tx: Transaction, article_id: str) -> ArticleRow:
    """Let nobody find it any more."""
    return one_article(tx.connection, retire_article(tx, article_id, expected_version()).id, drafts=True)


@solutions.query(
    "/<uuid:ticket_id>/suggested-articles", answer=FoundOut, roles=ANY, summary="Articles that fit a ticket"
)
def suggest(connection: Connection, ticket_id: str) -> dict[str, Any]:
    """Show the articles that share most words with what the customer says."""
    return {"articles": suggested(connection, ticket_id, only_owner=only_owner())}


@solutions.command(
    "POST",
    "/<uuid:ticket_id>/solved-by",
    body=SolutionIn,
    roles=WORKERS,
    summary="Note which article solved it",
)
def solve(tx: Transaction, body: dict[str, Any], ticket_id: str) -> None:
    """Note that an article solved the ticket; said again, it changes nothing."""
    note_solution(tx, ticket_id, body["article_id"], worker())


def _writes() -> bool:
    who = principal()
    return who.has_any(WRITERS)


def _written(body: dict[str, Any]) -> Written:
    en, zh = (Text(**body[name]) if body.get(name) else None for name in ("en", "zh"))
    return Written(principal().subject, en, zh)
