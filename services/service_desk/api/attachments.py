"""Files that come with messages, over HTTP: written as base64, answered only as something to be kept."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from libs.common.db import Connection
from libs.common.ids import unguessable_id
from libs.common.web import ANY, VISITORS, File, Noun, Strict, fields
from services.service_desk.api.company import today
from services.service_desk.api.who import only_owner
from services.service_desk.domain.attachment import (
    LARGEST,
    LONGEST_NAME,
    MOST_PER_MESSAGE,
    Attachment,
    AttachmentRefused,
    Upload,
)
from services.service_desk.reports.attachments import attachment_by_link, attachment_of, content_of
from services.service_desk.use_cases.enclose import Enclosures, Vault, vault_in

_VAULT = "MERIDIAN_ATTACHMENT_VAULT"
BYTES = "application/octet-stream"
"""What every file is served as: no browser is to find out what it could do with it."""
BASE64 = "[A-Za-z0-9+/]+={0,2}"
MOST_CONTENT = 4 * ((LARGEST + 2) // 3)

attachments = Noun("attachments", "/api/v1/tickets", description="Files that came with messages")
public_attachments = Noun(
    "public-attachments", "/api/v1/public/tickets", description="Files behind the links that customers have"
)


class AttachmentIn(Strict):
    """A file; what it is, its content tells."""

    name = fields.Text(max=200, required=True)
    content = fields.Text(
        max=MOST_CONTENT,
        pattern=BASE64,
        required=True,
        metadata={"description": f"In base64; {LARGEST} bytes at most, with everything 1 MiB a request."},
    )


class AttachmentOut(Strict):
    """What is known of a file; ``file_name`` is the one under which it is offered."""

    id = fields.IdField()
    file_name = fields.Text(max=LONGEST_NAME, attribute="name")
    media_type = fields.Text(max=40)
    size = fields.CountField(least=1, most=LARGEST)
    sha256 = fields.Text(max=64)


def attachments_in() -> Any:
    """Return the field by which a message brings files."""
    return fields.ListOf(fields.Nested(AttachmentIn), least=0, most=MOST_PER_MESSAGE)


def attachments_out() -> Any:
    """Return the field in which a message shows its files."""
    return fields.ListOf(AttachmentOut, least=0)


def set_vault(app: Flask, folder: Path | None) -> None:
    """Let files lie in this folder, else in the database."""
    app.config[_VAULT] = vault_in(folder)


def the_vault() -> Vault:
    """Return where the application that answers now keeps files."""
    found: Vault = current_app.config[_VAULT]
    return found


def read_base64(text: str, field: str) -> bytes:
    """Return the bytes that a text stands for."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise AttachmentRefused(
            "this is not base64", field=field, cure="encode the bytes of the file"
        ) from None


def enclosed(body: Mapping[str, Any]) -> Enclosures | None:
    """Return the files of a message that was sent, if it has any."""
    given: Sequence[Mapping[str, str]] = body.get("attachments") or ()
    if not given:
        return None
    uploads = [
        Upload(each["name"], read_base64(each["content"], f"attachments.{place}.content"))
        for place, each in enumerate(given)
    ]
    return Enclosures(uploads, the_vault(), unguessable_id)


@attachments.file(
    "/<uuid:ticket_id>/attachments/<uuid:attachment_id>",
    media_type=BYTES,
    roles=ANY,
    summary="Fetch a file",
)
def fetch(connection: Connection, ticket_id: str, attachment_id: str) -> File:
    """Give a file of a ticket to be kept, never to be shown by the browser."""
    return _file(connection, attachment_of(connection, ticket_id, attachment_id, only_owner=only_owner()))


@public_attachments.file(
    "/<uuid:token>/attachments/<uuid:attachment_id>",
    media_type=BYTES,
    roles=VISITORS,
    summary="Fetch a file behind a link",
)
def fetch_by_link(connection: Connection, token: str, attachment_id: str) -> File:
    """Give a file of what the link opens to be kept."""
    return _file(connection, attachment_by_link(connection, token, today(), attachment_id))


def _file(connection: Connection, found: Attachment) -> File:
    content = content_of(connection, the_vault(), found)
    return File(found.name, lambda: content, shown=False)
