"""Knowledge articles: load, lock, add and save them, keep the words by which they are found, and what they solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from sqlalchemy import Connection, Select, delete, insert, select, update

from libs.common.db import Transaction, upsert_into
from libs.common.errors import VersionMismatch
from services.service_desk.domain.article import Article, ArticleVersion
from services.service_desk.store.article_tables import article, article_solved, article_version, article_word

COLUMNS = tuple(article.c[field.name] for field in fields(Article))
VERSION_COLUMNS = tuple(article_version.c[field.name] for field in fields(ArticleVersion))


def add(tx: Transaction, new: Article) -> None:
    """Store a new article."""
    tx.connection.execute(insert(article).values(**vars(new)))


def lock(tx: Transaction, article_id: str) -> Article | None:
    """Return the article, or nothing, and keep it to this transaction."""
    return _one(tx.connection, select(*COLUMNS).where(article.c.id == article_id).with_for_update())


def find(connection: Connection, article_id: str) -> Article | None:
    """Return the article, or nothing."""
    return _one(connection, select(*COLUMNS).where(article.c.id == article_id))


def _one(connection: Connection, query: Select[tuple[object, ...]]) -> Article | None:
    row = connection.execute(query).one_or_none()
    return None if row is None else Article(**row._asdict())


def save(tx: Transaction, changed: Article) -> Article:
    """Store the changed article as its next version; ``VersionMismatch`` when somebody was faster."""
    values = vars(changed) | {"version": changed.version + 1}
    statement = update(article).where(article.c.id == changed.id, article.c.version == changed.version)
    if tx.connection.execute(statement.values(**values)).rowcount != 1:
        raise VersionMismatch("the article was changed meanwhile")
    return replace(changed, version=changed.version + 1)


def add_version(tx: Transaction, new: ArticleVersion) -> None:
    """Store what an article says from now on, beside what it said before."""
    tx.connection.execute(insert(article_version).values(**vars(new)))


def version_of(connection: Connection, article_id: str, no: int) -> ArticleVersion:
    """Return what an article said in its ``no``-th version."""
    here = (article_version.c.article_id == article_id) & (article_version.c.no == no)
    return ArticleVersion(**connection.execute(select(*VERSION_COLUMNS).where(here)).one()._asdict())


def set_words(tx: Transaction, article_id: str, weights: Mapping[str, int]) -> None:
    """Let an article be found by these words and no others."""
    tx.connection.execute(delete(article_word).where(article_word.c.article_id == article_id))
    rows = [{"article_id": article_id, "word": word, "weight": weight} for word, weight in weights.items()]
    if rows:
        tx.connection.execute(insert(article_word), rows)


def solved(tx: Transaction, ticket_id: str, article_id: str, by: str) -> None:
    """Note that an article solved a ticket; said again, it changes nothing."""
    statement = upsert_into(tx.connection, article_solved).values(
        ticket_id=ticket_id, article_id=article_id, by=by, at=tx.now
    )
    tx.connection.execute(statement.on_conflict_do_nothing(index_elements=["ticket_id", "article_id"]))
