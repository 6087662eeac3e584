"""Whether goods may leave, as their customer stands at that moment and at each change of it; on both engines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from libs.common.db import Cause, Database
from services.finance.domain.credit_override import OrderNotWaiting, OverrideOfStopped
from services.finance.domain.standing import CreditPolicyInvalid, DeliveryCheck
from services.finance.jobs.grant_waiting import grant_waiting_credit
from services.finance.store import delivery_questions, overrides
from services.finance.tests.builders import HARBOR, TERMS, an_id, usd
from services.finance.tests.integration.amending import amend, line, ship_after, terms
from services.finance.tests.integration.books import an_invoice, ask, confirm, pay, said, ship, the_account
from services.finance.tests.integration.settling import say_yes
from services.finance.use_cases.accounts import ChangeLimit, ChangeStop, change_limit, change_stop
from services.finance.use_cases.credit_overrides import RequestOverride, request_override
from services.finance.use_cases.credit_policy import SetCreditPolicy, set_credit_policy
from services.finance.use_cases.delivery_credit import (
    AskedDelivery,
    WithdrawnDelivery,
    ask_delivery,
    withdraw_delivery,
)

EXPIRES = date(2026, 3, 2) + timedelta(days=20)


def set_check(finance: Database, check: DeliveryCheck, grace: int | None = 10) -> None:
    command = SetCreditPolicy(90, 1, grace, delivery=check)
    finance.transact(lambda tx: set_credit_policy(tx, command, TERMS))


@pytest.fixture
def checked(finance: Database) -> Database:
    """Give the finance of a company that asks always."""
    set_check(finance, DeliveryCheck("always"))
    return finance


def ask_about(finance: Database, note: str, order: str, question: int = 1) -> None:
    asked = AskedDelivery(an_id("delivery", note), note, an_id("order", order), order, HARBOR, question)
    cause = Cause(correlation_id=f"conversation-{order}")
    finance.transact(lambda tx: ask_delivery(tx, asked, TERMS), cause=cause)


def withdraw(finance: Database, note: str, reason: str = "shipped", question: int = 1) -> None:
    withdrawn = WithdrawnDelivery(an_id("delivery", note), HARBOR, question, reason)
    finance.transact(lambda tx: withdraw_delivery(tx, withdrawn))


def stop(finance: Database, stopped: bool = True) -> None:
    finance.transact(lambda tx: change_stop(tx, ChangeStop(HARBOR, stopped, "bounced cheque"), TERMS))


def limit(finance: Database, amount: str) -> None:
    finance.transact(lambda tx: change_limit(tx, ChangeLimit(HARBOR, usd(amount)), TERMS))


def words(finance: Database) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return every word about a delivery that was said: what, of which note, and why; per kind in order."""
    return [
        (kind, each["number"], tuple(each.get("reasons", ())))
        for kind in ("refused", "granted", "closed")
        for each in said(finance, f"delivery_credit.{kind}")
    ]


def how(finance: Database, note: str) -> str:
    with finance.reading() as connection:
        found = delivery_questions.find(connection, an_id("delivery", note))
    assert found is not None
    return found.state


def ordered(finance: Database, order: str, amount: str = "100.00") -> None:
    ask(finance, order, amount)
    confirm(finance, order, ("1", amount))


def test_the_policy_says_when_to_ask_and_tells_only_what_changes_of_it(finance: Database) -> None:
    set_check(finance, DeliveryCheck("after_days", 5, "stop"))
    set_check(finance, DeliveryCheck("after_days", 5, "stop"), grace=20)
    finance.transact(lambda tx: set_credit_policy(tx, SetCreditPolicy(80, 1, 20), TERMS))
    (told,) = said(finance, "credit_policy.delivery_check_set")
    assert (told["version"], told["when"], told["days"], told["from_status"]) == (2, "after_days", 5, "stop")
    with pytest.raises(CreditPolicyInvalid):
        DeliveryCheck("after_days")
    with pytest.raises(CreditPolicyInvalid):
        DeliveryCheck("always", 3)


