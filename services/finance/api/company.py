"""The company's terms and day, for the routes that need them: set once, when the application is put together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask, current_app

from libs.common.clock import Clock
from services.finance.domain.terms import Terms, require_not_future

_TERMS = "MERIDIAN_FINANCE_TERMS"
_CLOCK = "MERIDIAN_CLOCK"


def set_company(app: Flask, terms: Terms, clock: Clock) -> None:
    """Let the routes of ``app`` work on ``terms``, by ``clock``."""
    app.config[_TERMS] = terms
    app.config[_CLOCK] = clock


def company_terms() -> Terms:
    """Return the terms that the company does business on."""
    found: Terms = current_app.config[_TERMS]
    return found


def company_now() -> datetime:
    """Return the moment by the company's clock."""
    clock: Clock = current_app.config[_CLOCK]
    return clock.now()


def company_day() -> date:
    """Return today in the company's zone."""
    return company_terms().today(company_now())


def past_day(filters: dict[str, Any], field: str) -> date:
    """Return the day in a look's ``field``, today when it is left out; one in the future is refused."""
    today = company_day()
    day: date = filters.get(field) or today
    require_not_future(day, today, field)
    return day
