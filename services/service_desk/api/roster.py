"""Who is on duty, and who works on which ticket, over HTTP."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Strict, expected_version, fields, principal
from services.service_desk.api.company import day, now, zone
from services.service_desk.api.hours import WeekOfHours, read_hours, written_hours
from services.service_desk.api.tickets import TicketOut
from services.service_desk.api.who import WORKERS, only_owner, worker
from services.service_desk.domain.duty_hours import WEEKDAYS
from services.service_desk.domain.roster import (
    FULL_TIME,
    MEANS,
    MOST_ABSENCES,
    MOST_CAPACITY,
    MOST_PEOPLE,
    WORKDAYS,
    Absence,
    OnRoster,
    Roster,
)
from services.service_desk.domain.routing import QUEUES
from services.service_desk.reports.roster import RosterRow, assignments_of, roster_at
from services.service_desk.reports.tickets import TicketRow, one_ticket
from services.service_desk.use_cases.share_work import define_roster, reassign_ticket

roster = Noun("roster", "/api/v1", description="Who is on duty at the desk, and who works on which ticket")


class AbsenceShape(Strict):
    """Away on these days, both included."""

    since = fields.DateField(required=True)
    until = fields.DateField(required=True)
    reason = fields.Text(max=200, allow_none=True)


class DutyHoursShape(WeekOfHours):
    """The hours on duty of each day of the week, by the company's clock; of a day without any the whole is meant."""


class OnRosterIn(Strict):
    """Somebody who works on queues."""

    person_id = fields.Text(max=64, required=True, metadata={"description": "The user, as in assignee_id."})
    queues = fields.ListOf(fields.Choice(*QUEUES), least=0, most=len(QUEUES), required=True)
    weekdays = fields.ListOf(
        fields.Choice(*WEEKDAYS),
        least=0,
        most=len(WEEKDAYS),
        metadata={"description": "Left out: Monday to Friday."},
    )
    hours = fields.Nested(
        DutyHoursShape,
        metadata={"description": "Left out: the whole of each of the weekdays. Not over midnight."},
    )
    capacity_percent = fields.CountField(
        least=1, most=MOST_CAPACITY, metadata={"description": "Of a full day; left out: 100."}
    )
    absences = fields.ListOf(AbsenceShape, least=0, most=MOST_ABSENCES)


class RosterIn(Strict):
    """Everybody who tickets are given to."""

    people = fields.ListOf(OnRosterIn, least=0, most=MOST_PEOPLE, required=True)


class OnRosterOut(OnRosterIn):
    """Somebody on the roster, and what they have to do."""

    on_duty_today = fields.Flag(metadata={"description": "On this day, at whatever hour."})
    on_duty_now = fields.Flag(metadata={"description": "Tickets are given to whoever is."})
    open_tickets = fields.CountField()
    open_weight = fields.CountField(
        metadata={"description": "low 2, normal 4, high 6, urgent 8; half while the customer is waited for."}
    )


class RosterOut(Strict):
    """The roster; version 0 comes with the product and has nobody: then nothing is given to anybody by itself."""

    version = fields.CountField()
    zone = fields.Text(
        max=64,
        allow_none=True,
        metadata={"description": "Whose clock the hours are by; null: it keeps days only."},
    )
    people = fields.ListOf(OnRosterOut, least=0)


class AssigneeIn(Strict):
    """Who is to work on the ticket."""

    assignee_id = fields.Text(
        max=64, allow_none=True, metadata={"description": "Left out: who has the least to do."}
    )


class AssignmentOut(Strict):
    """Who the ticket was given to, and by which means."""

    assignee_id = fields.Text(max=64, allow_none=True)
    means = fields.Choice(*MEANS)
    by = fields.Text(max=64)
    at = fields.UtcField()
    roster_version = fields.CountField()


class AssignmentsOut(Strict):
    """Who the ticket was given to, in turn."""

    assignments = fields.ListOf(AssignmentOut, least=0)


@roster.query(
    "/desk-roster", answer=RosterOut, roles=(*WORKERS, "sales_manager"), summary="Who is on duty at the desk"
)
def show(connection: Connection) -> dict[str, Any]:
    """Show who works on which queue and when, and what they have to do now."""
    at = now()
    return _shown(roster_at(connection, at, day(at)))


@roster.command(
    "PUT",
    "/desk-roster",
    body=RosterIn,
    answer=RosterOut,
    roles=("sales_manager",),
    summary="Say who is on duty at the desk",
)
def put(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Set who tickets are given to from now on; those that somebody has stay with them."""
    wanted = Roster(tuple(_person(each) for each in body["people"]), zone=zone())
    define_roster(tx, wanted, principal().subject, expected_version())
    return _shown(roster_at(tx.connection, tx.now, day(tx.now)))


@roster.command(
    "POST",
    "/tickets/<uuid:ticket_id>/assign",
    body=AssigneeIn,
    answer=TicketOut,
    roles=WORKERS,
    summary="Give a ticket to somebody else",
)
def assign(tx: Transaction, body: dict[str, Any], ticket_id: str) -> TicketRow:
    """Give the ticket to somebody who works on its queue, or to who has the least to do."""
    given = reassign_ticket(tx, ticket_id, worker(), body.get("assignee_id"), day(tx.now))
    return one_ticket(tx.connection, given.id, only_owner=None)


@roster.query(
    "/tickets/<uuid:ticket_id>/assignments",
    answer=AssignmentsOut,
    roles=ANY,
    summary="Who a ticket was given to",
)
def history(connection: Connection, ticket_id: str) -> dict[str, Any]:
    """Show who worked on the ticket, in turn."""
    return {"assignments": assignments_of(connection, ticket_id, only_owner=only_owner())}


def _person(given: dict[str, Any]) -> OnRoster:
    return OnRoster(
        person_id=given["person_id"],
        queues=tuple(given["queues"]),
        weekdays=tuple(given.get("weekdays", WORKDAYS)),
        capacity_percent=given.get("capacity_percent", FULL_TIME),
        absences=tuple(Absence(**each) for each in given.get("absences", ())),
        hours={name: read_hours(hours) for name, hours in given.get("hours", {}).items() if hours},
    )


def _shown(found: RosterRow) -> dict[str, Any]:
    people = [
        {
            **vars(each),
            "hours": {name: written_hours(hours) for name, hours in each.hours.items()},
            "open_tickets": each.open_tickets,
            "open_weight": each.open_weight,
        }
        for each in found.people
    ]
    return {"version": found.version, "zone": found.zone, "people": people}
