"""Quantities are exact thousandths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.quantity import LIMIT_MILLI, Quantity


@pytest.mark.parametrize(
    "text", ["", "1e3", "NaN", "1.0005", "1_0", "\uff11", " 1", "-", ".5", "00", "1" * 13]
)
def test_only_plain_digits_with_three_decimals_are_a_quantity(text: str) -> None:
    with pytest.raises(ValueError, match="not a quantity"):
        Quantity.of(text)


@given(st.integers(-LIMIT_MILLI + 1, LIMIT_MILLI - 1))
def test_text_and_back_is_the_same_quantity(milli: int) -> None:
    assert Quantity.of(str(Quantity(milli))) == Quantity(milli)


def test_one_and_a_half_pieces_do_not_fit_an_item_counted_in_pieces() -> None:
    assert not Quantity.of("1.5").fits(0)
    assert Quantity.of("1.5").fits(1)
    assert Quantity.of("2").fits(0)


def test_a_quantity_has_a_bound() -> None:
    with pytest.raises(ValueError, match="may not exceed"):
        Quantity(LIMIT_MILLI + 1)
