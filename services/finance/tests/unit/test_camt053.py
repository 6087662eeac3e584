"""Statements as XML: what is booked is read to the cent, and whatever is not a statement is refused with its reason."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance.domain.bank import StatementDoesNotAddUp, StatementUnreadable, check_statement
from services.finance.domain.camt053 import read_camt053
from services.finance.tests.builders import usd
from services.finance.tests.statements import IBAN, NAMESPACE, a_balance, a_statement, an_entry


def read(*entries: str, **more: str):
    (found,) = read_camt053(a_statement(*entries, **more))
    return found


def test_an_entry_is_read_with_who_paid_what_for():
    line = read(
        an_entry("300.05", ref="B-1", text="INV-000007 thanks", payer="Harbor Pumps", account="CH93")
    ).lines[0]
    assert (line.reference, line.amount, line.booked_on) == ("B-1", usd("300.05"), date(2026, 3, 2))
    assert (line.text, line.payer, line.payer_account) == ("INV-000007 thanks", "Harbor Pumps", "CH93")


def test_money_out_is_negative_and_only_booked_entries_count():
    found = read(
        an_entry("10.00", sign="DBIT"),
        an_entry("20.00", status="<Sts>PDNG</Sts>"),
        an_entry("30.00", status="<Sts>BOOK</Sts>"),
    )
    assert [line.amount for line in found.lines] == [usd("-10.00"), usd("30.00")]
    assert [line.needs_somebody for line in found.lines] == [False, True]


def test_a_payment_that_is_called_back_needs_somebody():
    line = read(an_entry("10.00", sign="DBIT", more="<RvslInd>true</RvslInd>")).lines[0]
    assert (line.amount, line.is_reversal, line.needs_somebody) == (usd("-10.00"), True, True)


def a_transfer(amount: str, reference: str) -> str:
    return (
        f'<TxDtls><Refs><AcctSvcrRef>{reference}</AcctSvcrRef></Refs><Amt Ccy="USD">{amount}</Amt></TxDtls>'
    )


def test_an_entry_of_several_transfers_is_taken_apart_when_they_add_up():
    apart = read(an_entry("30.00", transfers=a_transfer("10.00", "T-1") + a_transfer("20.00", "T-2")))
    assert [(line.reference, line.amount, line.line_no) for line in apart.lines] == [
        ("T-1", usd("10.00"), 1),
        ("T-2", usd("20.00"), 2),
    ]
    whole = read(
        an_entry("31.00", ref="B", transfers=a_transfer("10.00", "T-1") + a_transfer("20.00", "T-2"))
    )
    assert [(line.reference, line.amount) for line in whole.lines] == [("B", usd("31.00"))]


def test_lines_without_a_reference_are_told_apart_and_are_the_same_in_the_next_file():
    twice = [an_entry("5.00", text="coffee"), an_entry("5.00", text="coffee")]
    first, second = check_statement(read(*twice)).lines
    assert first.reference != second.reference
    assert [line.reference for line in check_statement(read(*twice, an_entry("6.00"))).lines[:2]] == [
        first.reference,
        second.reference,
    ]


def test_the_balances_have_to_add_up():
    balances = a_balance("OPBD", "100.00") + a_balance("CLBD", "290.00")
    check_statement(read(an_entry("200.00"), an_entry("10.00", sign="DBIT"), balances=balances))
    with pytest.raises(StatementDoesNotAddUp) as told:
        check_statement(read(an_entry("200.00"), balances=balances))
    assert told.value.figures["closing"] == usd("290.00")
    overdrawn = a_balance("PRCD", "50.00", "DBIT") + a_balance("CLBD", "150.00")
    check_statement(read(an_entry("200.00"), balances=overdrawn))


BOMB = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Document>&b;</Document>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not plain XML"),
        ("date,amount\n", "not plain XML"),
        (BOMB, "not plain XML"),
        (OUTSIDE, "not plain XML"),
        ("<html/>", "no camt.053"),
        (f'<Document xmlns="{NAMESPACE}"><BkToCstmrStmt/></Document>', "no statement"),
        (a_statement(an_entry(), account=""), "of which account"),
        (a_statement(an_entry("12.345")), "cannot be read"),
        (a_statement(an_entry("NaN")), "cannot be read"),
        (a_statement(an_entry("1e3")), "cannot be read"),
        (a_statement(an_entry(currency="EUR")), "an entry in EUR"),
        (a_statement(an_entry(currency="XYZ")), "cannot be read"),
        (a_statement(an_entry(sign="BOTH")), "came in or went out"),
        (a_statement(an_entry(on="02.03.2026")), "on which day"),
    ],
)
def test_what_is_no_statement_is_refused_with_the_reason(text: str, said: str):
    with pytest.raises(StatementUnreadable, match=said) as told:
        read_camt053(text)
    assert (told.value.field, bool(told.value.cure)) == ("content", True)


def test_a_statement_without_a_booked_line_says_so():
    with pytest.raises(StatementUnreadable, match="no booked line"):
        check_statement(read())


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str):
    for content in (text, a_statement(an_entry(text=text)), a_statement(an_entry(text))):
        try:
            read_camt053(content)
        except StatementUnreadable:
            continue


def test_the_account_is_the_one_of_the_file():
    assert read(an_entry()).account == IBAN
