"""The amount of a line: exact, rounded once, half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money, Price, exponent
from libs.common.quantity import Quantity
from services.sales.domain.amounts import (
    basis_points,
    exact_decimal,
    exact_text,
    in_e11,
    line_amount,
    percent,
)
from services.sales.tests.builders import price, qty


@pytest.mark.parametrize(
    ("unit_price", "currency", "quantity", "discount_bp", "booked", "exact"),
    [
        ("348.35", "USD", "16", 400, "5350.66", "5350.656"),
        ("5095.20", "USD", "1", 700, "4738.54", "4738.536"),
        ("100.5", "JPY", "2", 0, "201", "201"),
        ("100.5", "JPY", "1", 0, "101", "100.5"),
        ("100.5", "JPY", "3", 0, "302", "301.5"),
        ("0.3333", "USD", "1.5", 0, "0.50", "0.49995"),
        ("0.005", "USD", "1", 0, "0.01", "0.005"),
        ("0.0049", "USD", "1", 0, "0.00", "0.0049"),
        ("18.00", "USD", "10", 0, "180.00", "180.00"),
        ("18.00", "USD", "10", 10_000, "0.00", "0.00"),
        ("1.2345", "KWD", "0.001", 1234, "0.001", "0.0010821627"),
        ("0", "USD", "7", 0, "0.00", "0.00"),
    ],
)
def test_a_line_is_rounded_once_and_half_up(unit_price, currency, quantity, discount_bp, booked, exact):
    worth = line_amount(price(unit_price, currency), qty(quantity), discount_bp)

    assert worth.amount == Money.of(booked, currency)
    assert exact_text(worth.exact_e11, currency) == exact
    assert worth.was_rounded == (Decimal(exact) != Decimal(booked))


def test_six_lines_of_seven_percent_sum_up_line_by_line():
    amounts = ["5095.20", "1266.35", "88.85", "1019.05", "7.15", "333.33"]
    worths = [line_amount(price(amount), qty(1), 700) for amount in amounts]

    booked = Money.total((worth.amount for worth in worths), "USD")
    exact = sum(worth.exact_e11 for worth in worths)

    assert booked == Money.of("7263.25", "USD")
    assert exact_decimal(exact) == sum(Decimal(amount) for amount in amounts) * Decimal("0.93")
    assert in_e11(booked) - exact == sum(worth.rounding_e11 for worth in worths)


@pytest.mark.parametrize("discount_bp", [-1, 10_001])
def test_a_discount_outside_of_nought_and_all_is_refused(discount_bp):
    with pytest.raises(ValueError):
        line_amount(price("1"), qty(1), discount_bp)


def test_an_amount_that_cannot_be_booked_is_refused():
    with pytest.raises(ValueError):
        line_amount(price("999999999999.9999"), qty("999999999999"), 0)


currencies = st.sampled_from(["USD", "JPY", "KWD", "CNY"])
prices = st.integers(min_value=0, max_value=10**10)
quantities = st.integers(min_value=1, max_value=10**8)
discounts = st.integers(min_value=0, max_value=10_000)
lines = st.tuples(prices, quantities, discounts)


@given(currency=currencies, line=lines)
def test_the_exact_amount_is_the_product_and_the_booked_one_its_half_up_rounding(currency, line):
    e4, milli, discount_bp = line
    with localcontext(Context(prec=80)):
        wanted = Decimal(e4) / 10_000 * (Decimal(milli) / 1000) * (Decimal(10_000 - discount_bp) / 10_000)
        rounded = wanted.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP)

        worth = line_amount(Price(e4, currency), Quantity(milli), discount_bp)

        assert exact_decimal(worth.exact_e11) == wanted
        assert worth.amount.decimal == rounded
        assert abs(exact_decimal(worth.rounding_e11)) <= Decimal("0.5").scaleb(-exponent(currency))


@given(currency=currencies, items=st.lists(lines, min_size=1, max_size=30))
def test_the_total_is_the_sum_of_the_lines_and_the_difference_is_accounted_for(currency, items):
    worths = [line_amount(Price(e4, currency), Quantity(milli), bp) for e4, milli, bp in items]

    total = Money.total((worth.amount for worth in worths), currency)

    assert total.minor == sum(worth.amount.minor for worth in worths)
    assert in_e11(total) - sum(worth.rounding_e11 for worth in worths) == sum(w.exact_e11 for w in worths)


@given(value=st.integers(min_value=-(10**30), max_value=10**30), currency=currencies)
def test_exact_text_reads_back_whatever_its_length(value, currency):
    text = exact_text(value, currency)

    assert Decimal(text) == exact_decimal(value)
    assert "E" not in text
    assert len(text.partition(".")[2]) >= exponent(currency)


@given(bp=discounts)
def test_percentages_read_back(bp):
    assert basis_points(percent(bp)) == bp


def test_a_percentage_finer_than_two_decimals_is_refused():
    with pytest.raises(ValueError):
        basis_points(Decimal("0.001"))
