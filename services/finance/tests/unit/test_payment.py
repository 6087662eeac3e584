"""What a payment may pay, and the days of the company."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from services.finance.domain.invoicing import Invoice
from services.finance.domain.payment import (
    AllocationExceedsInvoice,
    AllocationExceedsPayment,
    InvoiceOfAnotherCustomer,
    Payment,
    PaymentInvalid,
    check_allocation,
    clean_reference,
    make_allocation,
)
from services.finance.domain.periods import PeriodLock, PeriodLocked
from services.finance.domain.terms import DateInFuture, require_not_future
from services.finance.tests.builders import HARBOR, QUAY, the_terms, usd


def a_payment(left: str = "100.00", on: date = date(2026, 3, 10)) -> Payment:
    return Payment("p", "PAY-1", HARBOR, usd("100.00"), usd(left), "BANK-1", on)


def an_invoice(open_: str = "80.00", customer_id: str = HARBOR) -> Invoice:
    day = date(2026, 3, 1)
    return Invoice("i", "INV-1", "o", "d", customer_id, day, day, usd("80.00"), usd(open_), "conversation")


@given(left=st.integers(0, 10000), open_=st.integers(0, 8000), amount=st.integers(-100, 12000))
def test_an_allocation_is_allowed_exactly_when_both_have_so_much(left, open_, amount):
    payment, invoice = (
        a_payment(str(Money(left, "USD").decimal)),
        an_invoice(str(Money(open_, "USD").decimal)),
    )
    allowed = 0 < amount <= min(left, open_)
    try:
        check_allocation(payment, invoice, Money(amount, "USD"))
    except (PaymentInvalid, AllocationExceedsInvoice, AllocationExceedsPayment):
        assert not allowed
    else:
        assert allowed


def test_the_refusal_names_the_field_and_the_figures():
    with pytest.raises(AllocationExceedsPayment) as refusal:
        check_allocation(a_payment("10.00"), an_invoice(), usd("10.01"), "allocations.3.")
    assert refusal.value.field == "allocations.3.amount"
    assert refusal.value.figures == {"left": usd("10.00"), "asked": usd("10.01")}
    with pytest.raises(InvoiceOfAnotherCustomer):
        check_allocation(a_payment(), an_invoice(customer_id=QUAY), usd("1"))
    with pytest.raises(PaymentInvalid):
        check_allocation(a_payment(), an_invoice(), Money(1, "EUR"))


@pytest.mark.parametrize(
    ("received", "counts", "days"),
    [(date(2026, 3, 10), date(2026, 3, 10), 9), (date(2026, 2, 1), date(2026, 3, 1), 0)],
)
def test_an_allocation_counts_once_the_money_is_there_and_the_claim_exists(received, counts, days):
    allocation = make_allocation("a", a_payment(on=received), an_invoice(), usd("1"), PeriodLock())
    assert (allocation.allocated_on, allocation.days_to_pay) == (counts, days)


def test_an_allocation_in_a_locked_period_counts_on_the_first_open_day():
    lock = PeriodLock(1, date(2026, 3, 31))
    allocation = make_allocation("a", a_payment(on=date(2026, 3, 10)), an_invoice(), usd("1"), lock)
    assert (allocation.allocated_on, allocation.days_to_pay) == (date(2026, 4, 1), 9)


def test_a_lock_says_which_days_are_open():
    lock, none = PeriodLock(1, date(2026, 2, 28)), PeriodLock()
    assert [lock.is_locked(date(2026, 2, 28)), lock.is_locked(date(2026, 3, 1)), none.is_locked(date.min)] == [
        True, False, False,
    ]  # fmt: skip
    assert (lock.first_open(date(2026, 1, 5)), none.first_open(date(2026, 1, 5))) == (
        date(2026, 3, 1), date(2026, 1, 5),
    )  # fmt: skip
    with pytest.raises(PeriodLocked) as refused:
        lock.require_open(date(2026, 2, 28), "received_on")
    assert (refused.value.field, "2026-03-01" in str(refused.value.cure)) == ("received_on", True)


def test_spaces_make_no_new_reference():
    assert clean_reference("  BANK \t 1 ") == "BANK 1"
    with pytest.raises(PaymentInvalid):
        clean_reference(" \n")


def test_a_day_may_lie_in_the_past_and_one_day_ahead():
    today = date(2026, 3, 2)
    for day in (date(1996, 7, 4), today, date(2026, 3, 3)):
        require_not_future(day, today, "received_on")
    with pytest.raises(DateInFuture) as refusal:
        require_not_future(date(2026, 3, 4), today, "received_on")
    assert refusal.value.field == "received_on"


def test_the_companys_day_begins_at_its_own_midnight():
    terms = the_terms()
    assert terms.today(datetime(2026, 2, 28, 15, 59, tzinfo=UTC)) == date(2026, 2, 28)
    assert terms.today(datetime(2026, 2, 28, 16, 0, tzinfo=UTC)) == date(2026, 3, 1)


def test_the_terms_for_new_customers_and_invoices():
    terms = the_terms("1000.00", grace=10)
    assert terms.limit_for("USD") == usd("1000.00")
    assert terms.limit_for("EUR") == Money.zero("EUR")
    assert the_terms(None).limit_for("EUR") is None
    assert terms.due_on(date(2026, 1, 31)) == date(2026, 3, 2)
