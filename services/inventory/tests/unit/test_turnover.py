"""Inventory turnover, by figures that can be checked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from libs.common.money import Money
from services.inventory.domain.turnover import DayOfValue, Period, PeriodReversed, PeriodTooLong, turnover_of

MARCH = Period(date(2026, 3, 1), date(2026, 3, 10))


def test_the_average_weighs_every_day_alike() -> None:
    """1000 for five days, then 600 for five: 800 on average; 400 shipped is half of it."""
    found = turnover_of(MARCH, "USD", 1000, [DayOfValue(date(2026, 3, 6), -400, shipped=400)])

    assert (found.average_value, found.closing_value) == (Money(800, "USD"), Money(600, "USD"))
    assert (found.turnover, found.days) == (Decimal("0.50"), Decimal("20.00"))


def test_without_stock_or_without_shipments_there_is_no_ratio() -> None:
    assert turnover_of(MARCH, "USD", 0, []).turnover is None
    still = turnover_of(MARCH, "USD", 500, [])
    assert (still.turnover, still.days) == (Decimal("0.00"), None)


def test_a_period_ends_after_it_begins_and_within_ten_years() -> None:
    with pytest.raises(PeriodReversed):
        Period(date(2026, 3, 2), date(2026, 3, 1))
    with pytest.raises(PeriodTooLong):
        Period(date(2000, 1, 1), date(2026, 3, 1))
