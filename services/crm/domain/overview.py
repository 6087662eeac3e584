"""A customer in figures, and how well things stand with him: each reason is a figure that can be looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CRITICAL, WATCH, GOOD = 0, 1, 2
LEVELS = ("critical", "watch", "good")
RISK_WATCH_BP, RISK_CRITICAL_BP = 5000, 8000
LATE_CRITICAL_DAYS = 30
MANY_TICKETS = 3
CONTENT, DISCONTENT = 350, 250
"""Hundredths of a point from 1 to 5: below the first somebody is less than content, below the second not at all."""
_FIGURES = Mapping[str, int]


@dataclass(frozen=True)
class Overview:
    """The figures of a customer, money in minor units of his own currency.

    ``orders`` and ``revenue_minor`` are confirmed ones of the trailing year, without tax; ``last_on`` is of any time.
    ``rated_points`` are the points from 1 to 5 of the year's ``ratings``. ``risk_bp`` is how likely he has left.
    """

    orders: int = 0
    revenue_minor: int = 0
    last_on: date | None = None
    open_minor: int = 0
    overdue_minor: int = 0
    overdue_since: date | None = None
    open_tickets: int = 0
    ratings: int = 0
    rated_points: int = 0
    open_opportunities: int = 0
    opportunity_minor: int = 0
    risk_bp: int | None = None

    @property
    def satisfaction(self) -> int | None:
        """The average rating in hundredths of a point."""
        return self.rated_points * 100 // self.ratings if self.ratings else None


@dataclass(frozen=True)
class Reason:
    """Why things do not stand well, and how badly that weighs."""

    code: str
    level: int
    figures: _FIGURES


def year_before(today: date) -> date:
    """Return the first day of the year that ends today."""
    try:
        return today.replace(year=today.year - 1) + timedelta(days=1)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year - 1, month=3, day=1)


@dataclass(frozen=True)
class Window:
    """The trailing year as days of the company, and the moment at which it begins."""

    since: date
    today: date
    begins_at: datetime
    zone: ZoneInfo


def window_of(now: datetime, zone: ZoneInfo) -> Window:
    """Return the year that ends with the company's day."""
    today = now.astimezone(zone).date()
    since = year_before(today)
    return Window(since, today, datetime.combine(since, time.min, tzinfo=zone), zone)


def reasons(seen: Overview, today: date) -> list[Reason]:
    """Return what is wrong with a customer, the worst first."""
    found = [*_overdue(seen, today), *_leaving(seen), *_tickets(seen), *_discontent(seen)]
    return sorted(found, key=lambda reason: reason.level)


def health(seen: Overview, today: date) -> int:
    """Return how things stand: as bad as the worst reason says."""
    return min((reason.level for reason in reasons(seen, today)), default=GOOD)


def _overdue(seen: Overview, today: date) -> list[Reason]:
    if not seen.overdue_minor or seen.overdue_since is None:
        return []
    days = (today - seen.overdue_since).days
    level = CRITICAL if days > LATE_CRITICAL_DAYS else WATCH
    return [Reason("overdue", level, {"minor": seen.overdue_minor, "days": days})]


def _leaving(seen: Overview) -> list[Reason]:
    if seen.risk_bp is None or seen.risk_bp < RISK_WATCH_BP:
        return []
    level = CRITICAL if seen.risk_bp >= RISK_CRITICAL_BP else WATCH
    return [Reason("leaving", level, {"percent": seen.risk_bp // 100})]


def _tickets(seen: Overview) -> list[Reason]:
    if seen.open_tickets < MANY_TICKETS:
        return []
    return [Reason("tickets", WATCH, {"count": seen.open_tickets})]


def _discontent(seen: Overview) -> list[Reason]:
    if seen.satisfaction is None or seen.satisfaction >= CONTENT:
        return []
    level = CRITICAL if seen.satisfaction < DISCONTENT else WATCH
    return [Reason("discontent", level, {"hundredths": seen.satisfaction, "ratings": seen.ratings})]
