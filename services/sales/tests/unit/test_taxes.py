"""The tax on a document: exact to the unit, by the rule that it keeps, whatever the lines are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.amounts import line_amount
from services.sales.domain.tax_codes import TaxRateMissing, TaxSetting, TaxTerms
from services.sales.domain.taxes import (
    TaxedAmount,
    TaxRule,
    line_taxes,
    percent_of,
    ppm_of,
    tax_amounts,
    tax_of,
)
from services.sales.tests.builders import occasion, usd

PER_LINE, PER_DOCUMENT = TaxRule(), TaxRule(rounding="document")
INCLUSIVE = TaxRule("inclusive", "document")


def taxes(rule: TaxRule, ppm: int, *amounts: str, currency: str = "USD") -> list[str]:
    lines = [TaxedAmount(Money.of(amount, currency), "VAT", ppm) for amount in amounts]
    return [tax.digits for tax in tax_amounts(lines, rule)]


@pytest.mark.parametrize("rule", [PER_LINE, PER_DOCUMENT])
def test_r4_5_sixteen_at_348_35_less_4_percent_plus_22_percent(rule: TaxRule):
    worth = line_amount(Price.of("348.35", "USD"), Quantity.of(16), 400)
    assert worth.amount == usd("5350.66")
    assert taxes(rule, 220_000, worth.amount.digits) == ["1177.15"]


def test_r4_5_six_lines_at_7_percent_are_rounded_one_by_one_or_together():
    assert taxes(PER_LINE, 70_000, *["10.07"] * 6) == ["0.70"] * 6
    together = taxes(PER_DOCUMENT, 70_000, *["10.07"] * 6)
    assert together == ["0.70", "0.71", "0.70", "0.71", "0.70", "0.71"]
    assert sum(map(Decimal, together)) == Decimal("4.23")


def test_r4_5_what_is_only_offered_beside_another_line_is_taxed_by_itself():
    offered = [
        TaxedAmount(usd("10.07"), "VAT", 70_000, counts) for counts in (True, False, True, False, True)
    ]
    told = [tax.digits for tax in tax_amounts(offered, PER_DOCUMENT)]
    assert told == ["0.70", "0.70", "0.71", "0.70", "0.70"]


def test_r4_5_a_currency_without_minor_units_has_whole_taxes():
    worth = line_amount(Price.of("100.5", "JPY"), Quantity.of(2), 0)
    assert str(worth.amount) == "201 JPY"
    assert taxes(PER_LINE, 100_000, "201", currency="JPY") == ["20"]
    assert taxes(INCLUSIVE, 100_000, "201", currency="JPY") == ["18"]


def test_prices_that_contain_the_tax_are_split():
    (tax,) = line_taxes([TaxedAmount(usd("113.00"), "VAT13", 130_000)], TaxRule("inclusive"))
    assert tax is not None
    assert (tax.amount, tax.included) == (usd("13.00"), True)


@given(
    lines=st.lists(
        st.tuples(st.integers(0, 10**9), st.sampled_from([0, 60_000, 99_750, 130_000, 1_000_000])),
        min_size=1,
        max_size=12,
    ),
    prices=st.sampled_from(["exclusive", "inclusive"]),
)
def test_r4_5_the_lines_of_a_rate_make_up_the_tax_of_their_sum(lines: list[tuple[int, int]], prices):
    rule = TaxRule(prices, "document")
    told = tax_amounts([TaxedAmount(Money(minor, "USD"), "VAT", ppm) for minor, ppm in lines], rule)
    assert all(tax.minor >= 0 for tax in told)
    for rate in {ppm for _, ppm in lines}:
        of_rate = sum(tax.minor for tax, (_, ppm) in zip(told, lines, strict=True) if ppm == rate)
        base = sum(minor for minor, ppm in lines if ppm == rate)
        assert of_rate == tax_of(base, rate, inclusive=rule.inclusive)


@given(minor=st.integers(0, 10**12), ppm=st.integers(0, 1_000_000))
def test_tax_in_a_price_is_the_tax_on_what_is_left_of_it(minor: int, ppm: int):
    within = tax_of(minor, ppm, inclusive=True)
    assert 0 <= within <= minor
    assert abs(tax_of(minor - within, ppm, inclusive=False) - within) <= 1


def test_a_line_bears_the_customers_code_before_the_items_before_the_standard_one():
    terms = TaxTerms(TaxSetting(1, standard_code="VAT13"), {"VAT13": 130_000, "VAT0": 0})
    assert terms.code_for("VAT6", "VAT0") == "VAT0"
    assert terms.code_for("VAT6", None) == "VAT6"
    assert terms.code_for(None, None) == "VAT13"
    assert TaxTerms(TaxSetting()).code_for("VAT6", "VAT0") is None
    assert (
        line_taxes([TaxedAmount(usd("1.00"), None, 0), TaxedAmount(usd("1.00"), "VAT0", 0)], PER_LINE)[0]
        is None
    )
    with pytest.raises(TaxRateMissing, match="VAT6 has no rate on 2026-03-02"):
        terms.rate_for("VAT6", occasion().on)


@pytest.mark.parametrize(("ppm", "text"), [(130_000, "13"), (99_750, "9.975"), (0, "0"), (1_000_000, "100")])
def test_a_rate_reads_as_a_percentage(ppm: int, text: str):
    assert str(percent_of(ppm)) == text
    assert ppm_of(Decimal(text)) == ppm
    with pytest.raises(ValueError, match="four decimals"):
        ppm_of(Decimal("1.00001"))
