"""The time and the company's day, which the routes need: set once, by whoever puts the application together."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app

from libs.common.clock import Clock

_ZONE = "MERIDIAN_COMPANY_ZONE"
_CLOCK = "MERIDIAN_CLOCK"


def set_zone(app: Flask, zone: ZoneInfo) -> None:
    """Let days begin and end where the company is."""
    app.config[_ZONE] = zone


def zone() -> ZoneInfo:
    """Return where the company is."""
    found: ZoneInfo = current_app.config[_ZONE]
    return found


def day(now: datetime) -> date:
    """Return the company's day at the moment ``now``."""
    return now.astimezone(zone()).date()


def set_clock(app: Flask, clock: Clock) -> None:
    """Let the routes of ``app`` go by this clock."""
    app.config[_CLOCK] = clock


def now() -> datetime:
    """Return the time by the clock of the application that answers now, for looks only."""
    clock: Clock = current_app.config[_CLOCK]
    return clock.now()


def today() -> date:
    """Return the company's day now, for looks; what changes something goes by the time of its transaction."""
    return day(now())
