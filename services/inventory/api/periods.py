"""Periods of company days, as figures ask for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import current_app

from libs.common.errors import Invalid
from services.inventory.api.company_day import COMPANY_ZONE, company_today
from services.inventory.reports.order_to_note import Period

MOST_DAYS = 92


class PeriodBackwards(Invalid):
    """A period ends before it begins."""

    code = "period_backwards"


class PeriodTooLong(Invalid):
    """A period has more days than a figure is worked out for."""

    code = "period_too_long"


def days_asked_for(filters: dict[str, Any], *, usual: int, most: int = MOST_DAYS) -> tuple[date, date]:
    """Return the first and the last of at most ``most`` days; the last ``usual`` ones unless said otherwise."""
    last = filters.get("until") or max(company_today(), filters.get("since") or date.min)
    first = filters.get("since") or last - timedelta(days=usual - 1)
    if first > last:
        raise PeriodBackwards("the period ends before it begins", field="from", cure="give an earlier day")
    if (last - first).days >= most:
        raise PeriodTooLong(
            f"the period has {(last - first).days + 1} days",
            field="from",
            cure=f"ask for at most {most} days",
        )
    return first, last


def period(first: date, last: date) -> Period:
    """Return the moments between which company days lie."""
    return Period(first, _begin(first), _begin(last + timedelta(days=1)))


def each_day(first: date, last: date) -> list[Period]:
    """Return the days of a period, one by one."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [period(day, day) for day in days]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=current_app.config[COMPANY_ZONE]).astimezone(UTC)
