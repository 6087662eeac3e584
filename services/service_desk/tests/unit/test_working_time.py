"""Working time: what lies between two moments, and when so much of it is over, also where clocks are put back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.service_desk.domain.errors import CalendarInvalid
from services.service_desk.domain.working_time import (
    Hours,
    WorkingCalendar,
    after,
    check_calendar,
    worked,
)

OFFICE = (Hours(9 * 60, 12 * 60), Hours(13 * 60, 18 * 60))
SHANGHAI = ZoneInfo("Asia/Shanghai")
# National Day 2026: Thursday 1st to Wednesday 7th are free, and Saturday the 10th is worked instead.
GOLDEN_WEEK = {date(2026, 10, day): () for day in (1, 2, 5, 6, 7)} | {date(2026, 10, 10): OFFICE}
CHINA = WorkingCalendar("Asia/Shanghai", (OFFICE,) * 5 + ((), ()), GOLDEN_WEEK)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-09-28T09:00", 60, "2026-09-28T10:00"),
        ("2026-09-28T11:30", 60, "2026-09-28T13:30"),
        ("2026-09-28T17:30", 60, "2026-09-29T09:30"),
        ("2026-09-28T17:00", 60, "2026-09-28T18:00"),
        ("2026-09-27T15:00", 30, "2026-09-28T09:30"),
        ("2026-09-30T17:00", 120, "2026-10-08T10:00"),
        ("2026-10-09T17:30", 60, "2026-10-10T09:30"),
        ("2026-10-10T17:30", 60, "2026-10-12T09:30"),
        ("2026-10-03T10:00", 0, "2026-10-03T10:00"),
    ],
)
def test_time_passes_only_while_somebody_works(start: str, minutes: int, end: str) -> None:
    assert after(CHINA, at(start), timedelta(minutes=minutes)) == at(end)
    assert worked(CHINA, at(start), at(end)) == timedelta(minutes=minutes)


def test_the_hour_that_does_not_exist_is_not_worked_and_the_one_that_comes_twice_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = WorkingCalendar("Europe/Berlin", ((Hours(60, 240),),) * 7)
    for day, hours in ((date(2026, 3, 28), 3), (date(2026, 3, 29), 2), (date(2026, 10, 25), 4)):
        start = datetime(day.year, day.month, day.day, tzinfo=berlin)
        assert worked(night, start, start + timedelta(days=1)) == timedelta(hours=hours), day


zones = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
durations = st.integers(0, 10 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def hours(draw: st.DrawFn) -> tuple[Hours, ...]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(Hours(edges[at], edges[at + 1]) for at in range(0, len(edges) - 1, 2))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    week = [draw(hours()) for _ in range(6)] + [OFFICE]
    days = draw(st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 12, 31)), hours(), max_size=5))
    return check_calendar(WorkingCalendar(draw(zones), tuple(week), days))


@given(calendars(), moments, durations)
def test_between_a_moment_and_what_is_after_it_lies_exactly_that_much(
    calendar: WorkingCalendar, start: datetime, working: timedelta
) -> None:
    end = after(calendar, start, working)
    assert worked(calendar, start, end) == working
    if working:
        assert worked(calendar, start, end - timedelta(microseconds=1)) < working


@given(calendars(), moments, durations, durations)
def test_working_time_adds_up(
    calendar: WorkingCalendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    middle, end = start + one, start + one + other
    assert worked(calendar, start, middle) + worked(calendar, middle, end) == worked(calendar, start, end)
    assert worked(calendar, start, end) <= end - start
    assert after(calendar, after(calendar, start, one), other) == after(calendar, start, one + other)


@pytest.mark.parametrize(
    ("calendar", "field"),
    [
        (WorkingCalendar("Asia/Nowhere", CHINA.week), "calendar.zone"),
        (WorkingCalendar("America", CHINA.week), "calendar.zone"),
        (WorkingCalendar("UTC", ((),) * 7), "calendar.week"),
        (WorkingCalendar("UTC", CHINA.week[:6]), "calendar.week"),
        (WorkingCalendar("UTC", ((Hours(60, 60),), *CHINA.week[1:])), "calendar.week.0"),
        (WorkingCalendar("UTC", (OFFICE[::-1], *CHINA.week[1:])), "calendar.week.0"),
        (
            WorkingCalendar("UTC", CHINA.week, {date(2026, 1, 1): (Hours(0, 1441),)}),
            "calendar.days.2026-01-01",
        ),
    ],
)
def test_hours_that_cannot_be_kept_are_refused(calendar: WorkingCalendar, field: str) -> None:
    with pytest.raises(CalendarInvalid) as refused:
        check_calendar(calendar)
    assert refused.value.field == field
