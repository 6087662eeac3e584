"""Working time: weekly hours in a time zone, with holidays and days that are worked instead of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from services.service_desk.domain.errors import CalendarInvalid

DAYS_OF_WEEK = 7
MINUTES_OF_DAY = 24 * 60
MOST_HOURS = 6
MOST_DAYS = 2000
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)


@dataclass(frozen=True)
class Hours:
    """From one minute of the day to another by the clock on the wall; 1440 is the midnight that ends the day."""

    start: int
    end: int


@dataclass(frozen=True)
class WorkingCalendar:
    """``week`` holds the hours of Monday to Sunday; ``days`` those of single days, which go before the week.

    A day without hours is free: a holiday. A Saturday with hours is worked, as where holidays are made up for.
    """

    zone: str
    week: tuple[tuple[Hours, ...], ...]
    days: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """Return the hours of a day."""
        found = self.days.get(day)
        return self.week[day.weekday()] if found is None else found


def check_calendar(calendar: WorkingCalendar) -> WorkingCalendar:
    """Return the calendar; refuse an unknown zone, hours that overlap, and a week in which nobody works."""
    if calendar.zone not in available_timezones():
        raise CalendarInvalid(
            f"there is no time zone {calendar.zone}", field="calendar.zone", cure="name one as Asia/Shanghai"
        )
    if len(calendar.week) != DAYS_OF_WEEK or not any(calendar.week):
        raise CalendarInvalid(
            "nobody works in this week", field="calendar.week", cure="give seven days, Monday first"
        )
    for place, hours in enumerate(calendar.week):
        _check_hours(hours, f"calendar.week.{place}")
    for day, hours in calendar.days.items():
        _check_hours(hours, f"calendar.days.{day.isoformat()}")
    return calendar


def _check_hours(hours: tuple[Hours, ...], where: str) -> None:
    last = 0
    for each in hours:
        if not last <= each.start < each.end <= MINUTES_OF_DAY:
            raise CalendarInvalid(
                "hours must follow one another within the day",
                field=where,
                cure="begin before the end, and not before the hours before",
            )
        last = each.end


def worked(calendar: WorkingCalendar, start: datetime, end: datetime) -> timedelta:
    """Return how much working time lies between two moments; nothing where the end is not after the start."""
    total = _NOTHING
    if end <= start:
        return total
    for opens, closes in _shifts(calendar, start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def after(calendar: WorkingCalendar, start: datetime, working: timedelta) -> datetime:
    """Return the first moment at which ``working`` has been worked since ``start``."""
    left = working
    if left <= _NOTHING:
        return start
    for opens, closes in _shifts(calendar, start):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise AssertionError("a week in which somebody works never ends")


def _shifts(calendar: WorkingCalendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield what is worked from ``start`` on, in UTC, each shift after the one before.

    Where the clock is put back or forward within hours, what counts is the time that really passes.
    """
    zone = ZoneInfo(calendar.zone)
    done = start.astimezone(UTC)
    day = start.astimezone(zone).date()
    while True:
        for hours in calendar.hours_on(day):
            opens = max(_moment(day, hours.start, zone), done)
            closes = _moment(day, hours.end, zone)
            if closes > opens:
                yield opens, closes
                done = closes
        day += _DAY


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    days, minute = divmod(minute, MINUTES_OF_DAY)
    wall = datetime.combine(day + days * _DAY, time(minute // 60, minute % 60), zone)
    return wall.astimezone(UTC)
