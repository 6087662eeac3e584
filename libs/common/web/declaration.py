"""What a route declares about itself; ``serving`` answers by it and ``document`` describes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from marshmallow import Schema

from libs.common.db import Database
from libs.common.web.principal import Roles

IfMatch = Literal["optional", "required"]
Wait = Callable[[Database, Any], bool]
Reload = Callable[[Any, Any], object]


@dataclass(frozen=True)
class Command:
    """The declaration of a route that changes something."""

    function: Callable[..., Any]
    roles: Roles
    body: Schema | None
    answer: Schema | None
    status: int
    if_match: IfMatch
    location: str | None
    wait: Wait | None
    reload: Reload | None
    intake: bool = False
    shown_once: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Query:
    """The declaration of a route that only looks."""

    function: Callable[..., Any]
    roles: Roles
    filters: Schema | None
    answer: Schema
    paged: bool
    list_name: str


@dataclass(frozen=True)
class FileQuery:
    """The declaration of a route that only looks and answers with a file."""

    function: Callable[..., Any]
    roles: Roles
    filters: Schema | None
    media_type: str
