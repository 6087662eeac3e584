"""What the company decided that the routes need: set once, by whoever puts the application together."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app

from libs.common.clock import Clock

_BASE_CURRENCY = "MERIDIAN_COMPANY_CURRENCY"
_CLOCK = "MERIDIAN_CLOCK"
_ZONE = "MERIDIAN_COMPANY_ZONE"


def set_base_currency(app: Flask, currency: str) -> None:
    """Let customers that come without a currency have this one."""
    app.config[_BASE_CURRENCY] = currency


def base_currency() -> str:
    """Return the currency of customers that come without one."""
    found: str = current_app.config[_BASE_CURRENCY]
    return found


def set_zone(app: Flask, company_zone: ZoneInfo) -> None:
    """Let the days of the routes of ``app`` begin as they do in this zone."""
    app.config[_ZONE] = company_zone


def zone() -> ZoneInfo:
    """Return the zone in which the company's days begin."""
    found: ZoneInfo = current_app.config[_ZONE]
    return found


def set_clock(app: Flask, clock: Clock) -> None:
    """Let the routes of ``app`` go by this clock."""
    app.config[_CLOCK] = clock


def now() -> datetime:
    """Return the time by the clock of the application that answers now."""
    clock: Clock = current_app.config[_CLOCK]
    return clock.now()
