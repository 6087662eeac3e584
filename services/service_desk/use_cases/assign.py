"""Give a ticket to somebody: to who has the least to do, or to who took it; and tell of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.service_desk.domain.cause import BY_ITSELF
from services.service_desk.domain.roster import Means, next_of, weight_of
from services.service_desk.domain.ticket import Ticket
from services.service_desk.events import TicketAssigned
from services.service_desk.store import assignments
from services.service_desk.store.assignments import Assignment


def by_load(tx: Transaction, ticket: Ticket, today: date) -> Ticket:
    """Return a ticket that is nobody's as that of who has the least to do of those on duty now, if anybody is.

    Nobody else hands out tickets until the commit: of many at once each sees what those before it were given.
    """
    if ticket.assignee_id is not None:
        return ticket
    roster = assignments.current_roster(tx.connection)
    if not roster.people:
        return ticket
    # Also where nobody is found: a transaction that opens several tickets takes this lock before it takes numbers.
    assignments.lock(tx)
    people = roster.on_duty(roster.moment(tx.now, today), ticket.queue)
    if not people:
        return ticket
    loads = assignments.loads(tx.connection, [each.person_id for each in people])
    return replace(ticket, assignee_id=next_of(people, loads, weight_of(ticket.priority, ticket.state)))


def note_assigned(
    tx: Transaction, previous_id: str | None, ticket: Ticket, means: Means, by: str = BY_ITSELF
) -> None:
    """Keep and tell who works on a stored ticket from now on, if that is somebody else than before."""
    if ticket.assignee_id == previous_id:
        return
    roster = assignments.current_roster(tx.connection)
    assignments.add(tx, ticket.id, Assignment(ticket.assignee_id, means, by, tx.now, roster.version))
    event = TicketAssigned(
        ticket_id=ticket.id,
        number=ticket.number,
        customer_id=ticket.customer_id,
        queue=ticket.queue,
        priority=ticket.priority,
        means=means,
        by=by,
        assignee_id=ticket.assignee_id,
        previous_assignee_id=previous_id,
    )
    publish(tx, event, correlation_id=ticket.correlation_id)
