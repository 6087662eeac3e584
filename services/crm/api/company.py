"""What the company decided that the routes need: set once, by whoever puts the application together."""

from __future__ import annotations

from flask import Flask, current_app

_BASE_CURRENCY = "MERIDIAN_COMPANY_CURRENCY"


def set_base_currency(app: Flask, currency: str) -> None:
    """Let customers that come without a currency have this one."""
    app.config[_BASE_CURRENCY] = currency


def base_currency() -> str:
    """Return the currency of customers that come without one."""
    found: str = current_app.config[_BASE_CURRENCY]
    return found
