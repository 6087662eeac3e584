"""What a customer's figures say about their credit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from services.finance.domain.account import LimitInvalid
from services.finance.domain.credit import CreditHold, explain_wait, use_for_invoice, why_never
from services.finance.tests.builders import HARBOR, an_account, an_id, usd

cents = st.integers(0, 10**9).map(lambda minor: Money(minor, "USD"))


def test_exposure_room_and_use():
    account = an_account(held="500.00", receivable="300.00", unallocated="50.00")
    assert (account.exposure, account.room, account.used_percent) == (usd("750.00"), usd("250.00"), 75)
    assert (an_account(limit=None).room, an_account(limit=None).used_percent) == (None, None)
    assert an_account(limit="0").used_percent is None


@given(limit=cents, held=cents, receivable=cents, unallocated=cents, amount=cents)
def test_what_fits_never_passes_the_limit(limit, held, receivable, unallocated, amount):
    account = an_account().__class__(
        HARBOR, "C-1", "Harbor", None, "USD", limit, held, receivable, unallocated
    )
    if account.fits(amount) and amount:
        assert account.exposure + amount <= limit
    elif amount:
        assert account.exposure + amount > limit


def test_nothing_fits_a_stopped_account_and_an_amount_of_nothing_fits_any_other():
    assert not an_account(stopped=True).fits(usd("0"))
    assert an_account(receivable="5000").fits(usd("0"))
    assert an_account(limit=None).fits(usd("99999999"))


def test_a_limit_is_in_the_accounts_currency_and_not_negative():
    an_account().check_limit(None)
    an_account().check_limit(usd("0"))
    with pytest.raises(LimitInvalid):
        an_account().check_limit(usd("-0.01"))
    with pytest.raises(LimitInvalid) as refusal:
        an_account().check_limit(Money.of("1.00", "EUR"))
    assert refusal.value.field == "limit.currency"


@given(ahead=cents, amount=cents, receivable=cents)
def test_the_shortfall_is_what_must_come_free_for_all_up_to_this_request(ahead, amount, receivable):
    account = an_account(receivable=str(receivable.decimal))
    wait = explain_wait(account, amount, ahead, 2, "ok")
    assert wait.shortfall >= usd("0")
    if wait.shortfall:
        assert account.exposure + ahead + amount - wait.shortfall == account.limit


def test_a_stop_leaves_no_shortfall_but_says_so():
    wait = explain_wait(an_account(limit=None, stopped=True), usd("1.00"), usd("0"), 1, "stop")
    assert (wait.shortfall, wait.status, wait.limit) == (usd("0"), "stop", None)


def test_what_can_never_be_granted():
    assert why_never(an_account(), usd("0")) is None
    assert why_never(an_account(), usd("-1")) == "amount_negative"
    assert why_never(an_account(), Money(1, "EUR")) == "currency_mismatch"


def a_hold(amount: str, held: str, clock, state="granted") -> CreditHold:
    return CreditHold(
        an_id("order"), HARBOR, "SO-1", state, usd(amount), usd(held), 1, "conversation", clock.now()
    )


@pytest.mark.parametrize(
    ("held", "invoiced", "last", "given_up", "left", "freed", "state"),
    [
        ("100", "40", False, "40", "60", "0", "granted"),
        ("100", "100", True, "100", "0", "0", "used"),
        ("100", "90", True, "100", "0", "10", "used"),
        ("100", "120", False, "100", "0", "0", "granted"),
        ("0", "120", True, "0", "0", "0", "used"),
    ],
)
def test_an_invoice_takes_its_amount_of_the_hold(clock, held, invoiced, last, given_up, left, freed, state):
    use = use_for_invoice(a_hold("100", held, clock), usd(invoiced), order_fully_invoiced=last)
    assert (use.given_up, use.left, use.freed) == (usd(given_up), usd(left), usd(freed))
    assert use.state == state
