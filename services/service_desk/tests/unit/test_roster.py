"""When somebody of the roster is on duty: days, hours by the clock on the wall, and the nights it is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.service_desk.domain.duty_hours import RosterInvalid
from services.service_desk.domain.roster import (
    WORKDAYS,
    Absence,
    Moment,
    OnRoster,
    Roster,
    check_roster,
    moment_of,
    roster_data,
    roster_from,
)
from services.service_desk.domain.working_time import Hours

BERLIN = ZoneInfo("Europe/Berlin")
MORNING, AFTERNOON = Hours(8 * 60, 12 * 60), Hours(13 * 60, 17 * 60)
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def a_person(**more: Any) -> OnRoster:
    return OnRoster("ann", ("technical_support",), **more)


def at(day: date, clock: str) -> Moment:
    hour, _, minute = clock.partition(":")
    return Moment(day, int(hour) * 60 + int(minute))


@pytest.mark.parametrize(
    ("clock", "works"),
    [("07:59", False), ("08:00", True), ("11:59", True), ("12:00", False), ("13:00", True), ("17:00", False)],
)
def test_r6_2_hours_begin_with_their_first_minute_and_end_before_their_last(clock: str, works: bool) -> None:
    ann = a_person(hours={"monday": (MORNING, AFTERNOON)})
    assert ann.on_duty(at(MONDAY, clock)) is works


def test_a_day_without_hours_is_worked_as_a_whole_and_a_day_off_is_not() -> None:
    ann = a_person(hours={"monday": (MORNING,)})
    assert [ann.on_duty(at(TUESDAY, clock)) for clock in ("00:00", "23:59")] == [True, True]
    assert not a_person(weekdays=("monday",)).on_duty(at(TUESDAY, "09:00"))
    assert not a_person(hours={"monday": (MORNING,)}, absences=(Absence(MONDAY, MONDAY),)).on_duty(
        at(MONDAY, "09:00")
    )


def test_hours_until_midnight_end_with_the_day() -> None:
    ann = a_person(hours={"monday": (Hours(20 * 60, 24 * 60),), "tuesday": (Hours(0, 60),)})
    assert [ann.on_duty(at(MONDAY, "23:59")), ann.on_duty(at(TUESDAY, "00:00"))] == [True, True]
    assert not ann.on_duty(at(TUESDAY, "01:00"))


def in_berlin(*utc: int) -> bool:
    """Tell whether somebody works from 1:30 to 3:30 on Sundays, asked at a moment in UTC."""
    ann = a_person(weekdays=("sunday",), hours={"sunday": (Hours(90, 210),)})
    roster = Roster((ann,), 1, BERLIN)
    moment = roster.moment(datetime(*utc, tzinfo=UTC), date(2000, 1, 1))  # type: ignore[arg-type]
    return bool(roster.on_duty(moment, "technical_support"))


def test_r6_2_in_the_night_the_clock_leaps_forward_the_hour_that_it_leaps_over_is_not_worked() -> None:
    # 2026-03-29: after 1:59:59 comes 3:00:00, which is 1:00 UTC.
    asked = [(0, 29), (0, 30), (0, 59), (1, 0), (1, 29), (1, 30)]
    assert [in_berlin(2026, 3, 29, *each) for each in asked] == [False, True, True, True, True, False]


def test_r6_2_in_the_night_the_clock_is_put_back_the_hour_that_comes_twice_is_worked_twice() -> None:
    # 2026-10-25: after 2:59:59 comes 2:00:00, which is 1:00 UTC; so 1:30 to 3:30 takes three hours.
    asked = [(23, 29), (23, 30), (0, 30), (1, 30), (2, 29), (2, 30)]
    days = [24, 24, 25, 25, 25, 25]
    found = [in_berlin(2026, 10, day, *each) for day, each in zip(days, asked, strict=True)]
    assert found == [False, True, True, True, True, False]


def test_the_day_is_that_of_the_roster_s_zone() -> None:
    assert moment_of(datetime(2026, 3, 2, 16, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai")) == Moment(
        TUESDAY, 30
    )


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"monday": (Hours(22 * 60, 6 * 60),)}, "people.0.hours.monday.0.closes"),
        ({"monday": (Hours(480, 480),)}, "people.0.hours.monday.0.closes"),
        ({"monday": (MORNING, Hours(11 * 60, 13 * 60))}, "people.0.hours.monday.1.opens"),
        ({"monday": (AFTERNOON, MORNING)}, "people.0.hours.monday.1.opens"),
        ({"saturday": (MORNING,)}, "people.0.hours.saturday"),
    ],
)
def test_r6_2_hours_over_midnight_overlapping_or_of_a_day_off_are_refused(hours: Any, field: str) -> None:
    with pytest.raises(RosterInvalid) as refused:
        check_roster(Roster((a_person(weekdays=WORKDAYS, hours=hours),)))
    assert (refused.value.field, bool(refused.value.cure)) == (field, True)


def test_a_roster_is_read_as_it_was_stored_and_one_of_before_hours_keeps_its_meaning() -> None:
    roster = Roster((a_person(hours={"monday": (MORNING, AFTERNOON)}),), 3, BERLIN)
    assert roster_from(roster_data(roster), 3) == roster
    old = {
        "person_id": "ann", "queues": ["technical_support"], "weekdays": ["monday"], "capacity_percent": 100,
        "absences": [],
    }  # fmt: skip
    before = roster_from({"people": [old]}, 1)
    now = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    assert before.on_duty(before.moment(now, MONDAY), "technical_support") == list(before.people)
    assert before.on_duty(before.moment(now, TUESDAY), "technical_support") == []
