"""Knowledge articles: written in versions, published, retired, and found by their words in both languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from libs.common.errors import Invalid, NotFound, Refused

ArticleState = Literal["draft", "published", "retired"]
ARTICLE_STATES: tuple[ArticleState, ...] = ("draft", "published", "retired")
MOST_WORDS = 2000
MOST_ASKED = 200
LONGEST_WORD = 40
TITLE_WEIGHT = 3
_COMMON = frozenset(
    {
        "the", "a", "an", "and", "or", "of", "to", "in", "is", "it", "on", "for", "at", "by", "with", "we", "you",
        "your", "our", "this", "that", "be", "are", "was", "not", "as", "if", "from", "my", "me", "i", "please",
        "hello", "dear",
    }
)  # fmt: skip
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


class ArticleNotFound(NotFound):
    """There is no such article, or it is not published and the caller does not write articles."""

    code = "article_not_found"


class ArticleStateRefuses(Refused):
    """The article is past, or before, the point where this can be done."""

    code = "article_state"


class NoLanguage(Invalid):
    """An article says something in English or in Chinese, each with title and body."""

    code = "article_language"
    usual_cure = "give title and body in English, in Chinese, or in both"


@dataclass(frozen=True)
class Text:
    """What an article says in one language."""

    title: str
    body: str


@dataclass(frozen=True)
class Article:
    """An article: which of its versions is published, and which was written last."""

    id: str
    state: ArticleState
    latest_no: int
    created_by: str
    created_at: datetime
    published_no: int | None = None
    version: int = 1


@dataclass(frozen=True)
class ArticleVersion:
    """What an article said at one time; it is never written over."""

    article_id: str
    no: int
    written_by: str
    written_at: datetime
    title_en: str | None = None
    body_en: str | None = None
    title_zh: str | None = None
    body_zh: str | None = None


def words_of(text: str) -> list[str]:
    """Return by which words a text is found: those of Latin letters and digits, and pairs of Chinese characters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = [word for word in re.findall(r"[^\W_]+", _CHINESE.sub(" ", plain)) if word not in _COMMON]
    for run in _CHINESE.findall(plain):
        found += [run[place : place + 2] for place in range(max(1, len(run) - 1))]
    return [word[:LONGEST_WORD] for word in found if len(word) > 1 or _CHINESE.match(word)]


def weights(version: ArticleVersion) -> dict[str, int]:
    """Return the words of an article, those of its titles weighing more."""
    found: dict[str, int] = {}
    for title in (version.title_en, version.title_zh):
        found |= dict.fromkeys(words_of(title or ""), TITLE_WEIGHT)
    for body in (version.body_en, version.body_zh):
        for word in words_of(body or ""):
            found.setdefault(word, 1)
    return dict(list(found.items())[:MOST_WORDS])


def asked_words(texts: Iterable[str]) -> list[str]:
    """Return for which words an article is looked for, each once."""
    return list(dict.fromkeys(word for text in texts for word in words_of(text)))[:MOST_ASKED]
