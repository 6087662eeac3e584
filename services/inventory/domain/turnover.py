"""Inventory turnover: what the goods that left in a period cost, over what lay there on the average day of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from libs.common.errors import Invalid
from libs.common.money import Money, divide_half_up

MOST_DAYS = 3660
_HUNDREDTHS = Decimal("0.01")


class PeriodReversed(Invalid):
    """A period ends before it begins."""

    code = "period_reversed"
    usual_cure = "give the first day and the last day of the period"


class PeriodTooLong(Invalid):
    """A period of more than ten years."""

    code = "period_too_long"
    usual_cure = f"ask for at most {MOST_DAYS} days"


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodReversed(f"{self.last} is before {self.first}", field="query")
        if self.days > MOST_DAYS:
            raise PeriodTooLong(f"the period has {self.days} days", field="query", days=self.days)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class DayOfValue:
    """By how much stock was worth more at the end of a day, and what of that came and went with customers."""

    day: date
    change: int
    shipped: int = 0
    restocked: int = 0


@dataclass(frozen=True)
class Turnover:
    """The figures of one currency; all amounts at moving-average cost."""

    currency: str
    days_of_period: int
    cost_of_goods_shipped: Money
    cost_of_goods_restocked: Money
    opening_value: Money
    closing_value: Money
    average_value: Money
    value_days: int = field(repr=False)

    @property
    def turnover(self) -> Decimal | None:
        """How often the average stock was shipped; nothing where none lay there."""
        if not self.value_days:
            return None
        return _ratio(self.cost_of_goods_shipped.minor * self.days_of_period, self.value_days)

    @property
    def days(self) -> Decimal | None:
        """How many days the average stock lasts; nothing where nothing was shipped."""
        shipped = self.cost_of_goods_shipped.minor
        return _ratio(self.value_days, shipped) if shipped else None


def turnover_of(period: Period, currency: str, opening: int, days: Iterable[DayOfValue]) -> Turnover:
    """Return the figures of a period from what stock was worth before it and how that changed, day by day.

    The average weighs each end of day alike: what comes on the last day counts for one day.
    """
    change = shipped = restocked = 0
    value_days = opening * period.days
    for each in days:
        change += each.change
        shipped += each.shipped
        restocked += each.restocked
        value_days += each.change * ((period.last - each.day).days + 1)
    return Turnover(
        currency=currency,
        days_of_period=period.days,
        cost_of_goods_shipped=Money(shipped, currency),
        cost_of_goods_restocked=Money(restocked, currency),
        opening_value=Money(opening, currency),
        closing_value=Money(opening + change, currency),
        average_value=Money(divide_half_up(value_days, period.days), currency),
        value_days=value_days,
    )


def _ratio(numerator: int, denominator: int) -> Decimal:
    return Decimal(divide_half_up(numerator * 100, denominator)) * _HUNDREDTHS
