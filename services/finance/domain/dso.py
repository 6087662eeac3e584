"""Days sales outstanding: how many days of credit sales are still owed, by balance and by counting back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from libs.common.money import Money

_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class MonthMoved:
    """A month of ``days`` days (so far): all with tax but ``revenue``; sums of amount x days are in minor units."""

    month: str
    days: int
    invoiced: Money
    credited: Money
    revenue: Money
    settled: Money
    paid: Money
    paid_days: int
    late: Money
    late_days: int

    @property
    def credit_sales(self) -> Money:
        """What was invoiced less what was credited."""
        return self.invoiced - self.credited

    @property
    def average_days_to_pay(self) -> str | None:
        """From invoice to money, weighted by amount; none where nothing was paid."""
        return tenths(self.paid_days, self.paid.minor)

    @property
    def average_days_late(self) -> str | None:
        """From the due day to money, weighted by amount; early counts as nothing."""
        return tenths(self.late_days, self.paid.minor)


def days_sales_outstanding(balance: Money, credit_sales: Money, days: int) -> str | None:
    """Return balance / credit sales x days, to a tenth; none without sales."""
    return tenths(balance.minor * days, credit_sales.minor) if credit_sales.minor > 0 else None


def count_back(balance: Money, months: Sequence[MonthMoved]) -> str | None:
    """Return how many days of the newest sales make up the balance: months peeled off it from the last one back.

    Of the month that is not used up its share of days counts; none where even all of ``months`` do not reach.
    """
    left, days = balance.minor, 0
    for month in reversed(months):
        sales = max(month.credit_sales.minor, 0)
        if left <= sales:
            part = Decimal(left * month.days) / Decimal(sales) if sales else Decimal(0)
            return str((Decimal(days) + part).quantize(_TENTH, ROUND_HALF_UP))
        left -= sales
        days += month.days
    return None


def tenths(numerator: int, denominator: int) -> str | None:
    """Return a quotient with one decimal, rounded half up; none where the denominator is nothing."""
    if not denominator:
        return None
    return str((Decimal(numerator) / Decimal(denominator)).quantize(_TENTH, ROUND_HALF_UP))
