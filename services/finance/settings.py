"""The only reader of the environment in finance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from environs import Env

from libs.common.money import Money
from libs.common.settings import BadSettings, ServiceSettings
from services.finance.domain.papers import Letterhead
from services.finance.domain.terms import Terms

Default = TypeVar("Default", int, None)
SERVICE = "finance"
NO_LIMIT = "none"
PAYMENT_DAYS = 30
NO_LETTERHEAD = Letterhead("Meridian")


@dataclass(frozen=True)
class FinanceSettings:
    """Where finance runs, and the company's terms of business."""

    common: ServiceSettings
    terms: Terms
    letterhead: Letterhead = NO_LETTERHEAD
    papers: Path | None = None


def read_settings() -> FinanceSettings:
    """Return what the environment says.

    ``MERIDIAN_DEFAULT_CREDIT_LIMIT``: new customers' limit in the company currency, 50000 unless given; ``none``
    for no check. ``MERIDIAN_PAYMENT_DAYS``: from posting to due, 30. ``MERIDIAN_OVERDUE_GRACE_DAYS``: how long an
    overdue invoice is borne before its account is on hold; not given, overdue invoices hold no account.
    ``MERIDIAN_COMPANY_NAME``, ``_ADDRESS`` (its lines parted by ``|``) and ``_FOOTER`` stand on papers;
    ``MERIDIAN_FINANCE_PAPERS``: the company's own folder of templates, which come before ours.
    """
    common = ServiceSettings.from_environment(service=SERVICE)
    return FinanceSettings(common, read_terms(common), read_letterhead(), _papers())


def read_letterhead() -> Letterhead:
    """Return who the company is on its papers."""
    env = Env()
    lines = env.str("MERIDIAN_COMPANY_ADDRESS", "").split("|")
    return Letterhead(
        name=env.str("MERIDIAN_COMPANY_NAME", "") or NO_LETTERHEAD.name,
        lines=tuple(line.strip() for line in lines if line.strip()),
        footer=env.str("MERIDIAN_COMPANY_FOOTER", "") or None,
    )


def _papers() -> Path | None:
    folder = Env().str("MERIDIAN_FINANCE_PAPERS", "")
    if folder and not Path(folder).is_dir():
        raise BadSettings(f"MERIDIAN_FINANCE_PAPERS must be a folder; there is none at {folder}")
    return Path(folder) if folder else None


def read_terms(common: ServiceSettings) -> Terms:
    """Return the terms of business that the environment sets."""
    return Terms(
        currency=common.company_currency,
        default_limit=_default_limit(common.company_currency),
        payment_days=_days("MERIDIAN_PAYMENT_DAYS", PAYMENT_DAYS),
        overdue_grace_days=_days("MERIDIAN_OVERDUE_GRACE_DAYS", None),
        zone=common.company_zone,
    )


def _default_limit(currency: str) -> Money | None:
    name = "MERIDIAN_DEFAULT_CREDIT_LIMIT"
    written = Env().str(name, "50000")
    if written.lower() == NO_LIMIT:
        return None
    try:
        limit = Money.of(written, currency)
    except ValueError as error:
        raise BadSettings(f"{name} must be an amount in {currency}, or {NO_LIMIT}: {error}") from None
    if limit.minor < 0:
        raise BadSettings(f"{name} may not be negative")
    return limit


def _days(name: str, default: Default) -> int | Default:
    written = Env().str(name, "")
    if not written:
        return default
    if not (written.isascii() and written.isdigit() and len(written) <= 4):
        raise BadSettings(f"{name} must be a number of days from 0 to 9999")
    return int(written)