def test_who_stands_well_is_let_go_and_asked_twice_hears_one_word(checked: Database) -> None:
    ordered(checked, "SO-1")
    for _ in range(2):
        ask_about(checked, "DN-1", "SO-1")
    assert words(checked) == [("granted", "DN-1", ())]
    assert the_account(checked).open_questions == 1
    withdraw(checked, "DN-1")
    withdraw(checked, "DN-1")
    assert (the_account(checked).open_questions, how(checked, "DN-1")) == (0, "closed")
    assert words(checked) == [("granted", "DN-1", ())]


def test_what_is_overdue_holds_goods_back_until_it_is_paid(checked: Database) -> None:
    ordered(checked, "SO-2")
    late = an_invoice(checked, "SO-1", "100.00", on=date(2026, 1, 1))
    ask_about(checked, "DN-2", "SO-2")
    (refused,) = said(checked, "delivery_credit.refused")
    assert (refused["status"], refused["reasons"]) == ("hold", ["overdue"])
    assert refused["figures"]["allowed_days"] == "10"
    assert refused["figures"]["exposure"] == "200.00 USD"
    assert refused["refused_of_order"] == ["DN-2"]
    pay(checked, "BANK-1", "100.00", (late.invoice_id, "100.00"))
    assert how(checked, "DN-2") == "granted"
    assert said(checked, "delivery_credit.granted")[0]["refused_of_order"] == []


def test_a_stop_takes_a_yes_back_and_its_end_gives_it_again(checked: Database) -> None:
    ordered(checked, "SO-1")
    ask_about(checked, "DN-1", "SO-1")
    stop(checked)
    (refused,) = said(checked, "delivery_credit.refused")
    assert (refused["status"], refused["figures"]["stop_reason"]) == ("stop", "bounced cheque")
    stop(checked, False)
    assert how(checked, "DN-1") == "granted"
    withdraw(checked, "DN-1")
    stop(checked)
    assert len(words(checked)) == 3, "of what has left nothing is said any more"


def test_a_lowered_limit_holds_back_and_a_higher_one_lets_go(checked: Database) -> None:
    ordered(checked, "SO-1")
    ask_about(checked, "DN-1", "SO-1")
    limit(checked, "40.00")
    (refused,) = said(checked, "delivery_credit.refused")
    assert (refused["reasons"], refused["figures"]["over_limit"]) == (["over_limit"], "60.00 USD")
    limit(checked, "400.00")
    assert how(checked, "DN-1") == "granted"


def test_where_only_a_stop_counts_being_on_hold_does_not(finance: Database) -> None:
    set_check(finance, DeliveryCheck("always", None, "stop"))
    ordered(finance, "SO-1")
    limit(finance, "40.00")
    ask_about(finance, "DN-1", "SO-1")
    assert how(finance, "DN-1") == "granted"
    stop(finance)
    assert how(finance, "DN-1") == "refused"


def test_what_was_never_asked_for_credit_waits_for_a_stop_alone(checked: Database) -> None:
    limit(checked, "0.00")
    an_invoice(checked, "SO-0", "0.00")
    confirm(checked, "SO-1", ("1", "100.00"))
    ask_about(checked, "DN-1", "SO-1")
    assert how(checked, "DN-1") == "granted"
    stop(checked)
    assert how(checked, "DN-1") == "refused"


def test_the_job_finds_what_time_and_a_new_policy_change(checked: Database, clock: Any) -> None:
    invoice = an_invoice(checked, "SO-1", "100.00", on=date(2026, 3, 1))
    ordered(checked, "SO-2")
    ask_about(checked, "DN-2", "SO-2")
    assert how(checked, "DN-2") == "granted"
    clock.advance(timedelta(days=60))
    assert invoice.due_on < clock.now().date()
    grant_waiting_credit(checked, TERMS)
    assert how(checked, "DN-2") == "refused"
    set_check(checked, DeliveryCheck())
    grant_waiting_credit(checked, TERMS)
    assert how(checked, "DN-2") == "granted"


def override(finance: Database, order: str) -> Any:
    command = RequestOverride(an_id("order", order), "Trusted", EXPIRES, "sam")
    return finance.transact(lambda tx: request_override(tx, command, TERMS))


def approve(finance: Database, made: Any) -> None:
    say_yes(finance, made.approval_id)


def state_of_override(finance: Database, made: Any) -> str:
    with finance.reading() as connection:
        found = overrides.find(connection, made.override_id)
    assert found is not None
    return found.state


