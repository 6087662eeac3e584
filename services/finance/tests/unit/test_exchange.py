"""Currencies in the company's books: exact at the document's rate, and nothing stays when all is settled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from services.finance.domain.company_books import allocated, at_value, credited
from services.finance.domain.exchange import (
    Carried,
    ExchangeRate,
    ExchangeRateInvalid,
    TooMuchToConvert,
    rate_e10,
    require_pair,
)
from services.finance.domain.ledger import (
    Entry,
    Posting,
    Unbalanced,
    allocation_entry,
    credit_note_entry,
    invoice_entry,
)
from services.finance.domain.roles import EXCHANGE, OPENING
from services.finance.domain.taxes import TaxTotal
from services.finance.tests.builders import HARBOR, usd

DAY = date(2026, 3, 2)
minors = st.integers(1, 10**9)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def rate(text: str, pair: tuple[str, str] = ("EUR", "USD")) -> ExchangeRate:
    return ExchangeRate(*pair, DAY, 1, rate_e10(Decimal(text)), "bank")


@pytest.mark.parametrize(
    ("amount", "text", "pair", "expected"),
    [
        (Money.of("100.00", "EUR"), "1.0825", ("EUR", "USD"), "108.25 USD"),
        (Money.of("100", "JPY"), "0.0067", ("JPY", "USD"), "0.67 USD"),
        (Money.of("1.00", "USD"), "149.5", ("USD", "JPY"), "150 JPY"),
        (Money.of("1.000", "KWD"), "3.2515", ("KWD", "USD"), "3.25 USD"),
        (Money.of("-0.01", "EUR"), "0.5", ("EUR", "USD"), "-0.01 USD"),
    ],
)
def test_r4_5_an_amount_is_converted_by_the_units_of_both_currencies(amount, text, pair, expected):
    told = rate(text, pair)
    assert (str(told.convert(amount)), told.rate) == (expected, text)


@pytest.mark.parametrize("text", ["0", "-1", "1.00000000001", "100000001", "NaN"])
def test_what_is_no_rate_is_refused(text: str):
    with pytest.raises(ExchangeRateInvalid):
        rate_e10(Decimal(text))


def test_a_currency_has_no_rate_to_itself_and_too_much_is_not_booked():
    with pytest.raises(ExchangeRateInvalid, match="EUR to itself"):
        require_pair("EUR", "EUR")
    with pytest.raises(TooMuchToConvert):
        rate("1000").convert(eur(10**17))


@given(parts=st.lists(minors, min_size=1, max_size=8), company=st.integers(0, 10**9))
def test_r4_5_what_is_carried_goes_out_to_the_last_unit(parts: list[int], company: int):
    claim = Carried(eur(sum(parts)), Money(company, "USD"))
    left, gone = claim.whole, 0
    for part in parts:
        out = claim.part(left, eur(part))
        assert out is not None
        assert out.minor >= 0
        gone += out.minor
        left -= eur(part)
    assert gone == company


@given(total=minors, share=st.integers(0, 1_000_000), company=st.integers(0, 10**9))
def test_r4_5_an_invoice_balances_in_both_currencies(total: int, share: int, company: int):
    tax = total * share // 1_000_000
    half = tax // 2
    taxes = [
        TaxTotal("VAT13", 130_000, eur(total - tax), eur(half)),
        TaxTotal("VAT6", 60_000, eur(0), eur(tax - half)),
    ]
    entry = invoice_entry("i", "INV-1", HARBOR, DAY, eur(total), taxes)
    assert entry is not None
    carried = at_value(entry, Money(company, "USD"))
    assert sum(each.debit.minor for each in carried.company) == company
    assert sum(each.credit.minor for each in carried.company) == company
    assert [each.account for each in carried.company] == [each.account for each in entry.postings]


@given(advance=st.none() | st.integers(0, 10**9), claim=st.none() | st.integers(0, 10**9))
def test_r4_5_a_payment_realises_what_the_rates_made_between(advance: int | None, claim: int | None):
    entry = allocation_entry("a", "PAY-1 / INV-1", HARBOR, DAY, eur(100))
    money = None if advance is None else Money(advance, "USD")
    owed = None if claim is None else Money(claim, "USD")
    carried = allocated(entry, money, owed)
    realised = sum(
        each.credit.minor - each.debit.minor for each in carried.company if each.account == EXCHANGE
    )
    assert realised == (0 if advance is None or claim is None else advance - claim)
    opened = any(each.account == OPENING for each in carried.company)
    assert opened == ((advance is None) != (claim is None))


def test_an_entry_that_does_not_balance_in_the_companys_currency_cannot_be():
    entry = credit_note_entry("c", "CN-1", HARBOR, DAY, eur(60), eur(40))
    assert len(credited(entry, usd("0.70"), usd("0.45")).company) == 3
    assert credited(entry, None, None) is entry
    lopsided = (Posting("1200", usd("1"), usd("0")), Posting("4000", usd("0"), usd("2")))
    with pytest.raises(Unbalanced):
        Entry("invoice", "i", "INV-1", HARBOR, DAY, entry.postings, lopsided)
