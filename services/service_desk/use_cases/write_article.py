"""Write a knowledge article, publish it, retire it, and note what it solved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.service_desk.domain.article import (
    Article,
    ArticleNotFound,
    ArticleStateRefuses,
    ArticleVersion,
    NoLanguage,
    Text,
    weights,
)
from services.service_desk.store import articles
from services.service_desk.use_cases.work_on_ticket import Worker, locked_ticket


@dataclass(frozen=True)
class Written:
    """What an article says, in one language or both, and who wrote it."""

    by: str
    en: Text | None = None
    zh: Text | None = None


def write_article(tx: Transaction, written: Written) -> Article:
    """Begin an article as a draft."""
    new = Article(tx.new_id(), "draft", 1, written.by, tx.now)
    articles.add(tx, new)
    articles.add_version(tx, _version(tx, new, written))
    return new


def rewrite_article(tx: Transaction, article_id: str, written: Written, expected: int | None) -> Article:
    """Write the next version; what is published stays until the new one is."""
    found = _locked(tx, article_id, expected)
    changed = articles.save(tx, replace(found, latest_no=found.latest_no + 1))
    articles.add_version(tx, _version(tx, changed, written))
    return changed


def publish_article(tx: Transaction, article_id: str, expected: int | None) -> Article:
    """Show everybody the version that was written last, also of an article that was retired."""
    found = _locked(tx, article_id, expected)
    if found.state == "published" and found.published_no == found.latest_no:
        raise ArticleStateRefuses(
            "its latest version is published", cure="write a new version first", state=found.state
        )
    version = articles.version_of(tx.connection, found.id, found.latest_no)
    articles.set_words(tx, found.id, weights(version))
    return articles.save(tx, replace(found, state="published", published_no=found.latest_no))


def retire_article(tx: Transaction, article_id: str, expected: int | None) -> Article:
    """Let nobody find it any more; what it solved is still known."""
    found = _locked(tx, article_id, expected)
    if found.state != "published":
        raise ArticleStateRefuses(
            f"the article is {found.state}", cure="retire what is published", state=found.state
        )
    articles.set_words(tx, found.id, {})
    return articles.save(tx, replace(found, state="retired"))


def note_solution(tx: Transaction, ticket_id: str, article_id: str, worker: Worker) -> None:
    """Note that a published article solved a ticket; said again, it changes nothing."""
    ticket = locked_ticket(tx, ticket_id, worker)
    found = articles.find(tx.connection, article_id)
    if found is None or found.state != "published":
        raise ArticleNotFound("there is no such article", field="article_id")
    articles.solved(tx, ticket.id, found.id, worker.subject)


def _locked(tx: Transaction, article_id: str, expected: int | None) -> Article:
    found = articles.lock(tx, article_id)
    if found is None:
        raise ArticleNotFound("there is no such article")
    if expected not in (None, found.version):
        raise VersionMismatch(f"the article is at version {found.version}")
    return found


def _version(tx: Transaction, article: Article, written: Written) -> ArticleVersion:
    if written.en is None and written.zh is None:
        raise NoLanguage("the article says nothing in either language", field="en")
    return ArticleVersion(
        article_id=article.id,
        no=article.latest_no,
        written_by=written.by,
        written_at=tx.now,
        title_en=written.en.title if written.en else None,
        body_en=written.en.body if written.en else None,
        title_zh=written.zh.title if written.zh else None,
        body_zh=written.zh.body if written.zh else None,
    )
