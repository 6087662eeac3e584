"""What is said on a ticket: by the customer, by the desk to the customer, and among ourselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from libs.common.errors import Invalid, Refused
from services.service_desk.domain.errors import TicketStateRefuses
from services.service_desk.domain.ticket import CLOSES_AFTER, Ticket, take, wait

Side = Literal["customer", "agent"]
Way = Literal["desk", "link", "mail"]

SIDES: tuple[Side, ...] = ("customer", "agent")
WAYS: tuple[Way, ...] = ("desk", "link", "mail")
BY_CUSTOMER = "customer"
"""Who wrote what came by a link or by mail; ``author_name`` is what they call themselves."""


class TicketMerged(Refused):
    """The ticket goes on as another one."""

    code = "ticket_merged"
    usual_cure = "go on with the ticket that it was merged into"


class MessageNotHere(Invalid):
    """A message is named that is not in the conversation of this ticket."""

    code = "message_not_here"
    usual_cure = "list the messages of the ticket with GET /api/v1/tickets/{id}/messages"


@dataclass(frozen=True)
class Message:
    """What the customer may read. ``origin_ticket_id`` is where it was said, ``ticket_id`` where it stands now."""

    id: str
    ticket_id: str
    origin_ticket_id: str
    side: Side
    way: Way
    author_id: str
    text: str
    at: datetime
    author_name: str | None = None


@dataclass(frozen=True)
class Note:
    """What the desk tells itself; it is kept apart from what the customer may read."""

    id: str
    ticket_id: str
    origin_ticket_id: str
    author_id: str
    text: str
    at: datetime


def still_reopens(ticket: Ticket, now: datetime) -> bool:
    """Tell whether a word of the customer takes the resolved ticket up again; later it begins a new one."""
    return ticket.resolved_at is not None and now - ticket.resolved_at <= CLOSES_AFTER


def heard(ticket: Ticket) -> Ticket:
    """Return the ticket after a word of its customer: one that waited for it is open again."""
    return replace(ticket, state="open") if ticket.state == "pending" else ticket


def spoken(ticket: Ticket, by: str, *, waits: bool) -> Ticket:
    """Return the ticket after a word to its customer: who answers a new one has taken it; ``waits`` for the answer."""
    if ticket.state == "closed":
        raise TicketStateRefuses(
            "nothing more is said on a ticket that is closed",
            cure="open a new ticket for the customer",
            state=ticket.state,
        )
    taken = take(ticket, by) if ticket.state == "new" else ticket
    return wait(taken) if waits and taken.state != "pending" else taken
