"""What the house promises for tickets: how soon a first answer comes, and how soon a solution, in working time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, get_args

from services.service_desk.domain.errors import SlaInvalid
from services.service_desk.domain.routing import Kind
from services.service_desk.domain.working_time import Hours, WorkingCalendar, check_calendar

Priority = Literal["low", "normal", "high", "urgent"]
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
MOST_TARGETS = 100
MOST_MINUTES = 60 * 24 * 366
_FULL = 100


@dataclass(frozen=True)
class Target:
    """What is promised to tickets of these priorities, kinds and groups of customers; none named: to all."""

    response_minutes: int
    resolution_minutes: int
    priorities: tuple[Priority, ...] = ()
    kinds: tuple[Kind, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def is_for_all(self) -> bool:
        """Whether it is promised to every ticket."""
        return not (self.priorities or self.kinds or self.groups)

    def fits(self, priority: Priority, kind: Kind, group: str | None) -> bool:
        """Tell whether it is promised to such a ticket."""
        return (
            priority in (self.priorities or (priority,))
            and kind in (self.kinds or (kind,))
            and (not self.groups or group in self.groups)
        )

    @property
    def response(self) -> timedelta:
        """In how much working time the first answer is promised."""
        return timedelta(minutes=self.response_minutes)

    @property
    def resolution(self) -> timedelta:
        """In how much working time the solution is promised."""
        return timedelta(minutes=self.resolution_minutes)


@dataclass(frozen=True)
class SlaPolicy:
    """The targets, of which the first that fits counts, and the hours in which time passes.

    Somebody is warned when ``warn_percent`` of the promised time is over. A ticket keeps the version it began with.
    """

    calendar: WorkingCalendar
    targets: tuple[Target, ...]
    warn_percent: int = 80
    version: int = field(default=0)

    def target_for(self, priority: Priority, kind: Kind, group: str | None) -> Target:
        """Return what is promised to such a ticket."""
        return next(target for target in self.targets if target.fits(priority, kind, group))

    def warning(self, promised: timedelta) -> timedelta:
        """Return after how much of the promised working time somebody is warned."""
        return promised * self.warn_percent / _FULL


def check_policy(policy: SlaPolicy) -> SlaPolicy:
    """Return the policy; refuse one that leaves a ticket without a promise, or solves it before it is answered."""
    check_calendar(policy.calendar)
    if not policy.targets or not policy.targets[-1].is_for_all:
        raise SlaInvalid(
            "some tickets are promised nothing",
            field="targets",
            cure="let the last target name no priority, kind or group",
        )
    for place, target in enumerate(policy.targets):
        if target.resolution_minutes < target.response_minutes:
            raise SlaInvalid(
                "a ticket is to be solved before it is answered",
                field=f"targets.{place}.resolution_minutes",
                cure="give as many minutes as for the response, or more",
            )
    return policy


def to_data(policy: SlaPolicy) -> dict[str, Any]:
    """Return the policy as plain data, to be stored."""
    calendar = policy.calendar
    return {
        "calendar": {
            "zone": calendar.zone,
            "week": [_pairs(hours) for hours in calendar.week],
            "days": {day.isoformat(): _pairs(hours) for day, hours in sorted(calendar.days.items())},
        },
        "targets": [{name: _plain(value) for name, value in vars(each).items()} for each in policy.targets],
        "warn_percent": policy.warn_percent,
    }


def from_data(data: Mapping[str, Any], version: int) -> SlaPolicy:
    """Read a stored policy."""
    calendar = data["calendar"]
    return SlaPolicy(
        calendar=WorkingCalendar(
            calendar["zone"],
            tuple(_hours(pairs) for pairs in calendar["week"]),
            {date.fromisoformat(day): _hours(pairs) for day, pairs in calendar["days"].items()},
        ),
        targets=tuple(
            Target(**{name: _tuple(value) for name, value in each.items()}) for each in data["targets"]
        ),
        warn_percent=data["warn_percent"],
        version=version,
    )


def _pairs(hours: tuple[Hours, ...]) -> list[list[int]]:
    return [[each.start, each.end] for each in hours]


def _hours(pairs: list[list[int]]) -> tuple[Hours, ...]:
    return tuple(Hours(start, end) for start, end in pairs)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
