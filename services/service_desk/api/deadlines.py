"""What the house promises for tickets, and how it keeps that, over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

from libs.common.db import Connection, Transaction
from libs.common.web import ANY, Noun, Page, PageRequest, Strict, expected_version, fields, principal
from services.service_desk.api.company import now
from services.service_desk.api.hours import WeekOfHours, hours_field, read_hours, written_hours
from services.service_desk.api.who import of_me, only_owner
from services.service_desk.domain.clock import OUTCOMES
from services.service_desk.domain.errors import CalendarInvalid, PeriodWrong
from services.service_desk.domain.routing import KINDS, QUEUES
from services.service_desk.domain.sla import (
    MOST_MINUTES,
    MOST_TARGETS,
    PRIORITIES,
    SlaPolicy,
    Target,
)
from services.service_desk.domain.ticket import STATES
from services.service_desk.domain.working_time import MOST_DAYS, Hours, WorkingCalendar
from services.service_desk.reports.deadlines import (
    ClockRow,
    DeadlineSearch,
    deadlines_of,
    position_of,
    promises_kept,
    running_deadlines,
    sla_now,
)
from services.service_desk.use_cases.define_sla import define_sla

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

deadlines = Noun("deadlines", "/api/v1", description="What is promised for tickets, and how it is kept")


class WeekShape(WeekOfHours):
    """The hours of each day of the week; a day that is left out is free."""


class SingleDayShape(Strict):
    """A day that is not as its day of the week: without hours a holiday, with hours worked."""

    day = fields.DateField(required=True)
    hours = hours_field(required=True)


class CalendarShape(Strict):
    """When the desk works."""

    zone = fields.Text(max=64, required=True, metadata={"description": "A time zone, as Asia/Shanghai."})
    week = fields.Nested(WeekShape, required=True)
    days = fields.ListOf(SingleDayShape, least=0, most=MOST_DAYS)


class TargetShape(Strict):
    """In how many working minutes tickets are answered and solved; none named of a list: all."""

    priorities = fields.ListOf(fields.Choice(*PRIORITIES), least=0, most=len(PRIORITIES))
    kinds = fields.ListOf(fields.Choice(*KINDS), least=0, most=len(KINDS))
    groups = fields.ListOf(
        fields.Text(max=64), least=0, most=100, metadata={"description": "Groups of customers."}
    )
    response_minutes = fields.CountField(least=1, most=MOST_MINUTES, required=True)
    resolution_minutes = fields.CountField(least=1, most=MOST_MINUTES, required=True)


class SlaPolicyIn(Strict):
    """What is promised from now on: of the targets the first that fits counts."""

    calendar = fields.Nested(CalendarShape, required=True)
    targets = fields.ListOf(TargetShape, least=1, most=MOST_TARGETS, required=True)
    warn_percent = fields.CountField(
        least=1,
        most=100,
        required=True,
        metadata={"description": "Somebody is warned when so much of the time is over."},
    )


class SlaPolicyOut(SlaPolicyIn):
    """What is promised; version 1 comes with the product."""

    version = fields.CountField(least=1)


class DeadlineOut(Strict):
    """A deadline and what came of it."""

    due_at = fields.UtcField()
    done_at = fields.UtcField(allow_none=True)
    outcome = fields.Choice(*OUTCOMES)


class TicketDeadlinesOut(Strict):
    """The deadlines of a ticket; ``paused_at`` is set while no time passes."""

    ticket_id = fields.IdField()
    number = fields.Text(max=32)
    customer_id = fields.IdField()
    customer_name = fields.Text(max=200)
    priority = fields.Choice(*PRIORITIES)
    queue = fields.Choice(*QUEUES)
    state = fields.Choice(*STATES)
    assignee_id = fields.Text(max=64, allow_none=True)
    policy_version = fields.CountField(least=1)
    paused_at = fields.UtcField(allow_none=True)
    merged_into_id = fields.IdField(
        allow_none=True, metadata={"description": "It went on there; its own deadlines count nowhere."}
    )
    response = fields.Nested(DeadlineOut)
    resolution = fields.Nested(DeadlineOut)


class DeadlineFilter(Strict):
    """What to look for."""

    queue = fields.Choice(*QUEUES)
    assignee_id = fields.Text(max=64, metadata={"description": "me: the caller."})
    priority = fields.Choice(*PRIORITIES)


class PeriodFilter(Strict):
    """Days on which tickets were opened, both included."""

    since = fields.DateField(required=True)
    until = fields.DateField(required=True)


class KeptOut(Strict):
    """Of so many tickets of a priority, how many promises were kept, missed, and still run."""

    priority = fields.Choice(*PRIORITIES)
    tickets = fields.CountField()
    response_met = fields.CountField()
    response_missed = fields.CountField()
    response_running = fields.CountField()
    resolution_met = fields.CountField()
    resolution_missed = fields.CountField()
    resolution_running = fields.CountField()
    merged = fields.CountField(metadata={"description": "Beside them: what went on as another ticket."})


class PromisesOut(Strict):
    """How the promises of a period were kept, by priority."""

    since = fields.DateField()
    until = fields.DateField()
    priorities = fields.ListOf(KeptOut, least=0)


@deadlines.query("/sla-policy", answer=SlaPolicyOut, roles=ANY, summary="Show what is promised")
def show_policy(connection: Connection) -> dict[str, Any]:
    """Show what is promised to tickets that are opened now."""
    return _shown(sla_now(connection))


@deadlines.command(
    "PUT",
    "/sla-policy",
    body=SlaPolicyIn,
    answer=SlaPolicyOut,
    roles=("sales_manager",),
    summary="Say what is promised",
)
def put_policy(tx: Transaction, body: dict[str, Any]) -> dict[str, Any]:
    """Set the policy for tickets to come; those that there are keep theirs."""
    return _shown(define_sla(tx, _policy(body), principal().subject, expected_version()))


@deadlines.query(
    "/deadlines",
    answer=TicketDeadlinesOut,
    roles=ANY,
    filters=DeadlineFilter,
    paged=True,
    summary="What is due next",
)
def index(connection: Connection, filters: dict[str, Any], page: PageRequest) -> Page:
    """List tickets that are not solved and whose clock runs, the most urgent first."""
    wanted = DeadlineSearch(only_owner=only_owner(), **of_me(filters))
    rows = running_deadlines(connection, wanted, now=now(), after=page.after, limit=page.limit + 1)
    return Page.of(rows, page, key=position_of)


@deadlines.query(
    "/tickets/<uuid:ticket_id>/deadlines",
    answer=TicketDeadlinesOut,
    roles=ANY,
    summary="The deadlines of a ticket",
)
def show(connection: Connection, ticket_id: str) -> ClockRow:
    """Show when the answer and the solution of a ticket are due, and what came of it."""
    return deadlines_of(connection, ticket_id, now=now(), only_owner=only_owner())


@deadlines.query(
    "/sla-figures",
    answer=PromisesOut,
    roles=("sales_manager", "service", "finance"),
    filters=PeriodFilter,
    summary="How promises were kept",
)
def figures(connection: Connection, filters: dict[str, Any]) -> dict[str, Any]:
    """Show how the promises to tickets that were opened within a period were kept."""
    since, until = filters["since"], filters["until"]
    if until < since:
        raise PeriodWrong("the period ends before it begins", field="until", cure="give a later day")
    return filters | {"priorities": promises_kept(connection, since=since, until=until, now=now())}


def _policy(body: dict[str, Any]) -> SlaPolicy:
    given = body["calendar"]
    days: dict[date, tuple[Hours, ...]] = {}
    for place, each in enumerate(given.get("days", [])):
        if each["day"] in days:
            raise CalendarInvalid(
                "this day is given twice", field=f"calendar.days.{place}.day", cure="give it once"
            )
        days[each["day"]] = read_hours(each["hours"])
    week = tuple(read_hours(given["week"].get(name, [])) for name in WEEK)
    targets = tuple(_target(each) for each in body["targets"])
    return SlaPolicy(WorkingCalendar(given["zone"], week, days), targets, body["warn_percent"])


def _target(given: dict[str, Any]) -> Target:
    read: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return Target(**read)


def _shown(policy: SlaPolicy) -> dict[str, Any]:
    calendar = policy.calendar
    days = [{"day": day, "hours": written_hours(hours)} for day, hours in sorted(calendar.days.items())]
    week = {name: written_hours(hours) for name, hours in zip(WEEK, calendar.week, strict=True)}
    return {
        "calendar": {"zone": calendar.zone, "week": week, "days": days},
        "targets": list(policy.targets),
        "warn_percent": policy.warn_percent,
        "version": policy.version,
    }
