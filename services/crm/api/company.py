"""What the company decided that the routes need: set once, by whoever puts the application together."""

from __future__ import annotations

from datetime import date, datetime
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


def set_clock(app: Flask, clock: Clock, zone: ZoneInfo) -> None:
    """Let the routes of ``app`` go by this clock, and count days in this zone."""
    app.config[_CLOCK] = clock
    app.config[_ZONE] = zone


def now() -> datetime:
    """Return the time by the clock of the application that answers now."""
    clock: Clock = current_app.config[_CLOCK]
    return clock.now()


def company_zone() -> ZoneInfo:
    """Return where the company's days begin and end."""
    found: ZoneInfo = current_app.config[_ZONE]
    return found


def company_day() -> date:
    """Return today in the company's zone."""
    return now().astimezone(company_zone()).date()
