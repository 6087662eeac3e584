"""What a customer sees behind the link to his ticket, and what the desk sees of the link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from libs.common.ids import secret_digest
from services.service_desk.domain.conversation import Message
from services.service_desk.domain.follow_link import (
    STATE_TEXTS,
    FollowLink,
    NoTicketLink,
    require_open,
)
from services.service_desk.domain.ticket import State
from services.service_desk.reports.conversation import messages_of
from services.service_desk.reports.tickets import one_ticket
from services.service_desk.store import follow_links, questions, relations


@dataclass(frozen=True)
class FollowedTicket:
    """The ticket as its customer sees it: the one in which it went on, if it was merged or followed by another.

    ``asked`` says whether he is asked how content he is; ``score`` is what he said.
    """

    number: str
    numbers: Sequence[str]
    subject: str
    description: str | None
    state: State
    opened_on: date
    resolution: str | None
    resolved_on: date | None
    asked: bool
    score: int | None

    @property
    def state_text(self) -> dict[str, str]:
        """What the state means for him, in both languages."""
        return STATE_TEXTS[self.state]


def link_of(connection: Connection, ticket_id: str, *, only_owner: str | None) -> FollowLink:
    """Return the open link of a ticket that the caller may see."""
    found = one_ticket(connection, ticket_id, only_owner=only_owner)
    link = follow_links.open_of(connection, ticket_id)
    if link is None:
        raise NoTicketLink(f"ticket {found.number} has no link that is open")
    return link


def followed_by_link(connection: Connection, token: str, today: date) -> FollowedTicket:
    """Return what the link opens."""
    chain = opened_by_link(connection, token, today)
    tickets = [one_ticket(connection, each, only_owner=None) for each in chain]
    last = tickets[-1]
    question = questions.latest(connection, last.id)
    return FollowedTicket(
        number=last.number,
        numbers=[each.number for each in tickets],
        subject=last.subject,
        description=tickets[0].description,
        state=last.state,
        opened_on=tickets[0].opened_on,
        resolution=last.resolution,
        resolved_on=last.resolved_on,
        asked=question is not None and question.score is None,
        score=question.score if question else None,
    )


def messages_by_link(
    connection: Connection, token: str, today: date, *, after: tuple[Any, ...] | None, limit: int
) -> list[Message]:
    """Return what was said, in order of time, behind the link; never a note."""
    return messages_of(connection, opened_by_link(connection, token, today), after=after, limit=limit)


def opened_by_link(connection: Connection, token: str, today: date) -> list[str]:
    """Return the tickets that the link opens, in turn; refuse a link that opens nothing."""
    link = require_open(follow_links.by_token(connection, secret_digest(token)), today)
    return relations.chain_from(connection, link.ticket_id)
