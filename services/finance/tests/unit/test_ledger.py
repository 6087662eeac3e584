"""An entry that does not balance cannot be made."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from services.finance.domain.ledger import (
    Entry,
    Posting,
    Unbalanced,
    allocation_entry,
    invoice_entry,
    payment_entry,
    refund_entry,
    write_back_entry,
    write_off_entry,
)
from services.finance.domain.roles import ADVANCES, BAD_DEBT, BANK, RECEIVABLES, REVENUE
from services.finance.tests.builders import HARBOR, usd

DAY = date(2026, 3, 2)
amounts = st.integers(1, 10**12).map(lambda minor: Money(minor, "USD"))


def an_entry(*postings: Posting) -> Entry:
    return Entry("payment", "id", "PAY-1", HARBOR, DAY, postings)


def balances(*entries: Entry | None) -> Counter[str]:
    found: Counter[str] = Counter()
    for entry in entries:
        for posting in entry.postings if entry else ():
            found[posting.account] += posting.debit.minor - posting.credit.minor
    return found


@pytest.mark.parametrize(
    "postings",
    [
        (),
        (Posting(BANK, usd("1"), usd("0")),),
        (Posting(BANK, usd("1"), usd("0")), Posting(ADVANCES, usd("0"), usd("0.99"))),
        (Posting(BANK, usd("1"), usd("1")), Posting(ADVANCES, usd("1"), usd("1"))),
        (Posting(BANK, usd("-1"), usd("0")), Posting(ADVANCES, usd("0"), usd("-1"))),
        (Posting(BANK, usd("0"), usd("0")), Posting(ADVANCES, usd("0"), usd("0"))),
    ],
)
def test_what_does_not_balance_cannot_be_an_entry(postings):
    with pytest.raises(Unbalanced):
        an_entry(*postings)


@given(amounts)
def test_each_event_balances_and_moves_what_it_should(amount):
    invoice = invoice_entry("i", "INV-1", HARBOR, DAY, amount)
    payment = payment_entry("p", "PAY-1", HARBOR, DAY, amount)
    allocation = allocation_entry("a", "PAY-1 / INV-1", HARBOR, DAY, amount)
    minor = amount.minor
    assert balances(invoice) == {RECEIVABLES: minor, REVENUE: -minor}
    assert balances(payment) == {BANK: minor, ADVANCES: -minor}
    assert balances(allocation) == {ADVANCES: minor, RECEIVABLES: -minor}
    settled = {BANK: minor, REVENUE: -minor, RECEIVABLES: 0, ADVANCES: 0}
    assert balances(invoice, payment, allocation) == settled
    lost = write_off_entry("w", "WO-1", HARBOR, DAY, amount)
    assert balances(lost) == {BAD_DEBT: minor, RECEIVABLES: -minor}
    back = balances(lost, write_back_entry("w", "WO-1", HARBOR, DAY, amount))
    assert back == {BAD_DEBT: 0, RECEIVABLES: 0}
    assert balances(refund_entry("r", "RF-1", HARBOR, DAY, amount)) == {ADVANCES: minor, BANK: -minor}


def test_an_invoice_of_nothing_moves_no_money():
    assert invoice_entry("i", "INV-1", HARBOR, DAY, usd("0")) is None
