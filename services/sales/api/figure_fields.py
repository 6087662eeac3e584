"""What all figures of sales have in common over HTTP: their periods, and how fresh they are."""

from __future__ import annotations

from typing import Any

from libs.common.db import Connection
from libs.common.web import Strict, fields
from services.sales.api.company import company_clock, company_day, company_terms
from services.sales.domain.figure_period import Days, Months, days_of, months_of
from services.sales.reports.freshness import freshness

MONTH = r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])"
FULL_BP = 10_000
_LONG = 10**15
_YEAR = 12
_MONTH_DAYS = 30


class FreshOut(Strict):
    """All that happened before ``as_of`` is in the figures; ``lag_ms`` is how long ago that was."""

    as_of = fields.UtcField()
    lag_ms = fields.CountField(most=_LONG)


class DaysOut(Strict):
    """Days, both included."""

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")


class MonthsOut(Strict):
    """Months, both included."""

    since = fields.Text(max=7, data_key="from")
    until = fields.Text(max=7, data_key="to")


class DaysFilter(Strict):
    """Which days, both included; left out: the last thirty. And in which currency."""

    currency = fields.CurrencyField(metadata={"description": "Left out: the company's own."})

    since = fields.DateField(data_key="from")
    until = fields.DateField(data_key="to")


class WindowFilter(Strict):
    """Which months, both included; left out: the last twelve, with the present one."""

    since = fields.Text(max=7, pattern=MONTH, data_key="from")
    until = fields.Text(max=7, pattern=MONTH, data_key="to")


class MonthsFilter(WindowFilter):
    """Which months, and in which currency."""

    currency = fields.CurrencyField(metadata={"description": "Left out: the company's own."})


class SoldByFilter(Strict):
    """Whose orders count."""

    campaign = fields.IdField(metadata={"description": "Only orders that are owed to it."})
    team = fields.IdField(
        metadata={"description": "Only orders whose salesperson was in it on the day of the confirmation."}
    )


def days(filters: dict[str, Any]) -> Days:
    """Return the days that are asked for."""
    return days_of(filters.get("since"), filters.get("until"), company_day(), usual=_MONTH_DAYS)


def months(filters: dict[str, Any]) -> Months:
    """Return the months that are asked for."""
    return months_of(filters.get("since"), filters.get("until"), company_day(), usual=_YEAR)


def currency(filters: dict[str, Any]) -> str:
    """Return the currency that is asked for."""
    return str(filters.get("currency") or company_terms().currency)


def fresh(connection: Connection) -> Any:
    """Return how fresh the figures are."""
    return freshness(connection, company_clock().now())
