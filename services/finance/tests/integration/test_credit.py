"""Credit: held atomically within the limit, first come first served, granted by itself when room comes free."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from libs.common.errors import Later, VersionMismatch
from libs.common.money import Money
from services.finance.domain.account import LimitInvalid
from services.finance.jobs.grant_waiting import grant_waiting_credit
from services.finance.store import accounts, holds
from services.finance.store.tables import account
from services.finance.tests.builders import (
    HARBOR,
    QUAY,
    SHIPPED_ON,
    TERMS,
    a_request,
    an_id,
    harbor_pumps,
    the_terms,
    usd,
)
from services.finance.tests.integration.books import (
    allocate,
    an_invoice,
    ask,
    at_once,
    confirm,
    envelopes,
    money,
    pay,
    release,
    said,
    ship,
    side_by_side,
    state_of,
    the_account,
)
from services.finance.use_cases.accounts import (
    ChangeLimit,
    ChangeStop,
    KeepOwner,
    change_limit,
    change_stop,
    keep_customer,
    keep_owner,
)
from services.finance.use_cases.credit import HoldCredit, hold_credit


def set_limit(database, limit: str | None, **more):
    command = ChangeLimit(HARBOR, None if limit is None else usd(limit), **more)
    return database.transact(lambda tx: change_limit(tx, command, TERMS))


def test_thirty_orders_of_forty_percent_of_the_limit_at_once_hold_exactly_two(finance):
    errors = [answer for answer in at_once(30, lambda n: ask(finance, f"SO-{n}", "400.00")) if answer]
    assert errors == []
    assert the_account(finance).held == usd("800.00")
    states = [state_of(finance, f"SO-{n}") for n in range(30)]
    assert (states.count("granted"), states.count("waiting")) == (2, 28)
    assert len(said(finance, "credit_hold.granted")) == 2
    refusals = said(finance, "credit_hold.refused")
    assert len(refusals) == 28
    assert all(refusal["waits"] for refusal in refusals)
    assert sorted(refusal["queue_position"] for refusal in refusals) == list(range(1, 29))


def test_the_conditional_update_keeps_the_limit_without_any_lock_around_it(finance):
    at_once(8, lambda n: finance.transact(lambda tx: accounts.hold(tx.connection, HARBOR, usd("400.00"))))
    assert the_account(finance).held == usd("800.00")
    finance.transact(lambda tx: accounts.move(tx.connection, HARBOR, held=-80000))


def test_a_refusal_gives_its_figures(finance):
    ask(finance, "SO-1", "700.00")
    ask(finance, "SO-2", "400.00")
    ask(finance, "SO-3", "50.00")
    first, second = said(finance, "credit_hold.refused")
    assert (money(first["exposure"]), money(first["limit"])) == (usd("700.00"), usd("1000.00"))
    assert (money(first["shortfall"]), first["status"], first["queue_position"]) == (usd("100.00"), "ok", 1)
    assert (money(second["shortfall"]), second["queue_position"]) == (usd("150.00"), 2)


def test_an_earlier_request_goes_first_even_when_a_later_one_would_fit(finance):
    ask(finance, "SO-1", "900.00")
    ask(finance, "SO-2", "500.00")
    ask(finance, "SO-3", "50.00")
    assert (state_of(finance, "SO-2"), state_of(finance, "SO-3")) == ("waiting", "waiting")


def test_another_customers_queue_is_no_concern(finance):
    ask(finance, "SO-1", "1000.01")
    ask(finance, "SO-2", "1000.00", customer_id=QUAY)
    assert (state_of(finance, "SO-1"), state_of(finance, "SO-2")) == ("waiting", "granted")


def test_a_payment_grants_the_next_in_order_with_the_payment_as_its_cause(finance):
    for order in ("SO-1", "SO-2", "SO-3", "SO-4"):
        ask(finance, order, "600.00")
    pay(finance, "BANK-1", "1000.00")
    assert [state_of(finance, f"SO-{n}") for n in (1, 2, 3, 4)] == [
        "granted",
        "granted",
        "granted",
        "waiting",
    ]
    granted = [each for each in envelopes(finance) if each["type"] == "finance.credit_hold.granted.v1"]
    assert [each["data"]["order_id"] for each in granted] == [an_id("order", f"SO-{n}") for n in (1, 2, 3)]
    assert [each["correlationid"] for each in granted] == [f"conversation-SO-{n}" for n in (1, 2, 3)]
    assert granted[0]["causationid"] == an_id("command", "SO-1")
    assert granted[1].get("causationid") != an_id("command", "SO-2")


def test_a_release_grants_those_that_waited_in_the_same_transaction(finance):
    ask(finance, "SO-1", "800.00")
    ask(finance, "SO-2", "500.00")
    ask(finance, "SO-3", "500.00")
    release(finance, "SO-1")
    assert [state_of(finance, f"SO-{n}") for n in (1, 2, 3)] == ["released", "granted", "granted"]
    assert said(finance, "credit_hold.released")[0]["had_effect"] is True


def test_withdrawing_the_request_at_the_head_lets_the_next_one_in(finance):
    ask(finance, "SO-1", "800.00")
    ask(finance, "SO-2", "500.00")
    ask(finance, "SO-3", "200.00")
    release(finance, "SO-2")
    assert (state_of(finance, "SO-2"), state_of(finance, "SO-3")) == ("released", "granted")


def test_a_release_is_done_once_and_answered_each_time(finance):
    ask(finance, "SO-1", "800.00")
    for _ in range(3):
        release(finance, "SO-1")
    assert [each["had_effect"] for each in said(finance, "credit_hold.released")] == [True, False, False]
    assert the_account(finance).held == usd("0")


def test_a_hold_after_its_release_is_rejected(finance):
    release(finance, "SO-1")
    release(finance, "SO-1")
    ask(finance, "SO-1", "100.00")
    ask(finance, "SO-1", "100.00")
    assert [each["had_effect"] for each in said(finance, "credit_hold.released")] == [False, False]
    assert [each["reason"] for each in said(finance, "credit_hold.rejected")] == ["released", "released"]
    assert the_account(finance).held == usd("0")


def test_a_release_that_comes_between_the_look_and_the_grant_leaves_nothing_held(finance, monkeypatch):
    release(finance, "SO-1")
    monkeypatch.setattr(holds, "is_next", lambda *_: True)  # what the look saw before the release
    ask(finance, "SO-1", "100.00")
    assert [each["reason"] for each in said(finance, "credit_hold.rejected")] == ["released"]
    assert said(finance, "credit_hold.granted") == []
    assert the_account(finance).held == usd("0")


def test_a_hold_and_its_release_at_once_never_leave_credit_held(finance):
    for round_ in range(5):
        order = f"SO-{round_}"
        side_by_side(partial(ask, finance, order, "100.00"), partial(release, finance, order))
        assert state_of(finance, order) == "released"
    assert the_account(finance).held == usd("0")


def test_asking_again_is_answered_with_what_is(finance):
    ask(finance, "SO-1", "800.00")
    ask(finance, "SO-2", "800.00")
    ask(finance, "SO-1", "800.00")
    ask(finance, "SO-2", "800.00")
    assert len(said(finance, "credit_hold.granted")) == 2
    assert len(said(finance, "credit_hold.refused")) == 2
    assert the_account(finance).held == usd("800.00")


def test_an_order_without_its_account_comes_back_later(finance):
    with pytest.raises(Later):
        finance.transact(lambda tx: hold_credit(tx, a_request("SO-1", "1", an_id("nobody")), TERMS))


def test_an_order_in_another_currency_is_rejected_for_good(finance):
    in_euro = HoldCredit(an_id("order", "SO-1"), "SO-1", HARBOR, Money.of("1.00", "EUR"))
    finance.transact(lambda tx: hold_credit(tx, in_euro, TERMS))
    assert said(finance, "credit_hold.rejected")[0]["reason"] == "currency_mismatch"
    assert state_of(finance, "SO-1") == "rejected"


def test_raising_the_limit_grants_and_records_who_did(finance):
    ask(finance, "SO-1", "1500.00")
    changed = set_limit(finance, "1500.00")
    assert (changed.limit, changed.held, state_of(finance, "SO-1")) == (
        usd("1500.00"),
        usd("1500.00"),
        "granted",
    )
    event = said(finance, "account.limit_changed")[0]
    assert (money(event["previous"]), money(event["limit"])) == (usd("1000.00"), usd("1500.00"))


def test_no_limit_means_no_check(finance):
    ask(finance, "SO-1", "1500.00")
    assert set_limit(finance, None).limit is None
    assert state_of(finance, "SO-1") == "granted"


def test_lowering_the_limit_takes_nothing_back_but_grants_no_more(finance):
    ask(finance, "SO-1", "900.00")
    assert set_limit(finance, "500.00").room == usd("-400.00")
    ask(finance, "SO-2", "0.01")
    assert (state_of(finance, "SO-1"), state_of(finance, "SO-2")) == ("granted", "waiting")


def test_the_same_limit_again_changes_nothing(finance):
    """Beyond that it is the customer's own from now on, no longer the company's default that happens to be as much."""
    assert set_limit(finance, "1000.00").limit_source == "customer"
    assert set_limit(finance, "1000.00").version == 2
    assert [each["source"] for each in said(finance, "account.limit_changed")] == ["customer"]


def test_limits_that_cannot_be(finance):
    with pytest.raises(LimitInvalid):
        set_limit(finance, "-0.01")
    with pytest.raises(VersionMismatch):
        set_limit(finance, "2.00", expected_version=7)


def test_a_stopped_account_gets_nothing_until_the_stop_is_lifted(finance):
    def stop(stopped):
        command = ChangeStop(HARBOR, stopped, "cheque bounced")
        return finance.transact(lambda tx: change_stop(tx, command, TERMS))

    assert stop(True).stopped
    assert stop(True).version == 2
    ask(finance, "SO-1", "1.00")
    assert said(finance, "credit_hold.refused")[0]["status"] == "stop"
    stop(False)
    assert state_of(finance, "SO-1") == "granted"
    assert [each["stopped"] for each in said(finance, "account.credit_stop_changed")] == [True, False]


def test_with_days_of_grace_an_overdue_invoice_holds_the_account_until_it_is_paid(finance, clock):
    strict = the_terms(grace=10)
    invoice = an_invoice(finance, "SO-1", "100.00")
    assert invoice.due_on == SHIPPED_ON + timedelta(days=30)
    clock.advance(timedelta(days=40))
    ask(finance, "SO-2", "1.00", terms=strict)
    assert state_of(finance, "SO-2") == "granted"
    clock.advance(timedelta(days=1))
    ask(finance, "SO-3", "1.00", terms=strict)
    assert said(finance, "credit_hold.refused")[0]["status"] == "hold"
    payment = pay(finance, "BANK-1", "100.00", (invoice.invoice_id, "60.00"), terms=strict)
    assert state_of(finance, "SO-3") == "waiting"
    allocate(finance, payment.payment_id, invoice.invoice_id, "40.00", terms=strict)
    assert state_of(finance, "SO-3") == "granted"


def test_allocating_does_not_change_the_exposure(finance):
    invoice = an_invoice(finance, "SO-1", "300.00")
    payment = pay(finance, "BANK-1", "200.00")
    before = the_account(finance).exposure
    allocate(finance, payment.payment_id, invoice.invoice_id, "200.00")
    assert the_account(finance).exposure == before == usd("100.00")


def test_an_invoice_turns_exactly_its_amount_from_held_to_receivable(finance):
    ask(finance, "SO-1", "100.00")
    confirm(finance, "SO-1", ("3", "100.00"))
    ship(finance, "DN-1", "SO-1", (1, "1"))
    now = the_account(finance)
    assert (now.held, now.receivable, now.exposure) == (usd("66.67"), usd("33.33"), usd("100.00"))
    release(finance, "SO-1")
    now = the_account(finance)
    assert (now.held, now.receivable) == (usd("0"), usd("33.33"))


def test_the_last_invoice_frees_the_rest_of_the_hold_and_grants_who_waited(finance):
    ask(finance, "SO-1", "1000.00")
    ask(finance, "SO-2", "50.00")
    confirm(finance, "SO-1", ("1", "950.00"))
    ship(finance, "DN-1", "SO-1", (1, "1"))
    assert (state_of(finance, "SO-1"), state_of(finance, "SO-2")) == ("used", "granted")
    now = the_account(finance)
    assert (now.held, now.receivable) == (usd("50.00"), usd("950.00"))
    release(finance, "SO-1")
    assert said(finance, "credit_hold.released")[0]["had_effect"] is False


def test_the_job_grants_what_no_event_told_of(finance):
    ask(finance, "SO-1", "1500.00")
    finance.transact(lambda tx: tx.connection.execute(update(account).values(limit_minor=200000)))
    grant_waiting_credit(finance, TERMS)
    assert state_of(finance, "SO-1") == "granted"


def test_a_customers_new_details_are_kept_and_the_books_currency_stays(finance):
    finance.transact(lambda tx: keep_customer(tx, harbor_pumps("EUR", owner_id=None), TERMS))
    now = the_account(finance)
    assert (now.currency, now.limit, now.owner_id) == ("EUR", Money.zero("EUR"), None)
    finance.transact(lambda tx: keep_customer(tx, harbor_pumps("USD"), TERMS))
    ask(finance, "SO-1", "10.00")
    finance.transact(lambda tx: keep_customer(tx, harbor_pumps("EUR"), TERMS))
    assert the_account(finance).currency == "USD"


def test_a_new_owner_is_kept_or_waits_for_the_customer(finance):
    finance.transact(lambda tx: keep_owner(tx, KeepOwner(HARBOR, "another")))
    assert the_account(finance).owner_id == "another"
    with pytest.raises(Later):
        finance.transact(lambda tx: keep_owner(tx, KeepOwner(an_id("nobody"), None)))
