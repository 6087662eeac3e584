"""Tickets that become one, come of one, or follow one, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Strict, fields
from services.service_desk.api.company import day
from services.service_desk.api.tickets import TicketOut
from services.service_desk.api.who import WORKERS, only_owner, worker
from services.service_desk.domain.relation import TIES
from services.service_desk.domain.routing import KINDS
from services.service_desk.reports.conversation import relations_of
from services.service_desk.reports.tickets import TicketRow, one_ticket
from services.service_desk.use_cases.join_tickets import SplitOff, merge_ticket, split_ticket

MOST_MESSAGES = 200
relations = Noun("relations", "/api/v1/tickets", description="How tickets hang together")


class MergeIn(Strict):
    """The ticket that is kept."""

    into_ticket_id = fields.IdField(required=True)


class SplitIn(Strict):
    """What goes on in a ticket of its own; the kind decides its queue."""

    message_ids = fields.ListOf(fields.IdField(), most=MOST_MESSAGES, required=True)
    subject = fields.Text(max=200, required=True)
    kind = fields.Choice(*KINDS, metadata={"description": "Left out: that of the ticket it comes of."})


class RelationOut(Strict):
    """``ticket_id`` is merged into, was split from, or follows ``other_id``."""

    ticket_id = fields.IdField()
    tie = fields.Choice(*TIES)
    other_id = fields.IdField()
    by = fields.Text(max=64)
    at = fields.UtcField()


class RelationsOut(Strict):
    """Everything that a ticket hangs together with."""

    relations = fields.ListOf(RelationOut, least=0)


@relations.command(
    "POST",
    "/<uuid:ticket_id>/merge",
    body=MergeIn,
    answer=TicketOut,
    roles=WORKERS,
    summary="Merge it into another ticket",
)
def merge(tx: Transaction, body: dict[str, Any], ticket_id: str) -> TicketRow:
    """Close the ticket; what was said on it goes on in the other one, which is answered with."""
    kept = merge_ticket(tx, ticket_id, body["into_ticket_id"], worker(), day(tx.now))
    return one_ticket(tx.connection, kept.id, only_owner=None)


@relations.command(
    "POST",
    "/<uuid:ticket_id>/split",
    body=SplitIn,
    answer=TicketOut,
    status=201,
    roles=WORKERS,
    location="/api/v1/tickets/{id}",
    summary="Split messages into a ticket of their own",
)
def split(tx: Transaction, body: dict[str, Any], ticket_id: str) -> TicketRow:
    """Open a ticket in which the chosen messages go on."""
    wanted = SplitOff(body["message_ids"], body["subject"], day(tx.now), body.get("kind"))
    return one_ticket(tx.connection, split_ticket(tx, ticket_id, worker(), wanted).id, only_owner=None)


@relations.query(
    "/<uuid:ticket_id>/relations", answer=RelationsOut, roles=ANY, summary="What it hangs together with"
)
def show(connection: Connection, ticket_id: str) -> dict[str, Any]:
    """Show what was merged into it, split from it, or follows it, and the other way round."""
    return {"relations": relations_of(connection, ticket_id, only_owner=only_owner())}
