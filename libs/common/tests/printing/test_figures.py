"""How amounts, quantities and days are written for a reader."""

from __future__ import annotations

from datetime import date

import pytest

from libs.common.money import Money
from libs.common.printing import amount, day, number, quantity
from libs.common.quantity import Quantity


@pytest.mark.parametrize(
    ("digits", "written"),
    [
        ("0", "0"),
        ("999.99", "999.99"),
        ("-1234567.50", "-1,234,567.50"),
        ("-0.05", "-0.05"),
        ("1000", "1,000"),
    ],
)
def test_a_number_is_grouped_by_thousands_and_keeps_every_digit(digits: str, written: str) -> None:
    assert number(digits) == written


@pytest.mark.parametrize(
    ("money", "language", "written"),
    [
        (Money.of("1234.5", "CNY"), "en", "CNY 1,234.50"),
        (Money.of("1234.5", "CNY"), "zh-CN", "¥1,234.50"),
        (Money.of("-1234.5", "CNY"), "zh-CN", "-¥1,234.50"),
        (Money.of("201", "JPY"), "zh-CN", "JPY 201"),
    ],
)
def test_an_amount_has_all_digits_of_its_currency(money: Money, language: str, written: str) -> None:
    assert amount(money, language) == written


def test_an_amount_in_a_column_leaves_the_currency_to_its_head() -> None:
    assert amount(Money.of("1234.5", "CNY"), currency=False) == "1,234.50"


def test_a_quantity_has_no_empty_decimals() -> None:
    assert [quantity(Quantity.of(text)) for text in ("1250", "0.500", "12.345")] == ["1,250", "0.5", "12.345"]


def test_a_day_is_written_in_the_language() -> None:
    assert (day(date(2026, 3, 9)), day(date(2026, 3, 9), "zh-CN")) == ("9 Mar 2026", "2026年3月9日")
