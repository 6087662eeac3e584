"""The messages that a service could not handle, for administrators: listed, looked at, and let be tried again.

Only what lies in the service's own database is shown here: a web process never speaks to the broker. What the broker
gave up delivering is shown by ``meridian dead``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from libs.common.db import Transaction
from libs.common.inbox import dead
from libs.common.web.fields import Choice, CountField, IdField, Text, UtcField
from libs.common.web.noun import Noun
from libs.common.web.paging import Page, PageRequest
from libs.common.web.principal import principal
from libs.common.web.schema import Strict

_ADMINS = ("admin",)
_STATES = ("retry", "dead")
_LONGEST_NAME = 255
_LONGEST_ERROR = 4000
_LONGEST_MESSAGE = 2**20


class ParkedFilter(Strict):
    """Which messages."""

    state = Choice(
        *_STATES, metadata={"description": "retry: is tried again by itself; dead: waits for a person."}
    )


class ParkedOut(Strict):
    """A message that could not be handled; ``reason`` is a word of the machine, ``error`` what was said."""

    id = IdField()
    event_id = Text(max=_LONGEST_NAME)
    type = Text(max=_LONGEST_NAME)
    source = Text(max=_LONGEST_NAME)
    partition_key = Text(
        max=_LONGEST_NAME, metadata={"description": "Later messages of it wait behind this one."}
    )
    sequence = CountField(most=2**63 - 1)
    state = Choice(*_STATES)
    reason = Text(max=64)
    error_type = Text(max=120, least=0)
    error = Text(max=_LONGEST_ERROR, least=0, multiline=True)
    attempts = CountField()
    next_at = UtcField(allow_none=True, metadata={"description": "When it is tried again by itself."})
    first_seen = UtcField()


class ParkedWhole(ParkedOut):
    """A message with all that it says."""

    envelope = Text(
        max=_LONGEST_MESSAGE, least=0, multiline=True, metadata={"description": "As it came: JSON."}
    )


class RetryIn(Strict):
    """Why it is tried again; it is kept with the act. ``reason`` is the machine's word for why it is parked."""

    comment = Text(max=500, required=True)


def parked_noun(service: str) -> Noun:
    """Return the noun ``/api/v1/parked-messages/<service>``; each application registers its own."""
    parked = Noun(
        "parked_messages",
        f"/api/v1/parked-messages/{service.replace('_', '-')}",
        description="Messages that could not be handled",
    )

    @parked.query(
        "/",
        answer=ParkedOut,
        roles=_ADMINS,
        filters=ParkedFilter,
        paged=True,
        summary="Parked, the oldest first",
    )
    def index(connection: Connection, filters: dict[str, str], page: PageRequest) -> Page:
        """List what could not be handled and lies in this service's database."""
        after = str(page.after[0]) if page.after else None
        found = dead.list_parked(connection, state=filters.get("state"), after=after, limit=page.limit + 1)
        return Page.of(found, page, key=lambda message: (message.id,))

    @parked.query("/<uuid:parked_id>", answer=ParkedWhole, roles=_ADMINS, summary="One message, whole")
    def show(connection: Connection, parked_id: str) -> dead.ParkedMessage:
        """Show one message with all that it says."""
        return dead.show(connection, parked_id)

    @parked.command(
        "POST",
        "/<uuid:parked_id>/retry",
        body=RetryIn,
        answer=ParkedOut,
        roles=_ADMINS,
        summary="Let it be tried again now",
    )
    def retry(tx: Transaction, body: dict[str, Any], parked_id: str) -> dead.ParkedMessage:
        """Let a message be tried again now; those that wait behind it follow in order."""
        dead.retry(tx, parked_id, dead.Order(principal().subject, body["comment"]))
        return dead.show(tx.connection, parked_id)

    return parked
