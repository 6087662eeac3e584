"""The company's calendar day, by the zone that the composition root configured."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app

COMPANY_ZONE = "COMPANY_ZONE"


def company_day(now: datetime) -> date:
    """Return the company's day at the moment ``now``."""
    return now.astimezone(current_app.config[COMPANY_ZONE]).date()
