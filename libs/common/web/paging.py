"""Pages of a list by cursor: stable while rows come and go, and as quick on page 1,000 as on the first."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from libs.common.errors import Invalid
from libs.common.web.fields import CountField, Text
from libs.common.web.schema import Strict

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_MAX_CURSOR = 1000
_CHECK_LENGTH = 8
R = TypeVar("R")
Position = tuple[Any, ...]


class PageArguments(Strict):
    """The query parameters of every paged list."""

    limit = CountField(
        least=1, most=MAX_LIMIT, load_default=DEFAULT_LIMIT, metadata={"description": "Rows per page."}
    )
    cursor = Text(
        max=_MAX_CURSOR,
        load_default=None,
        metadata={"description": "next_cursor of the page before; opaque."},
    )


@dataclass(frozen=True)
class PageRequest:
    """Which page is asked for: at most ``limit`` rows that come after the position ``after`` (None: from the start).

    ``list_name`` marks the cursors of this list, so that one of another list is refused.
    """

    limit: int = DEFAULT_LIMIT
    after: Position | None = None
    list_name: str = ""


@dataclass(frozen=True)
class Page:
    """A page of a list and where the next one begins (None: this was the last)."""

    items: Sequence[Any]
    next_cursor: str | None = None

    @classmethod
    def of(cls, rows: Sequence[R], request: PageRequest, key: Callable[[R], Position]) -> Page:
        """Make a page of ``rows``, of which ``request.limit + 1`` were read; ``key`` gives a row's position.

        A position may hold texts, whole numbers, None, dates and times.
        """
        if len(rows) <= request.limit:
            return cls(rows)
        shown = rows[: request.limit]
        return cls(shown, encode_cursor(key(shown[-1]), request.list_name))


def encode_cursor(position: Position, list_name: str = "") -> str:
    """Return ``position`` as opaque text that ``decode_cursor`` reads."""
    body = json.dumps([_pack(value) for value in position], separators=(",", ":"))
    return base64.urlsafe_b64encode((_check(body, list_name) + body).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, list_name: str = "") -> Position:
    """Return the position in ``cursor``; ``Invalid`` when it is damaged or belongs to another list."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode("ascii")
        check, body = text[:_CHECK_LENGTH], text[_CHECK_LENGTH:]
        if check != _check(body, list_name):
            raise ValueError
        return tuple(_unpack(value) for value in json.loads(body))
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError):
        raise bad_cursor() from None


def bad_cursor() -> Invalid:
    """Return the refusal of a cursor."""
    return Invalid("This is not a cursor of this list.", field="cursor", cure="Start again without a cursor.")


def _check(body: str, list_name: str) -> str:
    return hashlib.sha256(f"{list_name}\n{body}".encode()).hexdigest()[:_CHECK_LENGTH]


def _pack(value: object) -> Any:
    if isinstance(value, datetime):
        return {"t": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if value is None or type(value) in (int, str):
        return value
    raise TypeError(f"{type(value).__name__} cannot be part of a cursor")


def _unpack(value: Any) -> Any:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["t"]) if "t" in value else date.fromisoformat(value["d"])
    if value is None or type(value) in (int, str):
        return value
    raise ValueError