def test_an_approved_override_lets_the_goods_of_its_order_leave_and_of_no_other(checked: Database) -> None:
    for number in (1, 2):
        ordered(checked, f"SO-{number}")
    limit(checked, "150.00")
    with pytest.raises(OrderNotWaiting):
        override(checked, "SO-1")
    for number in (1, 2):
        ask_about(checked, f"DN-{number}", f"SO-{number}")
    made = override(checked, "SO-1")
    assert (made.purpose, made.amount) == ("delivery", usd("50.00"))
    approve(checked, made)
    assert (how(checked, "DN-1"), how(checked, "DN-2")) == ("granted", "refused")
    assert state_of_override(checked, made) == "used"
    assert said(checked, "delivery_credit.granted")[-1]["override_id"] == made.override_id
    limit(checked, "140.00")
    assert how(checked, "DN-1") == "granted", "it was let go by a person's word"
    stop(checked)
    assert how(checked, "DN-1") == "refused", "which does not reach beyond a stop"
    with pytest.raises(OverrideOfStopped):
        override(checked, "SO-2")


def test_an_override_that_is_not_needed_any_more_ends(checked: Database) -> None:
    ordered(checked, "SO-1")
    limit(checked, "40.00")
    ask_about(checked, "DN-1", "SO-1")
    first = override(checked, "SO-1")
    limit(checked, "400.00")
    assert state_of_override(checked, first) == "lapsed"
    limit(checked, "40.00")
    second = override(checked, "SO-1")
    withdraw(checked, "DN-1", "cancelled")
    assert (state_of_override(checked, second), words(checked)[-1][0]) == ("lapsed", "closed")


def test_what_a_change_passed_the_limit_by_an_override_is_not_held_back_for_that_either(
    checked: Database,
) -> None:
    ordered(checked, "SO-1", "900.00")
    ask(checked, "SO-1/1", "600.00")
    made = override(checked, "SO-1/1")
    approve(checked, made)
    assert state_of_override(checked, made) == "used"
    raised = line("SO-1", 1, terms("1", "900.00"), terms("2", "1500.00"))
    amend(checked, "SO-1", "SO-1/1", "1500.00", raised)
    ask_about(checked, "DN-1", "SO-1")
    assert how(checked, "DN-1") == "granted"
    ship_after(checked, "DN-1", "SO-1", (1, "2"))
    with checked.reading() as connection:
        assert delivery_questions.let_pass(connection, HARBOR) == 0, "once it is invoiced it counts"


def test_an_order_that_passed_the_limit_by_an_override_is_not_held_back_for_that(checked: Database) -> None:
    ask(checked, "SO-1", "1500.00")
    approve(checked, override(checked, "SO-1"))
    confirm(checked, "SO-1", ("1", "1500.00"))
    ask_about(checked, "DN-1", "SO-1")
    assert how(checked, "DN-1") == "granted"


def test_a_question_asked_anew_is_answered_anew_and_an_old_withdrawal_does_not_close_it(
    checked: Database,
) -> None:
    ordered(checked, "SO-1")
    ask_about(checked, "DN-1", "SO-1")
    withdraw(checked, "DN-1", "not_needed")
    ask_about(checked, "DN-1", "SO-1", question=2)
    withdraw(checked, "DN-1", "not_needed")
    assert (how(checked, "DN-1"), the_account(checked).open_questions) == ("granted", 1)
    assert [each["question"] for each in said(checked, "delivery_credit.granted")] == [1, 2]


def test_who_has_no_check_is_looked_at_by_no_statement_more(finance: Database, monkeypatch: Any) -> None:
    """The hot path: holding credit, posting an invoice and paying ask nothing of a table that is empty."""

    def never(*_arguments: Any) -> None:
        raise AssertionError("the questions were looked at")

    for name in ("find", "open_of", "let_pass", "refused_of_order"):
        monkeypatch.setattr(delivery_questions, name, never)
    ordered(finance, "SO-1")
    invoice = ship(finance, "DN-1", "SO-1", (1, "1"))
    pay(finance, "BANK-1", "100.00", (invoice.invoice_id, "100.00"))
    stop(finance)
