"""What happened to an order, from every service's own record."""

from __future__ import annotations

from typing import Any

from gateway.api.anything import Anything
from gateway.api.direct import direct
from gateway.api.parts import parts
from gateway.clients.services import ServiceUnavailable
from gateway.timeline.merge import Entry
from gateway.timeline.rights import shown_to
from gateway.timeline.summaries import summary
from libs.common.web import ANY, Noun, Principal, Strict, fields, principal

timeline = Noun(
    "order time-line", "/api/v1/orders", description="Every event of every service, with its cause"
)
_BIG = 2**63 - 1


class EntryOut(Strict):
    """One message."""

    at = fields.UtcField(metadata={"description": "When the service recorded it."})
    service = fields.Text(max=32)
    type = fields.Text(max=120)
    kind = fields.Choice("event", "command")
    id = fields.Text(max=64)
    cause = fields.Text(
        max=64, allow_none=True, metadata={"description": "Id of the message that led to it."}
    )
    aggregate = fields.Text(max=64)
    sequence = fields.CountField(most=_BIG)
    summary = fields.Text(max=1000)
    actor = fields.Text(max=120, allow_none=True)
    data = Anything(
        metadata={"description": "What goods cost, and credit, are null to those who may not know."}
    )


class PartOut(Strict):
    """Whether a service told its part."""

    status = fields.Choice("ok", "unavailable")
    since = fields.UtcField(allow_none=True)
    problem = Anything(allow_none=True)


class TimelineOut(Strict):
    """The time-line; causes stand before their effects."""

    order_id = fields.IdField()
    number = fields.Text(max=64, allow_none=True)
    state = fields.Text(max=32, allow_none=True)
    conversation_id = fields.Text(max=64)
    entries = fields.ListOf(EntryOut)
    sections = Anything(metadata={"description": "By service: status, since, problem."})


@direct(
    timeline,
    "GET",
    "/<uuid:order_id>/timeline",
    roles=ANY,
    answer=TimelineOut,
    summary="Everything that happened to an order, in order",
    refusals=(404,),
)
def order_timeline(order_id: str) -> dict[str, Any]:
    """Tell an order's story; a service that is down is named as missing."""
    here, who = parts(), principal()
    told = here.timelines.of(order_id, who)
    sections = {name: PartOut().dump(_part(told.silent.get(name))) for name in here.services.names}
    return {
        "order_id": order_id,
        "number": told.order.get("number"),
        "state": told.order.get("state"),
        "conversation_id": told.order.get("conversation_id") or order_id,
        "entries": [_shown(entry, who) for entry in told.entries],
        "sections": sections,
    }


def _shown(entry: Entry, who: Principal) -> dict[str, Any]:
    data = shown_to(who, entry.type, entry.data)
    return {**vars(entry), "data": data, "summary": summary(entry.type, data)}


def _part(silent: ServiceUnavailable | None) -> dict[str, Any]:
    if silent is None:
        return {"status": "ok", "since": None, "problem": None}
    problem = {"code": silent.code, "detail": silent.detail}
    return {"status": "unavailable", "since": parts().services.down_since(silent.service), "problem": problem}
