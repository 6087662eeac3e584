"""Tickets over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, fields, principal
from services.service_desk.api.company import day
from services.service_desk.api.who import OPENERS, WORKERS, of_me, only_owner, worker
from services.service_desk.domain.dispatch import DECIDERS
from services.service_desk.domain.routing import KINDS, QUEUES
from services.service_desk.domain.sla import PRIORITIES
from services.service_desk.domain.ticket import STATES
from services.service_desk.reports.tickets import (
    TicketRow,
    TicketSearch,
    list_tickets,
    one_ticket,
    position_of,
)
from services.service_desk.use_cases.open_ticket import OpenTicket, open_ticket
from services.service_desk.use_cases.work_on_ticket import (
    Resolution,
    close_ticket,
    reopen_ticket,
    resolve_ticket,
    take_ticket,
    wait_for_customer,
)

LONG_TEXT = 10_000

tickets = Noun("tickets", "/api/v1/tickets", description="What customers ask and complain about")


class TicketIn(Strict):
    """A new ticket; the kind decides the queue, unless a rule does. Left out, it is told from the words."""

    customer_id = fields.IdField(required=True)
    kind = fields.Choice(*KINDS, metadata={"description": "Left out: by rules, then by what was learnt."})
    subject = fields.Text(max=200, required=True)
    description = fields.Text(max=LONG_TEXT, multiline=True, allow_none=True)
    order_id = fields.IdField(
        allow_none=True, metadata={"description": "Of which something was shipped to them."}
    )
    item_id = fields.IdField(allow_none=True, metadata={"description": "Which was shipped to them."})
    opened_on = fields.DateField(allow_none=True, metadata={"description": "Left out: today."})
    priority = fields.Choice(*PRIORITIES, metadata={"description": "Left out: normal."})


class ResolutionIn(Strict):
    """The answer to a ticket."""

    resolution = fields.Text(max=LONG_TEXT, multiline=True, required=True)
    resolved_on = fields.DateField(allow_none=True, metadata={"description": "Left out: today."})


class TicketOut(Strict):
    """A ticket."""

    id = fields.IdField()
    number = fields.Text(max=32)
    customer_id = fields.IdField()
    customer_number = fields.Text(max=32)
    customer_name = fields.Text(max=200)
    kind = fields.Choice(*KINDS)
    queue = fields.Choice(*QUEUES)
    state = fields.Choice(*STATES)
    subject = fields.Text(max=200)
    description = fields.Text(max=LONG_TEXT, multiline=True, allow_none=True)
    order_id = fields.IdField(allow_none=True)
    item_id = fields.IdField(allow_none=True)
    opened_by = fields.Text(max=64)
    opened_on = fields.DateField()
    opened_at = fields.UtcField()
    assignee_id = fields.Text(max=64, allow_none=True)
    resolution = fields.Text(max=LONG_TEXT, multiline=True, allow_none=True)
    resolved_on = fields.DateField(allow_none=True)
    resolved_at = fields.UtcField(allow_none=True)
    closed_at = fields.UtcField(allow_none=True)
    priority = fields.Choice(*PRIORITIES)
    version = fields.CountField(least=1)


class TicketFilter(Strict):
    """What to look for."""

    customer_id = fields.IdField()
    state = fields.Choice(*STATES)
    kind = fields.Choice(*KINDS)
    queue = fields.Choice(*QUEUES)
    order_id = fields.IdField()
    item_id = fields.IdField()
    assignee_id = fields.Text(max=64, metadata={"description": "me: the caller."})
    decided_by = fields.Choice(
        *DECIDERS,
        metadata={"description": "Not those that a person has corrected since; nobody: the triage."},
    )


@tickets.command(
    "POST",
    "/",
    body=TicketIn,
    answer=TicketOut,
    status=201,
    roles=OPENERS,
    location="/api/v1/tickets/{id}",
    summary="Open a ticket",
)
def open_(tx: Transaction, body: dict[str, Any]) -> TicketRow:
    """Open a ticket; it lies in the queue of its kind."""
    asked: dict[str, Any] = {"kind": None} | body
    command = OpenTicket(opened_by=principal().subject, today=day(tx.now), only_owner=only_owner(), **asked)
    return _shown(tx, open_ticket(tx, command).id)


@tickets.query("/", answer=TicketOut, roles=ANY, filters=TicketFilter, paged=True, summary="Find tickets")
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List tickets, the latest first."""
    wanted = TicketSearch(only_owner=only_owner(), **of_me(filters))
    rows = list_tickets(connection, wanted, after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=position_of)


@tickets.query("/<uuid:ticket_id>", answer=TicketOut, roles=ANY, summary="Look at a ticket")
def show(connection: Connection, ticket_id: str) -> TicketRow:
    """Show a ticket."""
    return one_ticket(connection, ticket_id, only_owner=only_owner())


@tickets.command(
    "POST", "/<uuid:ticket_id>/take", answer=TicketOut, roles=WORKERS, summary="Work on a ticket"
)
def take(tx: Transaction, ticket_id: str) -> TicketRow:
    """Become the one who works on the ticket."""
    return _shown(tx, take_ticket(tx, ticket_id, worker()).id)


@tickets.command(
    "POST", "/<uuid:ticket_id>/wait", answer=TicketOut, roles=WORKERS, summary="Wait for the customer"
)
def wait(tx: Transaction, ticket_id: str) -> TicketRow:
    """Put the ticket aside until the customer answers."""
    return _shown(tx, wait_for_customer(tx, ticket_id, worker()).id)


@tickets.command(
    "POST",
    "/<uuid:ticket_id>/resolve",
    body=ResolutionIn,
    answer=TicketOut,
    roles=WORKERS,
    summary="Answer a ticket",
)
def resolve(tx: Transaction, body: dict[str, Any], ticket_id: str) -> TicketRow:
    """Answer the ticket; it closes by itself after two weeks."""
    resolution = Resolution(body["resolution"], day(tx.now), body.get("resolved_on"))
    return _shown(tx, resolve_ticket(tx, ticket_id, worker(), resolution).id)


@tickets.command(
    "POST", "/<uuid:ticket_id>/reopen", answer=TicketOut, roles=WORKERS, summary="Reopen a ticket"
)
def reopen(tx: Transaction, ticket_id: str) -> TicketRow:
    """Take a resolved ticket up again."""
    return _shown(tx, reopen_ticket(tx, ticket_id, worker()).id)


@tickets.command("POST", "/<uuid:ticket_id>/close", answer=TicketOut, roles=WORKERS, summary="Close a ticket")
def close(tx: Transaction, ticket_id: str) -> TicketRow:
    """Close a resolved ticket for good."""
    return _shown(tx, close_ticket(tx, ticket_id, worker()).id)


def _shown(tx: Transaction, ticket_id: str) -> TicketRow:
    """Return the ticket as it is shown; whoever could change it may see it."""
    return one_ticket(tx.connection, ticket_id, only_owner=None)
