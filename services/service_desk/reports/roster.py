"""Looking at who is on duty, what everybody has to do, and which tickets are nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, case, select

from services.service_desk.domain.roster import NOTHING, WEIGHT, Load, Moment, OnRoster, Roster
from services.service_desk.domain.ticket import UNRESOLVED
from services.service_desk.reports.tickets import one_ticket
from services.service_desk.store import assignments
from services.service_desk.store.assignments import Assignment
from services.service_desk.store.tables import ticket


@dataclass(frozen=True)
class OnRosterRow(OnRoster):
    """Somebody on the roster, whether on duty on the day and at the moment of the look, and what they have to do."""

    on_duty_today: bool = False
    on_duty_now: bool = False
    load: Load = NOTHING

    @property
    def open_tickets(self) -> int:
        """How many tickets they have."""
        return self.load.tickets

    @property
    def open_weight(self) -> int:
        """What these weigh."""
        return self.load.weight


@dataclass(frozen=True)
class RosterRow:
    """The roster of now."""

    version: int
    people: list[OnRosterRow]
    zone: str | None


def roster_at(connection: Connection, now: datetime, today: date) -> RosterRow:
    """Return who works on what now, and how much they have to do."""
    roster = assignments.current_roster(connection)
    loads = assignments.loads(connection, [each.person_id for each in roster.people])
    at = roster.moment(now, today)
    people = [
        OnRosterRow(
            **vars(each),
            on_duty_today=each.works_on_day(at.day),
            on_duty_now=each.on_duty(at),
            load=loads.get(each.person_id, Load()),
        )
        for each in roster.people
    ]
    return RosterRow(roster.version, people, roster.zone.key if roster.zone else None)


def nobodys_tickets(connection: Connection, *, now: datetime, today: date, limit: int) -> list[str]:
    """Return up to ``limit`` tickets that are nobody's and whose queue has somebody on duty, the most urgent first."""
    roster = assignments.current_roster(connection)
    queues = _manned(roster, roster.moment(now, today))
    this = ticket.c
    query = select(this.id).where(
        this.queue.in_(queues), this.state.in_(UNRESOLVED), this.assignee_id.is_(None)
    )
    urgency = case(WEIGHT, value=this.priority).desc()
    return [str(each) for each in connection.execute(query.order_by(urgency, this.id).limit(limit)).scalars()]


def _manned(roster: Roster, at: Moment) -> set[str]:
    return {queue for each in roster.people if each.on_duty(at) for queue in each.queues}


def assignments_of(connection: Connection, ticket_id: str, *, only_owner: str | None) -> list[Assignment]:
    """Return who a ticket was given to, in turn; refuse one that the caller may not know of."""
    one_ticket(connection, ticket_id, only_owner=only_owner)
    return assignments.of_ticket(connection, ticket_id)
