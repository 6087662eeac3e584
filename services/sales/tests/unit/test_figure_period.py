"""Periods of figures: which whole months lie in some days, and which days are left over."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.figure_period import Days, Months, parted

_ALL_DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))


def test_a_period_is_parted_into_its_whole_months_and_the_days_beside_them() -> None:
    assert parted(Days(date(2026, 1, 1), date(2026, 2, 28))) == (Months("2026-01", "2026-02"), ())
    assert parted(Days(date(2025, 12, 31), date(2026, 2, 1))) == (
        Months("2026-01", "2026-01"),
        (Days(date(2025, 12, 31), date(2025, 12, 31)), Days(date(2026, 2, 1), date(2026, 2, 1))),
    )
    within = Days(date(2026, 1, 2), date(2026, 2, 27))
    assert parted(within) == (None, (within,)), "no month of them is whole"


@given(_ALL_DAYS, st.integers(0, 800))
def test_no_day_is_lost_and_none_counted_twice(since: date, more: int) -> None:
    days = Days(since, since + timedelta(days=more))
    whole, beside = parted(days)
    parts = [*beside, *([] if whole is None else [whole.days])]
    told = sorted(part.since + timedelta(days=n) for part in parts for n in range(part.count))
    assert told == [since + timedelta(days=n) for n in range(days.count)]
