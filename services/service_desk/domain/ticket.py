"""A ticket and its life: new, open, pending (waits for the customer), resolved, closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from services.service_desk.domain.errors import ResolvedBeforeOpened, TicketStateRefuses
from services.service_desk.domain.routing import Kind, Queue
from services.service_desk.domain.sla import Priority

State = Literal["new", "open", "pending", "resolved", "closed"]
Act = Literal["take", "wait", "resolve", "reopen", "close"]

STATES: tuple[State, ...] = ("new", "open", "pending", "resolved", "closed")
UNRESOLVED: frozenset[State] = frozenset({"new", "open", "pending"})
RESOLVED: frozenset[State] = frozenset({"resolved", "closed"})
CLOSES_AFTER = timedelta(days=14)
NUMBER_DIGITS = 6

MOVES: dict[Act, tuple[frozenset[State], State]] = {
    "take": (UNRESOLVED, "open"),
    "wait": (frozenset({"new", "open"}), "pending"),
    "resolve": (UNRESOLVED, "resolved"),
    "reopen": (frozenset({"resolved"}), "open"),
    "close": (frozenset({"resolved"}), "closed"),
}


@dataclass(frozen=True)
class Ticket:
    """What a customer asks or complains about.

    ``order_id`` and ``item_id`` name what the customer holds and the ticket is about. ``assignee_id`` is who
    works on it. ``opened_on`` and ``resolved_on`` are the days that count for the customer; the times are those
    of the record. ``correlation_id`` is the conversation of the order, else the ticket itself.
    """

    id: str
    number: str
    customer_id: str
    kind: Kind
    queue: Queue
    subject: str
    opened_by: str
    opened_on: date
    opened_at: datetime
    correlation_id: str
    description: str | None = None
    order_id: str | None = None
    item_id: str | None = None
    state: State = "new"
    assignee_id: str | None = None
    resolution: str | None = None
    resolved_on: date | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 1
    priority: Priority = "normal"


def ticket_number(count: int) -> str:
    """Return the ``count``-th ticket number: T-000001, T-000002 ..."""
    return f"T-{count:0{NUMBER_DIGITS}d}"


def rerouted(ticket: Ticket, kind: Kind, queue: Queue) -> Ticket:
    """Return the ticket as it is about something else; in another queue nobody works on it yet."""
    if ticket.state not in UNRESOLVED:
        raise TicketStateRefuses(
            f"a ticket that is {ticket.state} cannot be routed", cure="reopen it first", state=ticket.state
        )
    assignee_id = ticket.assignee_id if queue == ticket.queue else None
    return replace(ticket, kind=kind, queue=queue, assignee_id=assignee_id)


def given_to(ticket: Ticket, assignee_id: str | None) -> Ticket:
    """Return the ticket as somebody else is to work on it, in the state in which it is."""
    if ticket.state not in UNRESOLVED:
        raise TicketStateRefuses(
            f"a ticket that is {ticket.state} is given to nobody", cure="reopen it first", state=ticket.state
        )
    return replace(ticket, assignee_id=assignee_id)


def take(ticket: Ticket, by: str) -> Ticket:
    """Return the ticket as ``by`` works on it, also when it waited or was another's."""
    return replace(_moved(ticket, "take"), assignee_id=by)


def wait(ticket: Ticket) -> Ticket:
    """Return the ticket as it waits for the customer."""
    return _moved(ticket, "wait")


def resolve(ticket: Ticket, resolution: str, on: date, now: datetime) -> Ticket:
    """Return the ticket with its answer; it closes by itself ``CLOSES_AFTER`` later."""
    moved = _moved(ticket, "resolve")
    if on < ticket.opened_on:
        raise ResolvedBeforeOpened(
            f"the ticket was opened on {ticket.opened_on.isoformat()}",
            field="resolved_on",
            cure="give that day or a later one",
            opened_on=ticket.opened_on,
        )
    return replace(moved, resolution=resolution, resolved_on=on, resolved_at=now)


def reopen(ticket: Ticket) -> Ticket:
    """Return the ticket as it is worked on again, because the answer did not help."""
    return replace(_moved(ticket, "reopen"), resolution=None, resolved_on=None, resolved_at=None)


def close(ticket: Ticket, now: datetime) -> Ticket:
    """Return the ticket as nobody will touch it again."""
    return replace(_moved(ticket, "close"), closed_at=now)


def _moved(ticket: Ticket, act: Act) -> Ticket:
    allowed, state = MOVES[act]
    if ticket.state not in allowed:
        raise TicketStateRefuses(
            f"a ticket that is {ticket.state} cannot {_PASSIVE[act]}",
            cure=f"this can be done while it is {' or '.join(name for name in STATES if name in allowed)}",
            state=ticket.state,
        )
    return replace(ticket, state=state)


_PASSIVE: dict[Act, str] = {
    "take": "be taken",
    "wait": "be put on hold",
    "resolve": "be resolved",
    "reopen": "be reopened",
    "close": "be closed",
}
