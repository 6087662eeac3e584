"""A ticket behind its customer's link: followed, answered and rated without a login."""

from __future__ import annotations

from typing import Any

from flask import request

from libs.common.db import Connection, Transaction
from libs.common.web import VISITORS, Noun, Page, PageRequest, Strict, fields
from services.service_desk.api.attachments import attachments_in, attachments_out, enclosed
from services.service_desk.api.company import day, today
from services.service_desk.api.conversation import LONG_TEXT
from services.service_desk.api.satisfaction import RatingIn
from services.service_desk.domain.conversation import SIDES
from services.service_desk.domain.satisfaction import HIGHEST, LOWEST
from services.service_desk.domain.ticket import STATES
from services.service_desk.reports.attachments import with_attachments
from services.service_desk.reports.conversation import position_of
from services.service_desk.reports.follow import FollowedTicket, followed_by_link, messages_by_link
from services.service_desk.use_cases.follow import Visitor, rate_by_link, reply_by_link

public_tickets = Noun(
    "public-tickets", "/api/v1/public/tickets", description="Tickets behind the links that customers have"
)
CALLER_ADDRESS = "Meridian-Caller-Address"
_LONGEST_ADDRESS = 64


class PublicTicketOut(Strict):
    """A ticket as its customer sees it."""

    number = fields.Text(max=32)
    numbers = fields.ListOf(
        fields.Text(max=32), metadata={"description": "Of all tickets in which it went on, in turn."}
    )
    subject = fields.Text(max=200)
    description = fields.Text(max=LONG_TEXT, multiline=True, allow_none=True)
    state = fields.Choice(*STATES)
    state_text = fields.TextMap(metadata={"description": "What the state means for him: en and zh."})
    opened_on = fields.DateField()
    resolution = fields.Text(max=LONG_TEXT, multiline=True, allow_none=True)
    resolved_on = fields.DateField(allow_none=True)
    asked = fields.Flag(metadata={"description": "He is asked how content he is."})
    score = fields.CountField(least=LOWEST, most=HIGHEST, allow_none=True)


class PublicMessageOut(Strict):
    """What was said; who of the company said it is not told."""

    side = fields.Choice(*SIDES)
    author_name = fields.Text(max=200, allow_none=True)
    text = fields.Text(max=LONG_TEXT, multiline=True)
    at = fields.UtcField()
    attachments = attachments_out()


class PublicReplyIn(Strict):
    """What the customer says."""

    text = fields.Text(max=LONG_TEXT, multiline=True, required=True)
    name = fields.Text(max=200, allow_none=True)
    attachments = attachments_in()


@public_tickets.query("/<uuid:token>", answer=PublicTicketOut, roles=VISITORS, summary="Follow a ticket")
def read(connection: Connection, token: str) -> FollowedTicket:
    """Show where the ticket stands."""
    return followed_by_link(connection, token, today())


@public_tickets.query(
    "/<uuid:token>/messages",
    answer=PublicMessageOut,
    roles=VISITORS,
    paged=True,
    summary="Read what was said",
)
def messages(connection: Connection, page: PageRequest, token: str) -> Page:
    """List what was said, the earliest first."""
    rows = messages_by_link(connection, token, today(), after=page.after, limit=page.limit + 1)
    return Page.of(with_attachments(connection, rows), page, key=position_of)


@public_tickets.command(
    "POST",
    "/<uuid:token>/messages",
    body=PublicReplyIn,
    answer=PublicTicketOut,
    roles=VISITORS,
    summary="Reply",
)
def reply(tx: Transaction, body: dict[str, Any], token: str) -> FollowedTicket:
    """Say something; a ticket that waited or was resolved is worked on again, a closed one goes on in a new one."""
    visitor = _visitor(tx, token)
    reply_by_link(tx, visitor, body["text"], body.get("name"), enclosed(body))
    return followed_by_link(tx.connection, token, visitor.today)


@public_tickets.command(
    "POST",
    "/<uuid:token>/satisfaction",
    body=RatingIn,
    answer=PublicTicketOut,
    roles=VISITORS,
    summary="Say how content you are",
)
def rate(tx: Transaction, body: dict[str, Any], token: str) -> FollowedTicket:
    """Say once, after the resolution, how content you are with it."""
    visitor = _visitor(tx, token)
    rate_by_link(tx, visitor, body["score"], body.get("comment"))
    return followed_by_link(tx.connection, token, visitor.today)


def _visitor(tx: Transaction, token: str) -> Visitor:
    """Return who stands at the gateway's door; only the gateway can have said so."""
    address = request.headers.get(CALLER_ADDRESS, "unknown")[:_LONGEST_ADDRESS]
    return Visitor(token, address, day(tx.now))
