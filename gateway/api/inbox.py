"""What waits for the caller's yes, of every service: one list for the desk and for the phone."""

from __future__ import annotations

from typing import Any

from gateway.api.anything import Anything
from gateway.api.direct import direct
from gateway.api.parts import parts
from gateway.inbox.merge import Part, Waiting
from libs.common.web import ANY, Noun, Strict, fields, principal

inbox = Noun("inbox", "/api/v1/inbox", description="What waits for you, of every service")


class WaitingOut(Strict):
    """An approval that waits for you; to decide, post to ``<address>/decide``."""

    source = fields.Text(max=32, metadata={"description": "The service that asks."})
    address = fields.Text(max=200)
    id = fields.IdField()
    document = fields.Text(max=32)
    document_id = fields.IdField()
    number = fields.Text(max=64)
    requested_by = fields.Text(max=64)
    requested_at = fields.Text(max=40)
    version = fields.CountField(least=1)
    facts = Anything(metadata={"description": "What the document says; other names for each kind."})
    steps = Anything(metadata={"description": "The steps as the service shows them."})


class InboxPartOut(Strict):
    """Whether a service told what waits; ``more``: it has more than it told here."""

    status = fields.Choice("ok", "unavailable", "denied")
    count = fields.CountField()
    more = fields.Flag()
    as_of = fields.UtcField(allow_none=True)
    since = fields.UtcField(allow_none=True, metadata={"description": "When the service stopped answering."})
    problem = Anything(allow_none=True)


class InboxPartsOut(Strict):
    """The parts by service."""

    sales = fields.Nested(InboxPartOut)
    finance = fields.Nested(InboxPartOut)
    inventory = fields.Nested(InboxPartOut)


class InboxOut(Strict):
    """What waits for you, what waits longest first."""

    items = fields.ListOf(WaitingOut, least=0)
    sections = fields.Nested(InboxPartsOut)


@direct(inbox, "GET", "", roles=ANY, answer=InboxOut, summary="What waits for you")
def show() -> dict[str, Any]:
    """List what waits for you, by role, by name, as a superior or as a deputy; a service that is down is named."""
    found = parts().inboxes.of(principal())
    return {
        "items": [_shown(each) for each in found.waiting],
        "sections": {service: _part(part) for service, part in found.parts.items()},
    }


def _shown(waiting: Waiting) -> dict[str, Any]:
    own = {"source": waiting.source, "address": waiting.address, "facts": waiting.approval["said"]}
    return {**waiting.approval, **own}


def _part(part: Part) -> dict[str, Any]:
    return {**vars(part), "count": len(part.waiting)}
