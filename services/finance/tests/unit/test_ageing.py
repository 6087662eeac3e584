"""Every day past due belongs to exactly one bucket."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.finance.domain.ageing import BUCKETS, bucket_of

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-400, "not_due"), (0, "not_due"), (1, "days_1_30"), (30, "days_1_30"), (31, "days_31_60"), (60, "days_31_60"),
        (61, "days_61_90"), (90, "days_61_90"), (91, "days_91_120"), (120, "days_91_120"), (121, "over_120_days"),
        (4000, "over_120_days"),
    ],
)  # fmt: skip
def test_the_bounds_of_the_buckets(days: int, name: str) -> None:
    assert bucket_of(TODAY - timedelta(days=days), TODAY).name == name


def test_the_due_days_of_a_bucket_are_those_that_it_holds() -> None:
    for days in range(-5, 200):
        due_on = TODAY - timedelta(days=days)
        holding = [
            bucket.name
            for bucket in BUCKETS
            for first, last in [bucket.due_days(TODAY)]
            if (first is None or due_on >= first) and (last is None or due_on <= last)
        ]
        assert holding == [bucket_of(due_on, TODAY).name]
