"""The company's day, which the routes need: its zone is set once, by whoever puts the application together."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app

_ZONE = "MERIDIAN_COMPANY_ZONE"


def set_zone(app: Flask, zone: ZoneInfo) -> None:
    """Let days begin and end where the company is."""
    app.config[_ZONE] = zone


def day(now: datetime) -> date:
    """Return the company's day at the moment ``now``."""
    zone: ZoneInfo = current_app.config[_ZONE]
    return now.astimezone(zone).date()
