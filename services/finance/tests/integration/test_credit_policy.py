"""Whose limit counts, by which policy, and what people see of it; on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from libs.common.db import Database
from libs.common.errors import VersionMismatch
from services.finance.domain.account import Account
from services.finance.domain.what_if import ExpectedPayment, Question
from services.finance.reports.credit import CreditView, credit_of, credit_policy, list_group_limits, what_if
from services.finance.tests.builders import HARBOR, QUAY, TERMS, harbor_pumps, quay_marine, the_terms, usd
from services.finance.tests.integration.books import (
    an_invoice,
    ask,
    confirm,
    pay,
    said,
    ship,
    state_of,
    the_account,
)
from services.finance.use_cases.accounts import (
    ChangeLimit,
    InheritLimit,
    KeepCustomer,
    change_limit,
    inherit_limit,
    keep_customer,
)
from services.finance.use_cases.credit import grant_for
from services.finance.use_cases.credit_policy import (
    SetCreditPolicy,
    SetGroupLimit,
    set_credit_policy,
    set_group_limit,
)

WHOLESALE = "wholesale"


def join(database: Database, customer: KeepCustomer, group: str | None) -> None:
    fields = vars(customer) | {"group": group}
    database.transact(lambda tx: keep_customer(tx, KeepCustomer(**fields), TERMS))


def set_group(database: Database, limit: str | None, *, active: bool = True) -> None:
    command = SetGroupLimit(WHOLESALE, "USD", None if limit is None else usd(limit), active)
    database.transact(lambda tx: set_group_limit(tx, command, TERMS))


def whose(account: Account) -> tuple[str, object]:
    return account.limit_source, account.limit


def test_the_limit_is_the_customers_own_else_the_groups_else_the_companys(finance: Database) -> None:
    assert whose(the_account(finance)) == ("company", usd("1000.00"))
    set_group(finance, "2000.00")
    join(finance, harbor_pumps(), WHOLESALE)
    assert whose(the_account(finance)) == ("group", usd("2000.00"))
    finance.transact(lambda tx: change_limit(tx, ChangeLimit(HARBOR, usd("50.00")), TERMS))
    set_group(finance, "3000.00")
    assert whose(the_account(finance)) == ("customer", usd("50.00"))
    finance.transact(lambda tx: inherit_limit(tx, InheritLimit(HARBOR), TERMS))
    assert whose(the_account(finance)) == ("group", usd("3000.00"))
    set_group(finance, "3000.00", active=False)
    assert whose(the_account(finance)) == ("company", usd("1000.00"))
    told = [each["source"] for each in said(finance, "account.limit_changed")]
    assert told == ["group", "customer", "group", "company"]


def test_a_higher_limit_of_the_group_grants_who_waits_in_it(finance: Database) -> None:
    join(finance, harbor_pumps(), WHOLESALE)
    ask(finance, "SO-1", "1500.00")
    ask(finance, "SO-2", "1500.00", customer_id=QUAY)
    set_group(finance, "1500.00")
    assert (state_of(finance, "SO-1"), state_of(finance, "SO-2")) == ("granted", "waiting")
    join(finance, quay_marine(), WHOLESALE)
    assert state_of(finance, "SO-2") == "granted"
    with finance.reading() as connection:
        (shown,) = list_group_limits(connection, after=None, limit=10)
        assert (shown.group, shown.version, shown.limit) == (WHOLESALE, 1, usd("1500.00"))
        assert list_group_limits(connection, after=(WHOLESALE, "USD"), limit=10) == []


def test_a_policy_holds_who_is_overdue_and_lets_go_when_it_is_eased(finance: Database) -> None:
    confirm(finance, "SO-1", ("1", "100.00"))
    ship(finance, "DN-1", "SO-1", (1, "1"), on=date(2026, 1, 1))

    def set_policy(grace: int | None, version: int | None = None) -> int:
        command = SetCreditPolicy(80, 0 if grace is None else 1, grace, version)
        return finance.transact(lambda tx: set_credit_policy(tx, command, TERMS)).version

    assert set_policy(10) == 2
    assert set_policy(10) == 2
    ask(finance, "SO-2", "10.00")
    assert (state_of(finance, "SO-2"), said(finance, "credit_hold.refused")[0]["status"]) == (
        "waiting",
        "hold",
    )
    with pytest.raises(VersionMismatch):
        set_policy(30, version=1)
    assert set_policy(None, version=2) == 3
    finance.transact(lambda tx: grant_for(tx, HARBOR, TERMS))
    assert state_of(finance, "SO-2") == "granted"
    with finance.reading() as connection:
        assert credit_policy(connection, the_terms(grace=5)).grace_days is None


def seen(database: Database, today: date = date(2026, 3, 2)) -> CreditView:
    with database.reading() as connection:
        return credit_of(connection, HARBOR, TERMS, today, only_owner=None)


def test_a_salesperson_sees_what_the_limit_is_used_for_and_how_the_customer_pays(finance: Database) -> None:
    late = an_invoice(finance, "SO-1", "100.00", on=date(2025, 11, 1))
    pay(finance, "BANK-1", "60.00", (late.invoice_id, "40.00"), on=date(2026, 1, 10))
    in_time = an_invoice(finance, "SO-2", "300.00", on=date(2026, 2, 1))
    pay(finance, "BANK-2", "200.00", (in_time.invoice_id, "200.00"), on=date(2026, 2, 11))
    ask(finance, "SO-3", "250.00")
    confirm(finance, "SO-4", ("1", "50.00"))
    ask(finance, "SO-4", "50.00")
    ask(finance, "SO-5", "9000.00")
    view = seen(finance)
    split = {name: str(value).split()[0] for name, value in vars(view.exposure).items()}
    assert split == {
        "unconfirmed": "250.00",
        "undelivered": "50.00",
        "not_due": "100.00",
        "overdue": "60.00",
        "unallocated": "20.00",
        "total": "440.00",
    }
    assert (view.waiting, view.waiting_orders, view.room) == (usd("9000.00"), 1, usd("560.00"))
    assert (view.status, [each.code for each in view.reasons], view.days_overdue) == (
        "watch",
        ["overdue_early"],
        91,
    )
    habit = view.habit
    assert (habit.payments, habit.paid, habit.paid_late) == (2, usd("240.00"), usd("40.00"))
    assert (habit.average_days_to_pay, habit.average_days_late, habit.late_percent) == ("20.0", "6.7", "16.7")
    assert seen(finance, date(2027, 3, 2)).habit.payments == 0


def test_what_if_is_answered_as_the_real_order_is_and_changes_nothing(finance: Database) -> None:
    an_invoice(finance, "SO-1", "800.00")
    today = date(2026, 3, 2)
    before = the_account(finance)

    def asked(amount: str, *payments: str) -> tuple[bool, str]:
        expected = tuple(ExpectedPayment(usd(each), today) for each in payments)
        question = Question(usd(amount), today + timedelta(days=1), expected)
        with finance.reading() as connection:
            found = what_if(connection, HARBOR, question, TERMS, today, only_owner=None)
        return found.granted, str(found.shortfall)

    assert asked("300.00") == (False, str(usd("100.00")))
    assert asked("300.00", "100.00") == (True, str(usd("0")))
    assert the_account(finance) == before
    ask(finance, "SO-2", "300.00")
    assert state_of(finance, "SO-2") == "waiting"
    pay(finance, "BANK-1", "100.00")
    assert state_of(finance, "SO-2") == "granted"
