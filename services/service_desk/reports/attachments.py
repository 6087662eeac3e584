"""Looking at the files that came with messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from services.service_desk.domain.attachment import Attachment, AttachmentNotFound
from services.service_desk.domain.conversation import Message
from services.service_desk.reports.follow import opened_by_link
from services.service_desk.reports.tickets import one_ticket
from services.service_desk.store import attachments, messages
from services.service_desk.store.vault import Vault


@dataclass(frozen=True)
class MessageView(Message):
    """A message with its files."""

    attachments: Sequence[Attachment] = ()


def with_attachments(connection: Connection, rows: Iterable[Message]) -> list[MessageView]:
    """Return messages with their files, looked up together."""
    found = list(rows)
    files = attachments.of_messages(connection, [row.id for row in found])
    return [MessageView(**vars(row), attachments=files.get(row.id, [])) for row in found]


def attachment_of(
    connection: Connection, ticket_id: str, attachment_id: str, *, only_owner: str | None
) -> Attachment:
    """Return a file of a ticket that the caller may see."""
    one_ticket(connection, ticket_id, only_owner=only_owner)
    return _of_tickets(connection, [ticket_id], attachment_id)


def attachment_by_link(connection: Connection, token: str, today: date, attachment_id: str) -> Attachment:
    """Return a file of what the link opens."""
    return _of_tickets(connection, opened_by_link(connection, token, today), attachment_id)


def content_of(connection: Connection, vault: Vault, found: Attachment) -> bytes:
    """Return the bytes of a file."""
    content = vault.get(connection, found.key)
    if content is None:
        raise AttachmentNotFound("the file is not in the vault any more")
    return content


def _of_tickets(connection: Connection, ticket_ids: Sequence[str], attachment_id: str) -> Attachment:
    found = attachments.find(connection, attachment_id)
    if found is None or not messages.is_of(connection, ticket_ids, found.message_id):
        raise AttachmentNotFound("there is no such file on this ticket")
    return found
