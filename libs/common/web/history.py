"""The messages of this service: those of a conversation, for an order's time-line in the gateway, or the newest.

The newest tell the gateway what changed. A message that is committed after one with a higher number may be passed
over there: who must hear each of them subscribes instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from libs.common.envelope import Message
from libs.common.errors import Forbidden
from libs.common.outbox import event_log
from libs.common.web.fields import CountField, Field, Text, UtcField
from libs.common.web.noun import Noun
from libs.common.web.paging import Page, PageRequest
from libs.common.web.principal import ANY, principal
from libs.common.web.schema import Strict


class AnyObject(Field[Any]):
    """The data of a message, as they were sent."""


class EventFilter(Strict):
    """Which conversation, or after which message; with neither, the last message alone."""

    correlation_id = Text(max=64)
    since = CountField(
        most=2**63 - 1, metadata={"description": "The `seq` of the last message that is known."}
    )


class EventOut(Strict):
    """One message."""

    seq = CountField(most=2**63 - 1, metadata={"description": "Order of recording in this service."})
    id = Text(max=64)
    type = Text(max=120)
    kind = Text(max=8)
    source = Text(max=64)
    time = UtcField()
    recorded_at = UtcField()
    partition_key = Text(max=64)
    sequence = CountField(most=2**63 - 1)
    correlation_id = Text(max=64)
    causation_id = Text(max=64, allow_none=True)
    actor = Text(max=120, allow_none=True)
    traceparent = Text(max=64, allow_none=True)
    data = AnyObject()


def history_noun() -> Noun:
    """Return the noun ``/api/v1/events``; each application registers its own."""
    events = Noun("events", "/api/v1/events", description="Messages of a conversation (for the gateway)")

    @events.query(
        "/", answer=EventOut, roles=ANY, filters=EventFilter, paged=True, summary="Messages in order"
    )
    def conversation(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
        if not principal().is_gateway:
            raise Forbidden(
                "Only the gateway may read this.", cure="Ask the gateway for the time-line of the order."
            )
        return _messages(connection, filters, page)

    return events


def _messages(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    columns = event_log.c
    statement = select(columns.seq, columns.recorded_at, columns.envelope)
    if not filters:
        last = connection.execute(statement.order_by(columns.seq.desc()).limit(1)).all()
        return Page([_shown(row.seq, row.recorded_at, row.envelope) for row in last], None)
    if "correlation_id" in filters:
        statement = statement.where(columns.correlation_id == filters["correlation_id"])
    if "since" in filters:
        statement = statement.where(columns.seq > filters["since"])
    if page.after is not None:
        (seq,) = page.after
        statement = statement.where(columns.seq > int(seq))
    rows = connection.execute(statement.order_by(columns.seq).limit(page.limit + 1)).all()
    return Page.of(
        [_shown(row.seq, row.recorded_at, row.envelope) for row in rows], page, key=lambda row: (row["seq"],)
    )


def _shown(seq: int, recorded_at: datetime, envelope: str) -> dict[str, Any]:
    return {"seq": seq, "recorded_at": recorded_at, **vars(Message.from_bytes(envelope.encode()))}
