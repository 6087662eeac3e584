"""Who works on which queue and when, and who of them gets the next ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from libs.common.errors import Invalid
from services.service_desk.domain.duty_hours import (
    WEEKDAYS,
    DutyHours,
    RosterInvalid,
    Weekday,
    check_hours,
    hours_data,
    hours_from,
    is_within,
)
from services.service_desk.domain.routing import Queue
from services.service_desk.domain.sla import Priority
from services.service_desk.domain.ticket import State

Means = Literal["load", "hand", "taken", "routed"]
MEANS: tuple[Means, ...] = get_args(Means)
WORKDAYS = WEEKDAYS[:5]
MOST_PEOPLE = 200
MOST_ABSENCES = 100
FULL_TIME = 100
MOST_CAPACITY = 200
WEIGHT: dict[Priority, int] = {"low": 2, "normal": 4, "high": 6, "urgent": 8}
"""How much a ticket weighs that is worked on; one that waits for its customer weighs half."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class NotOnTheRoster(Invalid):
    """A ticket would go to somebody who does not work on its queue."""

    code = "not_on_the_roster"
    usual_cure = (
        "choose somebody of GET /api/v1/desk-roster who works on the queue, or route the ticket first"
    )


@dataclass(frozen=True)
class Absence:
    """Somebody is away on these days, both included."""

    since: date
    until: date
    reason: str | None = None


@dataclass(frozen=True)
class Moment:
    """A moment as the company's clock on the wall shows it: a day, and a minute of it (0 to 1439).

    Hours of duty are asked of the minute; a roster that keeps none may be asked about a day only.
    """

    day: date
    minute: int | None = None


def moment_of(now: datetime, zone: ZoneInfo) -> Moment:
    """Return what the clock on the wall shows in ``zone``."""
    wall = now.astimezone(zone)
    return Moment(wall.date(), wall.hour * 60 + wall.minute)


@dataclass(frozen=True)
class OnRoster:
    """Somebody who works on queues on these days of the week, in these hours, with so much of a full day.

    Of a day of which no hours are given the whole is meant.
    """

    person_id: str
    queues: tuple[Queue, ...]
    weekdays: tuple[Weekday, ...] = WORKDAYS
    capacity_percent: int = FULL_TIME
    absences: tuple[Absence, ...] = ()
    hours: DutyHours = field(default_factory=dict)

    def works_on_day(self, day: date) -> bool:
        """Tell whether this person works on that day, at whatever hour."""
        away = any(each.since <= day <= each.until for each in self.absences)
        return WEEKDAYS[day.weekday()] in self.weekdays and not away

    def on_duty(self, at: Moment) -> bool:
        """Tell whether this person works at that moment."""
        hours = self.hours.get(WEEKDAYS[at.day.weekday()], ())
        return self.works_on_day(at.day) and (at.minute is None or is_within(hours, at.minute))


@dataclass(frozen=True)
class Roster:
    """Who works on what; version 0 comes with the product and has nobody.

    ``zone`` is that of the company when the roster was written, by which its hours are meant; rosters of before
    there were hours have none.
    """

    people: tuple[OnRoster, ...] = ()
    version: int = 0
    zone: ZoneInfo | None = None

    def moment(self, now: datetime, today: date) -> Moment:
        """Return what the clock of this roster shows ``now``; where it has no hours, the company's ``today``."""
        return Moment(today) if self.zone is None else moment_of(now, self.zone)

    def on_duty(self, at: Moment, queue: Queue) -> list[OnRoster]:
        """Return who works on the queue at that moment."""
        return [each for each in self.people if queue in each.queues and each.on_duty(at)]

    def works_on(self, person_id: str, queue: Queue) -> bool:
        """Tell whether this person works on the queue, today or not."""
        return any(each.person_id == person_id and queue in each.queues for each in self.people)


@dataclass(frozen=True)
class Load:
    """What somebody has to do: how many tickets, what they weigh, and when the last one came."""

    tickets: int = 0
    weight: int = 0
    last_at: datetime | None = None


NOTHING = Load()


def weight_of(priority: Priority, state: State) -> int:
    """Return how much a ticket weighs."""
    return WEIGHT[priority] // 2 if state == "pending" else WEIGHT[priority]


def next_of(people: Sequence[OnRoster], loads: Mapping[str, Load], weight: int) -> str | None:
    """Return who would have the least to do with one ticket more; of equals, whose last one came longest ago."""

    def rank(person: OnRoster) -> tuple[Fraction, datetime, str]:
        load = loads.get(person.person_id, NOTHING)
        share = Fraction(load.weight + weight, person.capacity_percent)
        return share, load.last_at or _NEVER, person.person_id

    return min(people, key=rank).person_id if people else None


def check_roster(roster: Roster) -> Roster:
    """Return the roster; refuse a person who is named twice, an absence that ends too early, and wrong hours."""
    names: set[str] = set()
    for place, person in enumerate(roster.people):
        if person.person_id in names:
            raise RosterInvalid(
                "this person is named twice", field=f"people.{place}.person_id", cure="name each person once"
            )
        names.add(person.person_id)
        for which, absence in enumerate(person.absences):
            if absence.until < absence.since:
                raise RosterInvalid(
                    "this absence ends before it begins",
                    field=f"people.{place}.absences.{which}.until",
                    cure="give that day or a later one",
                )
        check_hours(person.hours, person.weekdays, f"people.{place}.hours")
    return roster


def roster_data(roster: Roster) -> dict[str, Any]:
    """Return the roster as plain data, to be stored."""
    people = [_person_data(each) for each in roster.people]
    return {"people": people} if roster.zone is None else {"people": people, "zone": roster.zone.key}


def _person_data(person: OnRoster) -> dict[str, Any]:
    absences = [
        {"since": each.since.isoformat(), "until": each.until.isoformat(), "reason": each.reason}
        for each in person.absences
    ]
    lists = {"queues": list(person.queues), "weekdays": list(person.weekdays), "absences": absences}
    rest = {"capacity_percent": person.capacity_percent, "hours": hours_data(person.hours)}
    return {"person_id": person.person_id} | rest | lists


def roster_from(data: Mapping[str, Any], version: int) -> Roster:
    """Read a stored roster."""
    zone = data.get("zone")
    people = tuple(_person_from(each) for each in data["people"])
    return Roster(people, version, ZoneInfo(zone) if zone else None)


def _person_from(data: Mapping[str, Any]) -> OnRoster:
    absences = tuple(
        Absence(date.fromisoformat(each["since"]), date.fromisoformat(each["until"]), each["reason"])
        for each in data["absences"]
    )
    queues, weekdays = tuple(data["queues"]), tuple(data["weekdays"])
    hours = hours_from(data.get("hours", {}))
    return OnRoster(data["person_id"], queues, weekdays, data["capacity_percent"], absences, hours)
