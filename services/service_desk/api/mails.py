"""Mail that comes in, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.ids import unguessable_id
from libs.common.web import Noun, Page, PageRequest, Strict, fields, principal
from services.service_desk.api.attachments import BASE64, read_base64, the_vault
from services.service_desk.api.company import day
from services.service_desk.domain.mail import LONGEST_ID, LONGEST_TEXT, MAIL_STATES, REASONS, KeptMail
from services.service_desk.reports.mails import list_mails, one_mail, position_of
from services.service_desk.use_cases.take_mail import MailRoom, assign_mail, discard_mail, take_mail

TAKERS = ("service", "api_client")
MOST_CONTENT = 1_000_000

mails = Noun("mails", "/api/v1/mails", description="Mail that came in")


class MailIn(Strict):
    """A mail as a file, as it came from the server."""

    content = fields.Text(
        max=MOST_CONTENT,
        pattern=BASE64,
        required=True,
        metadata={
            "description": "The .eml file in base64; a larger one is taken in by `meridian mail take`."
        },
    )


class AssignIn(Strict):
    """Whose word it is, and on which of his tickets; without one it begins a new ticket."""

    customer_id = fields.IdField(required=True)
    ticket_id = fields.IdField(allow_none=True)


class MailOut(Strict):
    """A mail and what became of it."""

    id = fields.IdField()
    message_id = fields.Text(max=LONGEST_ID)
    sender = fields.Text(max=254)
    sender_name = fields.Text(max=200, allow_none=True)
    subject = fields.Text(max=200)
    text = fields.Text(max=LONGEST_TEXT, multiline=True)
    state = fields.Choice(*MAIL_STATES)
    reason = fields.Choice(*REASONS, allow_none=True)
    ticket_id = fields.IdField(allow_none=True, metadata={"description": "In triage: where it may belong."})
    ticket_message_id = fields.IdField(allow_none=True)
    taken_by = fields.Text(max=64)
    taken_at = fields.UtcField()


class MailFilter(Strict):
    """What to look for."""

    state = fields.Choice(*MAIL_STATES)


@mails.command("POST", "/", body=MailIn, answer=MailOut, status=201, roles=TAKERS, summary="Take a mail in")
def take(tx: Transaction, body: dict[str, Any]) -> KeptMail:
    """Keep a mail, once by its Message-ID, as a word on the ticket where it belongs, or in triage."""
    return take_mail(tx, read_base64(body["content"], "content"), _room(tx))


@mails.query("/", answer=MailOut, roles=TAKERS, filters=MailFilter, paged=True, summary="List mail")
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List mail in the order in which it came."""
    rows = list_mails(connection, filters.get("state"), after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=position_of)


@mails.query("/<uuid:mail_id>", answer=MailOut, roles=TAKERS, summary="Look at a mail")
def show(connection: Connection, mail_id: str) -> KeptMail:
    """Show a mail."""
    return one_mail(connection, mail_id)


@mails.command(
    "POST", "/<uuid:mail_id>/assign", body=AssignIn, answer=MailOut, roles=TAKERS, summary="Say whose it is"
)
def assign(tx: Transaction, body: dict[str, Any], mail_id: str) -> KeptMail:
    """Let a mail in triage become a word of a customer."""
    return assign_mail(tx, mail_id, body["customer_id"], body.get("ticket_id"), _room(tx))


@mails.command(
    "POST", "/<uuid:mail_id>/discard", answer=MailOut, roles=TAKERS, summary="Let nothing come of it"
)
def discard(tx: Transaction, mail_id: str) -> KeptMail:
    """Note that nothing is to come of a mail in triage."""
    return discard_mail(tx, mail_id)


def _room(tx: Transaction) -> MailRoom:
    return MailRoom(principal().subject, day(tx.now), the_vault(), unguessable_id)
