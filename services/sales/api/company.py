"""The company's terms of business and its day, for the routes: set once, by whoever puts the application together."""

from __future__ import annotations

from datetime import date

from flask import Flask, current_app

from libs.common.clock import Clock
from services.sales.domain.terms import Terms

_TERMS = "MERIDIAN_SALES_TERMS"
_CLOCK = "MERIDIAN_CLOCK"


def set_company(app: Flask, terms: Terms, clock: Clock) -> None:
    """Let the routes of ``app`` go by these terms and this clock."""
    app.config[_TERMS] = terms
    app.config[_CLOCK] = clock


def company_terms() -> Terms:
    """Return the terms of the application that answers now."""
    found: Terms = current_app.config[_TERMS]
    return found


def company_clock() -> Clock:
    """Return the clock of the application that answers now."""
    clock: Clock = current_app.config[_CLOCK]
    return clock


def company_day() -> date:
    """Return today in the company's zone."""
    return company_terms().today(company_clock().now())
