"""What is said on tickets, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, fields, principal
from services.service_desk.api.attachments import attachments_in, attachments_out, enclosed
from services.service_desk.api.company import day
from services.service_desk.api.who import OPENERS, WORKERS, only_owner, worker
from services.service_desk.domain.conversation import SIDES, WAYS, Message, Note
from services.service_desk.reports.attachments import MessageView, with_attachments
from services.service_desk.reports.conversation import list_messages, list_notes, position_of
from services.service_desk.use_cases.converse import Heard, Spoken, add_note, hear_customer, speak_to_customer

LONG_TEXT = 10_000

conversation = Noun("conversation", "/api/v1/tickets", description="What is said on tickets")


class ReplyIn(Strict):
    """What the desk says to the customer."""

    text = fields.Text(max=LONG_TEXT, multiline=True, required=True)
    wait_for_customer = fields.Flag(
        load_default=False, metadata={"description": "The ticket then is pending until he answers."}
    )
    attachments = attachments_in()


class CustomerWordIn(Strict):
    """What the customer said, on the telephone or across the counter."""

    text = fields.Text(max=LONG_TEXT, multiline=True, required=True)
    author_name = fields.Text(max=200, allow_none=True, metadata={"description": "Who of them said it."})
    attachments = attachments_in()


class MessageOut(Strict):
    """What was said; ``origin_ticket_id`` is where, ``ticket_id`` where it stands since a merge or a split."""

    id = fields.IdField()
    ticket_id = fields.IdField()
    origin_ticket_id = fields.IdField()
    side = fields.Choice(*SIDES)
    way = fields.Choice(*WAYS)
    author_id = fields.Text(max=64)
    author_name = fields.Text(max=200, allow_none=True)
    text = fields.Text(max=LONG_TEXT, multiline=True)
    at = fields.UtcField()
    attachments = attachments_out()


class NoteIn(Strict):
    """What the desk tells itself."""

    text = fields.Text(max=LONG_TEXT, multiline=True, required=True)


class NoteOut(Strict):
    """A note; no customer ever sees it."""

    id = fields.IdField()
    ticket_id = fields.IdField()
    origin_ticket_id = fields.IdField()
    author_id = fields.Text(max=64)
    text = fields.Text(max=LONG_TEXT, multiline=True)
    at = fields.UtcField()


@conversation.command(
    "POST",
    "/<uuid:ticket_id>/messages",
    body=ReplyIn,
    answer=MessageOut,
    status=201,
    roles=WORKERS,
    summary="Answer the customer",
)
def reply(tx: Transaction, body: dict[str, Any], ticket_id: str) -> MessageView:
    """Say something that the customer may read; who answers a new ticket has taken it."""
    spoken = Spoken(body["text"], day(tx.now), body["wait_for_customer"], enclosed(body))
    return _shown(tx, speak_to_customer(tx, ticket_id, worker(), spoken))


@conversation.command(
    "POST",
    "/<uuid:ticket_id>/customer-messages",
    body=CustomerWordIn,
    answer=MessageOut,
    status=201,
    roles=OPENERS,
    summary="Note what the customer said",
)
def note_word(tx: Transaction, body: dict[str, Any], ticket_id: str) -> MessageView:
    """Keep what the customer said; a ticket that waited or was resolved is worked on again.

    The answer's ``ticket_id`` may be another one: what was merged or closed goes on elsewhere.
    """
    heard = Heard(
        text=body["text"],
        way="desk",
        author_id=principal().subject,
        author_name=body.get("author_name"),
        today=day(tx.now),
        only_owner=only_owner(),
        enclosed=enclosed(body),
    )
    return _shown(tx, hear_customer(tx, ticket_id, heard))


@conversation.query(
    "/<uuid:ticket_id>/messages",
    answer=MessageOut,
    roles=ANY,
    paged=True,
    summary="What was said on a ticket",
)
def messages(connection: Connection, page: PageRequest, ticket_id: str) -> Page:
    """List what the customer may read, the earliest first."""
    rows = list_messages(
        connection, ticket_id, only_owner=only_owner(), after=page.after, limit=page.limit + 1
    )
    return Page.of(with_attachments(connection, rows), page, key=position_of)


@conversation.command(
    "POST",
    "/<uuid:ticket_id>/notes",
    body=NoteIn,
    answer=NoteOut,
    status=201,
    roles=WORKERS,
    summary="Write an internal note",
)
def write_note(tx: Transaction, body: dict[str, Any], ticket_id: str) -> Note:
    """Tell the others who work on the queue; the customer and his salesperson do not see it."""
    return add_note(tx, ticket_id, worker(), body["text"])


@conversation.query(
    "/<uuid:ticket_id>/notes", answer=NoteOut, roles=WORKERS, paged=True, summary="Internal notes of a ticket"
)
def notes(connection: Connection, page: PageRequest, ticket_id: str) -> Page:
    """List the notes, the earliest first, for those who work on the ticket's queue."""
    roles = principal().roles
    rows = list_notes(connection, ticket_id, roles, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=position_of)


def _shown(tx: Transaction, message: Message) -> MessageView:
    """Return a message that was just said, with its files."""
    return with_attachments(tx.connection, [message])[0]
