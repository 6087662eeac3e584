"""Run the clock of a ticket: start it, answer, pause, go on, stop, and tell what is near or was missed, once."""

from __future__ import annotations

from collections.abc import Callable

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.service_desk.domain import clock as rules
from services.service_desk.domain.clock import Clock, News, Promise
from services.service_desk.domain.customer import Customer
from services.service_desk.domain.sla import SlaPolicy, from_data
from services.service_desk.domain.ticket import Ticket
from services.service_desk.events import TicketDeadlineMissed, TicketDeadlineNear
from services.service_desk.store import clocks, policies, tickets

SLA = "sla"


def start_clock(tx: Transaction, ticket: Ticket, customer: Customer) -> Clock:
    """Start the clock of a ticket that was just opened, by the policy of now."""
    stored = policies.current(tx.connection, SLA)
    assert stored is not None, "the first version comes with the tables"
    policy = from_data(stored.body, stored.version)
    target = policy.target_for(ticket.priority, ticket.kind, customer.group_name)
    clock = rules.started(ticket.id, policy, target, tx.now)
    clocks.add(tx.connection, clock)
    return clock


def note_answer(tx: Transaction, ticket: Ticket) -> None:
    """Note that the customer has an answer: of the first one the time is kept. The ticket is locked before."""
    _change(tx, ticket, lambda clock, _: rules.answered(clock, tx.now))


def pause_clock(tx: Transaction, ticket: Ticket) -> None:
    """Let no time pass while the customer is waited for."""
    _change(tx, ticket, lambda clock, _: rules.paused(clock, tx.now))


def resume_clock(tx: Transaction, ticket: Ticket) -> None:
    """Let time pass again, with as much left as when the clock stopped."""
    _change(tx, ticket, lambda clock, policy: rules.resumed(clock, policy.calendar, tx.now))


def stop_clock(tx: Transaction, ticket: Ticket) -> None:
    """Note that the ticket is solved."""
    _change(tx, ticket, lambda clock, _: rules.solved(clock, tx.now))


def look_at_clock(tx: Transaction, ticket_id: str) -> bool:
    """Tell what is new of a ticket's deadlines; return whether anything was."""
    ticket = tickets.lock(tx.connection, ticket_id)
    assert ticket is not None, "tickets never go away"
    return _change(tx, ticket, lambda clock, _: clock)


def _change(tx: Transaction, ticket: Ticket, change: Callable[[Clock, SlaPolicy], Clock]) -> bool:
    """Change the clock of a locked ticket; what has passed by now is told first, whoever noticed it."""
    before = clocks.lock(tx.connection, ticket.id)
    if before is None:
        return False
    seen, news = rules.noticed(before, tx.now)
    stored = policies.known(tx.connection, SLA, before.policy_version)
    after = change(seen, from_data(stored.body, stored.version))
    if after != before:
        clocks.save(tx.connection, after)
    for promise, what in news:
        _tell(tx, ticket, seen, promise, what)
    return bool(news)


def _tell(tx: Transaction, ticket: Ticket, clock: Clock, promise: Promise, what: News) -> None:
    fact = TicketDeadlineMissed if what == "missed" else TicketDeadlineNear
    event = fact(
        ticket_id=ticket.id,
        number=ticket.number,
        customer_id=ticket.customer_id,
        promise=promise,
        due_at=getattr(clock, promise).due_at,
        queue=ticket.queue,
        priority=ticket.priority,
        assignee_id=ticket.assignee_id,
    )
    publish(tx, event, correlation_id=ticket.correlation_id)
