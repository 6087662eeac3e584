"""The customer's own link to his ticket: make it, take it back, and what he does through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from libs.common.db import Transaction
from libs.common.ids import secret_digest
from services.service_desk.domain.conversation import BY_CUSTOMER, Message
from services.service_desk.domain.errors import TicketNotFound
from services.service_desk.domain.follow_link import (
    FollowLink,
    NoTicketLink,
    ShownLink,
    TooManyWords,
    require_open,
)
from services.service_desk.domain.satisfaction import Answer, Question
from services.service_desk.domain.ticket import Ticket
from services.service_desk.store import customers, follow_links, relations, tickets
from services.service_desk.use_cases.ask_satisfaction import rate_ticket
from services.service_desk.use_cases.converse import Heard, hear_customer
from services.service_desk.use_cases.enclose import Enclosures


@dataclass(frozen=True)
class Visitor:
    """Who comes by a link: the address as the gateway saw it, and the company's day."""

    token: str
    address: str
    today: date


def link_ticket(
    tx: Transaction, ticket_id: str, token: str, by: str, ends: date, owner: str | None
) -> ShownLink:
    """Make the link that ``token`` opens until the day ``ends``; the one before it opens nothing any more.

    The ticket is locked first, so that of two who make one at once the later one's stays.
    """
    ticket = _known(tx, ticket_id, owner)
    follow_links.revoke(tx, ticket.id, by)
    link = FollowLink(tx.new_id(), ticket.id, secret_digest(token), ends, by, tx.now)
    follow_links.add(tx, link)
    return ShownLink(**vars(link), token=token)


def lasting(today: date, days: int) -> date:
    """Return the last day of a link that is made today."""
    return today + timedelta(days=days)


def revoke_link(tx: Transaction, ticket_id: str, by: str, owner: str | None) -> None:
    """Close the link at once; what was said through it stays said."""
    ticket = _known(tx, ticket_id, owner)
    if not follow_links.revoke(tx, ticket.id, by):
        raise NoTicketLink(f"ticket {ticket.number} has no link that is open")


def open_link(tx: Transaction, visitor: Visitor) -> FollowLink:
    """Return the link if it opens anything, and count that something comes through it.

    The link is read again once its ticket is locked: until then it could be revoked.
    """
    known = follow_links.by_token(tx.connection, secret_digest(visitor.token))
    if known is not None:
        tickets.lock(tx.connection, known.ticket_id)
    link = require_open(follow_links.by_token(tx.connection, secret_digest(visitor.token)), visitor.today)
    if not follow_links.count(tx, link, visitor.address):
        raise TooManyWords("too much came through this link from your address within the hour")
    return link


def reply_by_link(
    tx: Transaction, visitor: Visitor, text: str, name: str | None, enclosed: Enclosures | None = None
) -> Message:
    """Keep what the customer writes behind his link."""
    link = open_link(tx, visitor)
    heard = Heard(text, "link", BY_CUSTOMER, visitor.today, name, enclosed=enclosed)
    return hear_customer(tx, link.ticket_id, heard)


def rate_by_link(tx: Transaction, visitor: Visitor, score: int, comment: str | None) -> Question:
    """Keep how content the customer is with the ticket in which the one of his link went on."""
    link = open_link(tx, visitor)
    last = relations.chain_from(tx.connection, link.ticket_id)[-1]
    return rate_for_customer(tx, last, Answer(score, BY_CUSTOMER, visitor.today, comment), None)


def rate_for_customer(tx: Transaction, ticket_id: str, answer: Answer, owner: str | None) -> Question:
    """Keep how content the customer is, and tell of it; a question is answered once."""
    return rate_ticket(tx, _known(tx, ticket_id, owner), answer)


def _known(tx: Transaction, ticket_id: str, owner: str | None) -> Ticket:
    ticket = tickets.lock(tx.connection, ticket_id)
    if ticket is None or not (
        owner is None or customers.find_shown(tx.connection, ticket.customer_id, owner) is not None
    ):
        raise TicketNotFound("there is no such ticket", field="ticket_id", cure="list the tickets")
    return ticket
