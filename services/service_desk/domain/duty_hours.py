"""The hours of a day in which somebody of the roster is on duty, by the clock on the wall of the company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from libs.common.errors import Invalid
from services.service_desk.domain.working_time import MINUTES_OF_DAY, Hours

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
DutyHours = Mapping[Weekday, tuple[Hours, ...]]
"""Hours by day of the week; of a day that is not there the whole is meant."""


class RosterInvalid(Invalid):
    """A roster by which nobody could be found."""

    code = "roster_invalid"


def is_within(hours: Sequence[Hours], minute: int) -> bool:
    """Tell whether a minute of the day (0 to 1439) is within the hours; where none are given, it is.

    The clock on the wall decides: an hour that it shows twice is worked twice, one that it leaps over is not worked.
    """
    return not hours or any(each.start <= minute < each.end for each in hours)


def check_hours(hours: DutyHours, weekdays: Sequence[Weekday], field: str) -> None:
    """Refuse hours of a day that is not worked, over midnight, or that overlap; ``field`` is where they stand."""
    for day, of_day in hours.items():
        if of_day and day not in weekdays:
            raise RosterInvalid(
                f"{day} is not among the days on duty",
                field=f"{field}.{day}",
                cure="name it in weekdays, or leave out its hours",
            )
        _check_day(of_day, f"{field}.{day}")


def _check_day(hours: Sequence[Hours], field: str) -> None:
    last = 0
    for place, each in enumerate(hours):
        if each.end <= each.start:
            raise RosterInvalid(
                "these hours go over midnight, or are none",
                field=f"{field}.{place}.closes",
                cure="end them later than they open, at 24:00 at the latest, and give the rest to the next day",
            )
        if not last <= each.start or each.end > MINUTES_OF_DAY:
            raise RosterInvalid(
                "these hours begin before those before them end",
                field=f"{field}.{place}.opens",
                cure="give the hours of a day one after the other",
            )
        last = each.end


def hours_data(hours: DutyHours) -> dict[str, list[list[int]]]:
    """Return the hours as plain data, in minutes, to be stored."""
    return {day: [[each.start, each.end] for each in of_day] for day, of_day in hours.items() if of_day}


def hours_from(data: Mapping[str, Any]) -> DutyHours:
    """Read stored hours."""
    return {day: tuple(Hours(*each) for each in data[day]) for day in WEEKDAYS if data.get(day)}
