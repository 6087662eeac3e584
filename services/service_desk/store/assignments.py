"""Who tickets were given to, the roster, and how much everybody has to do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from libs.common.db import Transaction, lock_series
from services.service_desk.domain.roster import Load, Means, Roster, roster_from, weight_of
from services.service_desk.domain.ticket import UNRESOLVED
from services.service_desk.store import policies
from services.service_desk.store.assignment_tables import ticket_assignment
from services.service_desk.store.tables import ticket

ROSTER = "roster"


@dataclass(frozen=True)
class Assignment:
    """Who a ticket was given to, by whom and by which means; nobody where nobody was on duty."""

    assignee_id: str | None
    means: Means
    by: str
    at: datetime
    roster_version: int


def current_roster(connection: Connection) -> Roster:
    """Return who works on what now."""
    stored = policies.current(connection, ROSTER)
    return Roster() if stored is None else roster_from(stored.body, stored.version)


def lock(tx: Transaction) -> None:
    """Let nobody else hand out tickets until the commit: who counts what others have to do must see all of it."""
    lock_series(tx, "ticket_assignment")


def loads(connection: Connection, people: Collection[str]) -> dict[str, Load]:
    """Return what each of these people has to do."""
    this = ticket.c
    query = select(this.assignee_id, this.priority, this.state, func.count()).where(
        this.assignee_id.in_(people), this.state.in_(UNRESOLVED)
    )
    found = {person: Load(last_at=at) for person, at in _last(connection, people).items()}
    for person, priority, state, count in connection.execute(
        query.group_by(this.assignee_id, this.priority, this.state)
    ):
        before = found.get(person, Load())
        weight = before.weight + count * weight_of(priority, state)
        found[person] = Load(before.tickets + count, weight, before.last_at)
    return found


def _last(connection: Connection, people: Collection[str]) -> dict[str, datetime]:
    this = ticket_assignment.c
    query = select(this.assignee_id, func.max(this.at)).where(this.assignee_id.in_(people))
    rows = connection.execute(query.group_by(this.assignee_id))
    return {row[0]: row[1] for row in rows}


def add(tx: Transaction, ticket_id: str, new: Assignment) -> None:
    """Store who a ticket was given to; the ticket is kept to this transaction, so its rows are counted safely."""
    this = ticket_assignment.c
    count = select(func.coalesce(func.max(this.no), 0) + 1).where(this.ticket_id == ticket_id)
    values = vars(new) | {"ticket_id": ticket_id, "no": count.scalar_subquery()}
    tx.connection.execute(insert(ticket_assignment).values(**values))


def of_ticket(connection: Connection, ticket_id: str) -> list[Assignment]:
    """Return who a ticket was given to, in turn."""
    this = ticket_assignment.c
    columns = (this.assignee_id, this.means, this.by, this.at, this.roster_version)
    query = select(*columns).where(this.ticket_id == ticket_id).order_by(this.no)
    return [Assignment(**row._asdict()) for row in connection.execute(query)]
