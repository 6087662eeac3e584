"""When invoices fall due: in parts that are the whole to the cent, and of which the first due is paid first."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from services.finance.domain.payment_terms import (
    WHOLE_BP,
    PaymentTerms,
    PaymentTermsInvalid,
    TermsPart,
    instalments,
)
from services.finance.tests.builders import usd

POSTED = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("part", "since", "due_on"),
    [
        (TermsPart(WHOLE_BP, 30), date(2026, 1, 31), date(2026, 3, 2)),
        (TermsPart(WHOLE_BP, 0, end_of_month=True), date(2028, 2, 1), date(2028, 2, 29)),
        (TermsPart(WHOLE_BP, 15, end_of_month=True), date(2026, 1, 31), date(2026, 2, 15)),
    ],
)
def test_a_part_is_due_so_many_days_after_the_invoice_or_the_end_of_its_month(
    part: TermsPart, since: date, due_on: date
) -> None:
    assert part.due_on(since) == due_on


def test_the_last_part_takes_what_rounding_leaves_and_the_first_due_comes_first() -> None:
    terms = PaymentTerms("thirds", 1, (TermsPart(3334, 60), TermsPart(3333, 0), TermsPart(3333, 30)))
    parts = instalments(terms, usd("100.00"), POSTED, POSTED)
    assert [(part.number, part.due_on, part.amount, part.later) for part in parts] == [
        (1, date(2026, 1, 15), usd("33.33"), usd("66.67")),
        (2, date(2026, 2, 14), usd("33.33"), usd("33.34")),
        (3, date(2026, 3, 16), usd("33.34"), usd("0")),
    ]
    late = instalments(terms, usd("100.00"), POSTED, date(2026, 2, 20))
    assert [(part.due_on, part.amount) for part in late] == [
        (date(2026, 2, 20), usd("66.66")),
        (date(2026, 3, 16), usd("33.34")),
    ]
    assert [part.amount for part in instalments(terms, usd("0.01"), POSTED, POSTED)] == [usd("0.01")]
    assert [part.due_on for part in instalments(terms, usd("0"), POSTED, POSTED)] == [date(2026, 3, 16)]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ((), "parts"),
        ((TermsPart(5000, 0), TermsPart(4999, 30)), "parts.1.share_bp"),
        ((TermsPart(10_001, 0),), "parts.0.share_bp"),
        ((TermsPart(10_000, 0), TermsPart(0, 30)), "parts.1.share_bp"),
    ],
)
def test_terms_that_cannot_be(parts: tuple[TermsPart, ...], field: str) -> None:
    with pytest.raises(PaymentTermsInvalid) as refused:
        PaymentTerms("bad", 1, parts)
    assert refused.value.field == field


@given(
    st.lists(st.integers(1, WHOLE_BP - 1), max_size=5, unique=True),
    st.lists(st.integers(0, 90), min_size=6, max_size=6),
    st.integers(1, 10**9),
    st.integers(0, 10**9),
)
def test_parts_are_the_whole_and_what_is_paid_pays_what_is_due_first(
    cuts: list[int], days: list[int], minor: int, paid: int
) -> None:
    edges = [0, *sorted(cuts), WHOLE_BP]
    shares = [after - before for before, after in pairwise(edges)]
    terms = PaymentTerms("any", 1, tuple(map(TermsPart, shares, days)))
    parts = instalments(terms, Money(minor, "USD"), POSTED, POSTED)
    assert sum(part.amount.minor for part in parts) == minor
    assert [part.due_on for part in parts] == sorted({part.due_on for part in parts})
    still_open = Money(max(minor - paid, 0), "USD")
    opens = [part.open_of(still_open) for part in parts]
    assert sum(each.minor for each in opens) == still_open.minor
    begun = False
    for part, open_ in zip(parts, opens, strict=True):
        assert not begun or open_ == part.amount  # behind one that is not paid, none is touched
        begun = begun or bool(open_)
