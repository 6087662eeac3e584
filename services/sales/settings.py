"""The only reader of the environment in sales."""

from __future__ import annotations

from environs import Env

from libs.common.settings import BadSettings, ServiceSettings
from services.sales.domain.terms import Terms

SERVICE = "sales"
LONGEST_DAYS = 3650


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


def _days(name: str, usual: int) -> int:
    text = str(Env().str(name, None) or usual)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LONGEST_DAYS:
        raise BadSettings(f"{name} must be a number of days from 1 to {LONGEST_DAYS}")
    return int(text)
