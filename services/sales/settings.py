"""The only reader of the environment in sales."""

from __future__ import annotations

from environs import Env

from libs.common.settings import BadSettings, ServiceSettings
from services.sales.domain.terms import Terms

SERVICE = "sales"
LONGEST_DAYS = 3650
MOST_UNANSWERED = 400
MOST_EVER = 100_000


def read_settings() -> ServiceSettings:
    """Return what the environment says about where sales runs."""
    return ServiceSettings.from_environment(service=SERVICE)


def read_terms(settings: ServiceSettings) -> Terms:
    """Return the company's terms; ``MERIDIAN_SALES_QUOTATION_DAYS`` and ``_HOLD_DAYS`` replace the usual ones."""
    return Terms(
        currency=settings.company_currency,
        zone=settings.company_zone,
        validity_days=_days("MERIDIAN_SALES_QUOTATION_DAYS", Terms.validity_days),
        hold_days=_days("MERIDIAN_SALES_HOLD_DAYS", Terms.hold_days),
    )


def read_most_unanswered() -> int:
    """Return how many orders may wait for stock or credit to answer before no new quotation is taken in."""
    text = str(Env().str("MERIDIAN_SALES_MOST_UNANSWERED", None) or MOST_UNANSWERED)
    if not text.isascii() or not text.isdigit() or not 2 <= int(text) <= MOST_EVER:
        raise BadSettings(f"MERIDIAN_SALES_MOST_UNANSWERED must be a number from 2 to {MOST_EVER}")
    return int(text)


def _days(name: str, usual: int) -> int:
    text = str(Env().str(name, None) or usual)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LONGEST_DAYS:
        raise BadSettings(f"{name} must be a number of days from 1 to {LONGEST_DAYS}")
    return int(text)
