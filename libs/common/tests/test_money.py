"""Money and prices are exact, and refuse what is not a plain number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import CurrencyMismatch, Money, Price, divide_half_up

NOT_PLAIN = [
    "",
    " 1",
    "1 ",
    "1e3",
    "NaN",
    "Infinity",
    "1_000",
    "\uff11\uff12",
    "+1",
    ".5",
    "1.",
    "01",
    "0x10",
    "1,5",
    "-",
]


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_only_plain_decimal_digits_are_an_amount(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain decimal"):
        Money.of(text, "USD")
    with pytest.raises(ValueError, match="not a plain decimal"):
        Price.of(text, "USD")


def test_an_amount_finer_than_its_currency_is_refused_not_rounded() -> None:
    with pytest.raises(ValueError, match="more than 2 decimals"):
        Money.of("1.005", "USD")
    with pytest.raises(ValueError, match="more than 0 decimals"):
        Money.of("201.5", "JPY")
    assert Money.of("1.005", "KWD").minor == 1005


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        Money.of(1, "USD") + Money.of(1, "EUR")
    with pytest.raises(CurrencyMismatch):
        assert Money.of(1, "USD") < Money.of(2, "EUR")


def test_an_unknown_currency_and_an_absurd_amount_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown currency"):
        Money(1, "ZZZ")
    with pytest.raises(ValueError, match="may not exceed"):
        Money(10**17 + 1, "USD")


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(5, 10, 1), (-5, 10, -1), (4, 10, 0), (15, 10, 2), (0, 3, 0), (-14, 10, -1)],
)
def test_halves_round_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert divide_half_up(numerator, denominator) == rounded


@given(st.integers(-(10**14), 10**14), st.sampled_from(["USD", "JPY", "KWD"]))
def test_text_and_back_is_the_same_amount(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(money.decimal, currency) == money


@given(st.integers(0, 10**9), st.lists(st.integers(1, 500), min_size=1, max_size=8))
def test_cumulative_shares_add_up_to_the_whole(minor: int, parts: list[int]) -> None:
    whole, given_out, done = Money(minor, "USD"), Money.zero("USD"), 0
    for part in parts:
        done += part
        given_out = given_out + (whole.share(done, sum(parts)) - given_out)
    assert given_out == whole


def test_a_price_shows_no_more_decimals_than_it_needs() -> None:
    assert str(Price.of("14", "USD")) == "14.00 USD"
    assert str(Price.of("0.0125", "USD")) == "0.0125 USD"
    assert str(Price.of("100", "JPY")) == "100 JPY"
    assert Price.of("2.5", "USD").decimal == Decimal("2.5")
