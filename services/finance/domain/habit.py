"""How a customer pays: how fast, and how much of it late, each weighted by amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from libs.common.money import Money
from services.finance.domain.dso import tenths

MONTHS = 12


@dataclass(frozen=True)
class PaidPart:
    """Money that paid a part of an invoice: so many days after it was posted, ``late`` days after it was due.

    ``parts`` of the same days may be taken together. A part that was paid in time has no days late.
    """

    amount: Money
    days_to_pay: int
    late: int
    parts: int = 1


@dataclass(frozen=True)
class PaymentHabit:
    """The habit since a day. The averages are in days, the share in per cent of what was paid; ``None``: no payment."""

    since: date
    payments: int
    paid: Money
    paid_late: Money
    average_days_to_pay: str | None
    average_days_late: str | None
    late_percent: str | None


def year_before(today: date) -> date:
    """Return the first day of the twelve months that end with ``today``."""
    try:
        return today.replace(year=today.year - 1) + timedelta(days=1)
    except ValueError:  # the 29th of February
        return date(today.year - 1, 3, 1)


def payment_habit(parts: Sequence[PaidPart], currency: str, since: date) -> PaymentHabit:
    """Return the habit that shows in what was paid ``since`` then."""
    paid = Money.total((part.amount for part in parts), currency)
    late = Money.total((part.amount for part in parts if part.late > 0), currency)
    weighted = sum(part.amount.minor * part.days_to_pay for part in parts)
    weighted_late = sum(part.amount.minor * max(part.late, 0) for part in parts)
    return PaymentHabit(
        since=since,
        payments=sum(part.parts for part in parts),
        paid=paid,
        paid_late=late,
        average_days_to_pay=tenths(weighted, paid.minor),
        average_days_late=tenths(weighted_late, paid.minor),
        late_percent=tenths(late.minor * 100, paid.minor),
    )
