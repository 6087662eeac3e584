"""The company's terms of business: what a new customer is trusted with, and when an invoice falls due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from libs.common.errors import Invalid
from libs.common.money import Money


class DateInFuture(Invalid):
    """A business date lies further ahead than a difference of time zones explains."""

    code = "date_in_future"


@dataclass(frozen=True)
class Terms:
    """What applies where nothing else was agreed with a customer.

    ``default_limit`` is in the company currency, ``None`` means that credit is not checked. Invoices fall due
    ``payment_days`` after posting; once one is overdue by more than ``overdue_grace_days`` the account is on
    hold (``None``: overdue invoices do not hold an account). Days are counted in ``zone``.
    """

    currency: str
    default_limit: Money | None
    payment_days: int
    overdue_grace_days: int | None
    zone: ZoneInfo

    def today(self, now: datetime) -> date:
        """Return the company's day at the moment ``now``."""
        return now.astimezone(self.zone).date()

    def limit_for(self, currency: str) -> Money | None:
        """Return a new customer's limit in ``currency``.

        Without an exchange rate a customer of another currency starts with no credit, until a person decides: to
        turn the default's digits into another currency would be a guess.
        """
        if self.default_limit is None or self.default_limit.currency == currency:
            return self.default_limit
        return Money.zero(currency)

    def due_on(self, posted_on: date) -> date:
        """Return the day by which an invoice of ``posted_on`` is to be paid."""
        return posted_on + timedelta(days=self.payment_days)


def require_not_future(day: date, today: date, field: str) -> None:
    """Refuse a business date that is more than one day ahead of ``today``; the past is always allowed."""
    if day > today + timedelta(days=1):
        raise DateInFuture(
            f"{day.isoformat()} lies in the future",
            field=field,
            cure=f"give {today.isoformat()} or an earlier day",
        )
