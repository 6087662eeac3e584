"""The company's terms of business for the routes: set once, by whoever puts the application together."""

from __future__ import annotations

from flask import Flask, current_app

from services.sales.domain.terms import Terms

_TERMS = "MERIDIAN_SALES_TERMS"


def set_terms(app: Flask, terms: Terms) -> None:
    """Let the routes of ``app`` go by these terms."""
    app.config[_TERMS] = terms


def company_terms() -> Terms:
    """Return the terms of the application that answers now."""
    found: Terms = current_app.config[_TERMS]
    return found
