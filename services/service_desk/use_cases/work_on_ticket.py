"""Work on a ticket: take it, wait for the customer, resolve, reopen, close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from services.service_desk.domain import ticket as life
from services.service_desk.domain.dates import day_of
from services.service_desk.domain.errors import TicketNotFound
from services.service_desk.domain.routing import require_worker_of
from services.service_desk.domain.ticket import CLOSES_AFTER, Ticket
from services.service_desk.events import TicketClosed, TicketReopened, TicketResolved
from services.service_desk.store import tickets
from services.service_desk.use_cases.ask_satisfaction import ask_satisfaction, withdraw_question
from services.service_desk.use_cases.assign import note_assigned
from services.service_desk.use_cases.run_clock import pause_clock, resume_clock, stop_clock


@dataclass(frozen=True)
class Worker:
    """Who works on a ticket, and on which version they believe they do (``None``: on whatever there is)."""

    subject: str
    roles: frozenset[str]
    expected_version: int | None = None


@dataclass(frozen=True)
class Resolution:
    """The answer to a ticket; ``today`` is the company's day."""

    text: str
    today: date
    resolved_on: date | None = None


def take_ticket(tx: Transaction, ticket_id: str, worker: Worker) -> Ticket:
    """Let ``worker`` work on the ticket from now on; taking what is one's own already changes nothing."""
    ticket = locked_ticket(tx, ticket_id, worker)
    taken = life.take(ticket, worker.subject)
    if taken == ticket:
        return ticket
    resume_clock(tx, ticket)
    saved = tickets.save(tx.connection, taken, tx.now)
    note_assigned(tx, ticket.assignee_id, saved, "taken", worker.subject)
    return saved


def wait_for_customer(tx: Transaction, ticket_id: str, worker: Worker) -> Ticket:
    """Put the ticket aside until the customer answers."""
    ticket = locked_ticket(tx, ticket_id, worker)
    waiting = life.wait(ticket)
    pause_clock(tx, ticket)
    return tickets.save(tx.connection, waiting, tx.now)


def resolve_ticket(tx: Transaction, ticket_id: str, worker: Worker, resolution: Resolution) -> Ticket:
    """Answer the ticket, tell of it, and ask the customer how content he is."""
    ticket = locked_ticket(tx, ticket_id, worker)
    on = day_of(resolution.resolved_on, resolution.today, "resolved_on")
    resolved = life.resolve(ticket, resolution.text, on, tx.now)
    stop_clock(tx, ticket)
    saved = tickets.save(tx.connection, resolved, tx.now)
    event = TicketResolved(saved.id, saved.number, saved.customer_id, resolution.text, on)
    publish(tx, event, correlation_id=saved.correlation_id)
    ask_satisfaction(tx, saved, worker.subject, resolution.today)
    return saved


def reopen_ticket(tx: Transaction, ticket_id: str, worker: Worker) -> Ticket:
    """Take a resolved ticket up again and tell of it."""
    return reopen_locked(tx, locked_ticket(tx, ticket_id, worker))


def reopen_locked(tx: Transaction, ticket: Ticket) -> Ticket:
    """Take up a resolved ticket that is kept to this transaction, ask no longer about it, and tell of it."""
    reopened = life.reopen(ticket)
    resume_clock(tx, ticket)
    saved = tickets.save(tx.connection, reopened, tx.now)
    withdraw_question(tx, saved)
    publish(
        tx, TicketReopened(saved.id, saved.number, saved.customer_id), correlation_id=saved.correlation_id
    )
    return saved


def close_ticket(tx: Transaction, ticket_id: str, worker: Worker) -> Ticket:
    """Close a resolved ticket and tell of it."""
    return close_locked(tx, locked_ticket(tx, ticket_id, worker))


def close_overdue_tickets(tx: Transaction, limit: int) -> int:
    """Close up to ``limit`` tickets that were resolved long enough ago, and tell of it; return how many."""
    overdue = tickets.lock_resolved_before(tx.connection, tx.now - CLOSES_AFTER, limit)
    for ticket in overdue:
        close_locked(tx, ticket)
    return len(overdue)


def close_locked(tx: Transaction, ticket: Ticket) -> Ticket:
    """Close a resolved ticket that is kept to this transaction, and tell of it."""
    saved = tickets.save(tx.connection, life.close(ticket, tx.now), tx.now)
    publish(tx, TicketClosed(saved.id, saved.number, saved.customer_id), correlation_id=saved.correlation_id)
    return saved


def locked_ticket(tx: Transaction, ticket_id: str, worker: Worker) -> Ticket:
    """Return the ticket, kept to this transaction; refuse whom it is not for, and a version that is not the last."""
    ticket = tickets.lock(tx.connection, ticket_id)
    if ticket is None:
        raise TicketNotFound("there is no such ticket", field="ticket_id", cure="list the tickets")
    require_worker_of(ticket.queue, worker.roles)
    if worker.expected_version not in (None, ticket.version):
        raise VersionMismatch(
            f"ticket {ticket.number} is at version {ticket.version}", cure="read it again and repeat"
        )
    return ticket
