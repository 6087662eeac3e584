"""The credit status with the figures that explain it, whose limit counts, the payment habit, and what would be if."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from services.finance.domain.account import Account
from services.finance.domain.habit import PaidPart, payment_habit, year_before
from services.finance.domain.limits import GroupLimit, GroupLimitInvalid, Inherited, inherited
from services.finance.domain.standing import CreditPolicy, CreditPolicyInvalid, Reason, first_policy, standing
from services.finance.domain.what_if import (
    Due,
    ExpectedPayment,
    Question,
    WhatIfInvalid,
    check_question,
    look_ahead,
)
from services.finance.tests.builders import an_account, the_terms, usd

TODAY = date(2026, 3, 11)
POLICY = CreditPolicy(1)
GRACE = CreditPolicy(2, watch_percent=80, watch_overdue_days=5, grace_days=10)


def stands(account: Account, policy: CreditPolicy = POLICY, oldest: date | None = None) -> str:
    return standing(account, policy, oldest, TODAY).status


@pytest.mark.parametrize(
    ("account", "status"),
    [
        (an_account(limit=None, receivable="9999999"), "no_check"),
        (an_account(limit=None, stopped=True), "stop"),
        (an_account(held="899.99"), "ok"),
        (an_account(held="900.00"), "watch"),
        (an_account(held="600.00", receivable="400.00"), "watch"),
        (an_account(held="600.00", receivable="400.01"), "hold"),
        (an_account(held="600.00", receivable="400.01", unallocated="200.00"), "ok"),
        (an_account(unallocated="50.00"), "ok"),
        (an_account(limit="0"), "ok"),
        (an_account(limit="0", receivable="0.01"), "hold"),
        (an_account(held="2000.00", stopped=True), "stop"),
    ],
)
def test_the_status_is_the_strictest_that_applies(account: Account, status: str) -> None:
    assert stands(account) == status


@pytest.mark.parametrize(
    ("due_on", "status", "reason"),
    [
        (date(2026, 3, 7), "ok", None),
        (date(2026, 3, 6), "watch", Reason("overdue_early", days=5, allowed_days=4)),
        (date(2026, 3, 1), "watch", Reason("overdue_early", days=10, allowed_days=4)),
        (date(2026, 2, 28), "hold", Reason("overdue", days=11, allowed_days=10)),
    ],
)
def test_overdue_is_watched_first_and_holds_beyond_the_grace(
    due_on: date, status: str, reason: Reason | None
) -> None:
    found = standing(an_account(receivable="10.00"), GRACE, due_on, TODAY)
    assert (found.status, found.reasons) == (status, () if reason is None else (reason,))
    assert stands(an_account(limit=None, receivable="10.00"), GRACE, due_on) == "no_check"


def test_all_reasons_of_the_status_are_given_with_their_figures() -> None:
    found = standing(an_account(receivable="1200.00"), GRACE, date(2026, 1, 1), TODAY)
    over = Reason("over_limit", amount=usd("200.00"), percent=120, from_percent=100)
    assert found.reasons == (over, Reason("overdue", days=69, allowed_days=10))
    near = standing(an_account(held="800.00"), GRACE, None, TODAY).reasons
    assert near == (Reason("near_limit", percent=80, from_percent=80),)
    assert standing(an_account(stopped=True, stop_reason="fraud"), GRACE, None, TODAY).reasons == (
        Reason("stopped", note="fraud"),
    )


def test_the_first_policy_takes_the_grace_of_the_settings() -> None:
    assert first_policy(the_terms(grace=10)) == CreditPolicy(1, 90, 1, 10)
    assert not first_policy(the_terms()).holds(an_account(), date(2000, 1, 1), TODAY)
    with pytest.raises(CreditPolicyInvalid, match="no longer only watched"):
        CreditPolicy(1, watch_overdue_days=12, grace_days=10)


def test_the_limit_is_the_groups_unless_it_was_taken_back() -> None:
    default, group = usd("1000.00"), GroupLimit("wholesale", "USD", usd("5000.00"))
    assert inherited(group, default) == Inherited(usd("5000.00"), "group")
    assert inherited(GroupLimit("trusted", "USD", None), default) == Inherited(None, "group")
    for none in (None, replace(group, active=False)):
        assert inherited(none, default) == Inherited(usd("1000.00"), "company")
    for limit, field in ((Money.of("1", "EUR"), "currency"), (usd("-0.01"), "limit.amount")):
        with pytest.raises(GroupLimitInvalid) as refused:
            GroupLimit("wholesale", "USD", limit)
        assert refused.value.field == field


def test_the_habit_is_weighted_by_amount() -> None:
    parts = [PaidPart(usd("900.00"), 20, 0, parts=2), PaidPart(usd("100.00"), 45, 15)]
    habit = payment_habit(parts, "USD", date(2025, 3, 12))
    assert (habit.payments, habit.paid, habit.paid_late) == (3, usd("1000.00"), usd("100.00"))
    figures = (habit.average_days_to_pay, habit.average_days_late, habit.late_percent)
    assert figures == ("22.5", "1.5", "10.0")
    nothing = payment_habit([], "USD", TODAY)
    assert (nothing.payments, nothing.average_days_to_pay, nothing.late_percent) == (0, None, None)
    assert [year_before(day) for day in (TODAY, date(2028, 2, 29))] == [date(2025, 3, 12), date(2027, 3, 1)]


DUES = (Due(date(2026, 2, 1), usd("300.00")), Due(date(2026, 4, 1), usd("400.00")))
OWING = an_account(receivable="700.00")


def a_question(amount: str, *payments: str, days: int = 0) -> Question:
    on = TODAY + timedelta(days=days)
    return Question(usd(amount), on, tuple(ExpectedPayment(usd(each), TODAY) for each in payments))


def test_what_if_the_overdue_invoice_is_paid_first() -> None:
    before = look_ahead(OWING, GRACE, DUES, a_question("300.00"), ())
    assert (before.granted, before.standing.status, before.overdue) == (False, "hold", usd("300.00"))
    after = look_ahead(OWING, GRACE, DUES, a_question("300.00", "300.00"), ())
    assert (after.granted, after.standing.status, after.exposure) == (True, "ok", usd("700.00"))
    assert (after.oldest_due_on, after.overdue) == (date(2026, 4, 1), usd("0"))
    later = look_ahead(OWING, GRACE, DUES, a_question("300.00", "300.00", days=40), ())
    assert (later.granted, later.standing.status) == (False, "hold")


def test_what_if_others_wait_before_it() -> None:
    found = look_ahead(OWING, POLICY, DUES, a_question("250.00"), (usd("100.00"),))
    assert (found.granted, found.position, found.shortfall) == (False, 2, usd("50.00"))
    assert look_ahead(OWING, POLICY, DUES, a_question("200.00"), (usd("100.00"),)).exposure == usd("1000.00")
    assert not look_ahead(an_account(stopped=True), POLICY, (), a_question("0.01"), ()).granted


BAD_QUESTIONS = (
    (replace(a_question("1"), amount=Money.of("1", "EUR")), "order_amount.currency"),
    (a_question("-0.01"), "order_amount.amount"),
    (a_question("1", days=-1), "on"),
    (a_question("1", "0"), "payments.0.amount.amount"),
    (
        Question(usd("1"), TODAY, (ExpectedPayment(usd("1"), TODAY + timedelta(days=1)),)),
        "payments.0.received_on",
    ),
)


@pytest.mark.parametrize(("question", "field"), BAD_QUESTIONS, ids=[field for _, field in BAD_QUESTIONS])
def test_questions_that_cannot_be(question: Question, field: str) -> None:
    with pytest.raises(
        WhatIfInvalid if "amount.amount" not in field or "order" in field else Exception
    ) as refused:
        check_question(question, OWING, TODAY)
    assert refused.value.field == field  # type: ignore[attr-defined]


@given(
    st.lists(st.integers(1, 10**6), max_size=6),
    st.lists(st.integers(1, 10**6), max_size=6),
    st.integers(0, 10**6),
)
def test_payments_lower_the_exposure_by_their_sum_wherever_they_go(
    owed: list[int], paid: list[int], wanted: int
) -> None:
    dues = [Due(TODAY + timedelta(days=place), Money(minor, "USD")) for place, minor in enumerate(owed)]
    account = replace(an_account(limit=None), receivable=Money(sum(owed), "USD"))
    question = Question(
        Money(wanted, "USD"), TODAY, tuple(ExpectedPayment(Money(minor, "USD"), TODAY) for minor in paid)
    )
    found = look_ahead(account, POLICY, dues, question, ())
    assert found.granted
    assert found.exposure.minor == sum(owed) - sum(paid) + wanted
