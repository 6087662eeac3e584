"""The company's calendar day, by the zone and the clock that the composition root configured."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app

from libs.common.clock import Clock

COMPANY_ZONE = "COMPANY_ZONE"
COMPANY_CLOCK = "COMPANY_CLOCK"


def company_day(now: datetime) -> date:
    """Return the company's day at the moment ``now``."""
    return now.astimezone(current_app.config[COMPANY_ZONE]).date()


def company_today() -> date:
    """Return the company's present day, for those who only look."""
    clock: Clock = current_app.config[COMPANY_CLOCK]
    return company_day(clock.now())
