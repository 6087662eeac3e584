"""What a service says once, to have approvals of its documents over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from libs.common.approvals import DocumentKind, Reactions, Readable, Sight, Voice, lent_to
from libs.common.approvals.conditions import Facts, Fields
from libs.common.approvals.kinds import no_own
from libs.common.approvals.looking import as_said
from libs.common.db import Connection
from libs.common.web import Strict, principal
from libs.common.web.principal import ROLES

PEOPLE_ROLES = tuple(sorted(ROLES - {"api_client"}))
"""The roles that a flow may ask: those of people. A program has none to give."""


def voice() -> Voice:
    """Return the caller as somebody who decides, with all roles of the token."""
    who = principal()
    return Voice(who.subject, who.roles)


@dataclass(frozen=True)
class Roles:
    """Who may do what: define flows, read them, look at approvals, decide and delegate, take a question back."""

    authors: tuple[str, ...]
    readers_of_flows: tuple[str, ...]
    lookers: tuple[str, ...]
    people: tuple[str, ...]
    askers: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """What is told of a past document that a flow would have stopped: under which names, with which fields."""

    documents: str
    needed: type[Strict]


@dataclass(frozen=True)
class Mount:
    """Approvals of one service.

    ``prefix`` stands before the addresses (``finance`` gives ``/finance-approvals``); ``about`` says what is approved.
    ``also`` are documents that go by the flows of a kind. ``said`` shows what a document said, out of what ``show``
    makes of its facts. ``readable`` is what the caller may read whoever was asked; ``today`` is the company's day, and
    ``terms`` what the reactions go by. Where the service ``has_built_in`` flows, not all that an approval was made of
    are revisions with an id.
    """

    prefix: str
    about: str
    kinds: tuple[DocumentKind, ...]
    roles: Roles
    reactions: Reactions
    said: type[Strict]
    words: Words
    today: Callable[[], date]
    terms: Callable[[], Any]
    readable: Callable[[], Readable | None]
    show: Callable[[Facts], Mapping[str, Any]] = as_said
    also: tuple[str, ...] = ()
    lists_superseded: bool = False
    has_built_in: bool = False

    @property
    def documents(self) -> tuple[str, ...]:
        """The names of the kinds, and of those that go by the flows of one."""
        return (*(kind.name for kind in self.kinds), *self.also)

    @property
    def names_document(self) -> bool:
        """Whether a flow has to say for which kind it is."""
        return len(self.kinds) > 1

    @cached_property
    def fields(self) -> Fields:
        """What can be asked of a document of any kind."""
        return {name: kind for each in self.kinds for name, kind in each.fields.items()}

    @property
    def has_own(self) -> bool:
        """Whether the company may add to what can be asked."""
        return any(each.own is not no_own for each in self.kinds)

    def kind(self, name: str | None) -> DocumentKind:
        """Return the kind of this name, or the only one."""
        return next(each for each in self.kinds if name in (None, each.name))

    def path(self, noun: str) -> str:
        """Return the address of a noun."""
        return f"/api/v1/{self.prefix}-{noun}" if self.prefix else f"/api/v1/{noun}"

    def name(self, noun: str) -> str:
        """Return the name of a noun among those of its service."""
        return f"{self.prefix}_{noun}" if self.prefix else noun

    def sight(self, connection: Connection) -> Sight:
        """Return what the caller sees, with the voices that are lent to him today."""
        me = voice()
        lent = lent_to(connection, me.person, self.today())
        return Sight((me, *lent), self.documents, self.readable(), self.show)
