"""The periods that figures are asked for: days, or whole months of the company's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from libs.common.errors import Invalid

MOST_DAYS = 3660
MOST_MONTHS = 120
_YEAR = 12
_DAY = timedelta(days=1)


class PeriodBackwards(Invalid):
    """A period ends before it begins."""

    code = "period_backwards"


class PeriodTooLong(Invalid):
    """A period is longer than a figure is worked out for."""

    code = "period_too_long"


@dataclass(frozen=True)
class Days:
    """The days from ``since`` to ``until``, both included."""

    since: date
    until: date

    @property
    def count(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1


@dataclass(frozen=True)
class Months:
    """The months from ``since`` to ``until`` (``2026-03``), both included."""

    since: str
    until: str

    @property
    def days(self) -> Days:
        """The days of these months."""
        return Days(first_day(self.since), last_day(self.until))

    @property
    def each(self) -> list[str]:
        """The months, one by one."""
        return [later(self.since, number) for number in range(_between(self.since, self.until) + 1)]


def days_of(since: date | None, until: date | None, today: date, *, usual: int) -> Days:
    """Return the days that are asked for; the last ``usual`` ones unless said otherwise."""
    last = until or max(today, since or today)
    first = since or last - timedelta(days=usual - 1)
    if first > last:
        raise PeriodBackwards("the period ends before it begins", field="from", cure="give an earlier day")
    if Days(first, last).count > MOST_DAYS:
        raise PeriodTooLong("the period is too long", field="from", cure=f"ask for at most {MOST_DAYS} days")
    return Days(first, last)


def months_of(since: str | None, until: str | None, today: date, *, usual: int) -> Months:
    """Return the months that are asked for; the last ``usual`` ones, with the present one, unless said otherwise."""
    last = until or max(month_of(today), since or "")
    first = since or later(last, 1 - usual)
    if first > last:
        raise PeriodBackwards("the period ends before it begins", field="from", cure="give an earlier month")
    if _between(first, last) >= MOST_MONTHS:
        raise PeriodTooLong(
            "the period is too long", field="from", cure=f"ask for at most {MOST_MONTHS} months"
        )
    return Months(first, last)


def parted(days: Days) -> tuple[Months | None, tuple[Days, ...]]:
    """Return the whole months among ``days``, if there is one, and the days beside them."""
    since, until = month_of(days.since), month_of(days.until)
    whole = Months(
        since if days.since == first_day(since) else later(since, 1),
        until if days.until == last_day(until) else later(until, -1),
    )
    if whole.since > whole.until:
        return None, (days,)
    before = Days(days.since, whole.days.since - _DAY)
    after = Days(whole.days.until + _DAY, days.until)
    return whole, tuple(each for each in (before, after) if each.count > 0)


def month_of(day: date) -> str:
    """Return the month of a day, as ``2026-03``."""
    return f"{day.year:04}-{day.month:02}"


def first_day(month: str) -> date:
    """Return the first day of a month."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    """Return the last day of a month."""
    return first_day(later(month, 1)) - timedelta(days=1)


def later(month: str, months: int) -> str:
    """Return the month that lies so many months after ``month``, or before it."""
    number = _number(month) + months
    return f"{number // _YEAR:04}-{number % _YEAR + 1:02}"


def _between(since: str, until: str) -> int:
    return _number(until) - _number(since)


def _number(month: str) -> int:
    return int(month[:4]) * _YEAR + int(month[5:]) - 1
