"""The only reader of the environment in sales."""

from __future__ import annotations

from pathlib import Path

from environs import Env

from libs.common.settings import BadSettings, ServiceSettings
from services.sales.domain.terms import Terms

SERVICE = "sales"
LONGEST_DAYS = 3650
LONGEST_LAG_S = 6
LONGEST_EVER_S = 3600


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


def read_longest_lag() -> float:
    """Return how many seconds stock and credit may lag behind before no new quotation is taken in."""
    text = str(Env().str("MERIDIAN_SALES_LONGEST_LAG_S", None) or LONGEST_LAG_S)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LONGEST_EVER_S:
        raise BadSettings(
            f"MERIDIAN_SALES_LONGEST_LAG_S must be a number of seconds from 1 to {LONGEST_EVER_S}"
        )
    return float(text)


def read_papers() -> Path | None:
    """Return the company's own folder of templates (``MERIDIAN_SALES_PAPERS``), which come before ours."""
    text = Env().str("MERIDIAN_SALES_PAPERS", None)
    if not text:
        return None
    if not Path(text).is_dir():
        raise BadSettings(f"MERIDIAN_SALES_PAPERS must be a folder; there is none at {text}")
    return Path(text)


def _days(name: str, usual: int) -> int:
    text = str(Env().str(name, None) or usual)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LONGEST_DAYS:
        raise BadSettings(f"{name} must be a number of days from 1 to {LONGEST_DAYS}")
    return int(text)
