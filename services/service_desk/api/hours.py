"""Hours of a day over HTTP: as texts by the clock on the wall, and as the minutes that the desk reckons with."""

from __future__ import annotations

from typing import Any

from libs.common.web import Strict, fields
from services.service_desk.domain.working_time import MOST_HOURS, Hours

_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00"


class HoursShape(Strict):
    """From one time to another by the clock on the wall; 24:00 ends the day."""

    opens = fields.Text(max=5, pattern=_CLOCK, required=True)
    closes = fields.Text(max=5, pattern=_CLOCK, required=True)


def hours_field(**more: Any) -> fields.ListOf:
    """Return the field of a day's hours, in their order; none is allowed."""
    return fields.ListOf(HoursShape, least=0, most=MOST_HOURS, **more)


class WeekOfHours(Strict):
    """The hours of each day of the week; what a day without any means, each kind of week says."""

    monday = hours_field()
    tuesday = hours_field()
    wednesday = hours_field()
    thursday = hours_field()
    friday = hours_field()
    saturday = hours_field()
    sunday = hours_field()


def read_hours(hours: list[dict[str, str]]) -> tuple[Hours, ...]:
    """Return the hours of a day in minutes."""
    return tuple(Hours(_minute(each["opens"]), _minute(each["closes"])) for each in hours)


def written_hours(hours: tuple[Hours, ...]) -> list[dict[str, str]]:
    """Return the hours of a day as texts."""
    return [{"opens": _wall(each.start), "closes": _wall(each.end)} for each in hours]


def _minute(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _wall(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
