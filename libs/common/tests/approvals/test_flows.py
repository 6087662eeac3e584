"""What a flow may say, and to which documents it applies."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from libs.common.approvals import Case, Clause, check_flow, read_clause
from libs.common.approvals.conditions import any_holds
from libs.common.approvals.delegation import check_delegation, lendable
from libs.common.approvals.faults import DelegationInvalid, FlowInvalid
from libs.common.approvals.flow import from_data, to_data
from libs.common.money import Money
from libs.common.tests.approvals.people import FACTS, HOUR, role, step, user

FIELDS = {"total": "money", "discount": "percent", "override": "flag", "who": "text", "owner": "text"}
ROLES = ("sales_manager", "finance", "warehouse")
TODAY = date(2026, 3, 2)


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


@pytest.mark.parametrize(
    ("field", "comparison", "value", "holds"),
    [
        ("total", "at_least", usd("900.00"), True),
        ("total", "at_least", usd("900.01"), False),
        ("total", "at_most", usd("900.00"), True),
        ("total", "at_most", usd("899.99"), False),
        ("total", "equals", usd("900.00"), True),
        ("total", "at_least", Money.of("1.00", "EUR"), False),
        ("total", "at_most", Money.of("9999.00", "EUR"), False),
        ("discount", "at_least", 1500, True),
        ("discount", "at_least", 1501, False),
        ("discount", "at_most", 1499, False),
        ("discount", "equals", 1500, True),
        ("override", "equals", False, True),
        ("override", "equals", True, False),
        ("who", "equals", ("harbor",), True),
        ("who", "one_of", ("tokyo", "harbor"), True),
        ("who", "one_of", ("tokyo",), False),
        ("owner", "equals", ("nancy",), False),
        ("unheard", "at_least", 1, False),
    ],
)
def test_a_clause_compares_like_with_like(field, comparison, value, holds):
    assert Clause(field, comparison, value).holds(FACTS) is holds


def test_all_of_a_case_any_of_the_cases():
    yes, no = Clause("discount", "at_least", 1000), Clause("total", "at_least", usd("1000.00"))
    assert not any_holds([Case((yes, no))], FACTS)
    assert any_holds([Case((yes, no)), Case((yes,))], FACTS)
    assert any_holds([Case()], FACTS), "a case without clauses always holds"
    assert not any_holds([], FACTS)


@pytest.mark.parametrize(
    ("field", "comparison", "given", "where"),
    [
        ("colour", "equals", {"texts": ["red"]}, "x.field"),
        ("override", "at_least", {"flag": True}, "x.comparison"),
        ("total", "one_of", {"texts": ["1"]}, "x.comparison"),
        ("total", "at_least", {}, "x.amount"),
        ("total", "at_least", {"percent": 5}, "x.percent"),
        ("total", "at_least", {"amount": usd("1.00"), "flag": True}, "x.flag"),
        ("who", "equals", {"texts": ["a", "b"]}, "x.texts"),
    ],
)
def test_a_clause_that_does_not_fit_is_refused_by_its_field(field, comparison, given, where):
    with pytest.raises(FlowInvalid) as refused:
        read_clause("x", field, comparison, given, FIELDS)
    assert refused.value.field == where
    assert refused.value.cure


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        ((), "steps"),
        ((step(stage=2),), "steps.0.stage"),
        ((step(), step(stage=3)), "steps.1.stage"),
        ((step(role("boss")),), "steps.0.approvers.0.name"),
        ((step(role("finance"), role("finance")),), "steps.0.approvers.1.name"),
        ((step(user("mia"), needs="number", number=2),), "steps.0.number"),
        ((step(escalate_to="finance"),), "steps.0.escalate_to"),
        ((step(escalate_after=HOUR),), "steps.0.escalate_to"),
        ((step(escalate_after=HOUR, escalate_to="boss"),), "steps.0.escalate_to"),
        ((step(escalate_after=HOUR, escalate_to="sales_manager"),), "steps.0.escalate_to"),
        ((step(escalate_after=HOUR * 9000, escalate_to="finance"),), "steps.0.escalate_after_hours"),
        ((step(*(user(f"u{n}") for n in range(21))),), "steps.0.approvers"),
    ],
)
def test_a_flow_that_could_not_be_carried_out_is_refused_by_its_field(steps, where):
    with pytest.raises(FlowInvalid) as refused:
        check_flow((Case(),), steps, ROLES)
    assert refused.value.field == where


def test_a_flow_has_cases():
    with pytest.raises(FlowInvalid) as refused:
        check_flow((), (step(),), ROLES)
    assert refused.value.field == "cases"
    check_flow((Case(),), (step(role("finance"), needs="number", number=3), step(stage=2)), ROLES)


def test_what_is_stored_reads_back_the_same():
    cases = (
        Case((Clause("total", "at_least", usd("5.00")), Clause("who", "one_of", ("a", "b")))),
        Case((Clause("override", "equals", True), Clause("discount", "at_most", 5))),
    )
    steps = (step(user("mia"), needs="all", escalate_after=HOUR, escalate_to="finance"), step(stage=2))
    assert from_data(to_data(cases, steps)) == (cases, steps)


@pytest.mark.parametrize(
    ("deputy", "first", "last", "where"),
    [
        ("mia", TODAY, TODAY, "deputy_id"),
        ("wim", TODAY, TODAY - timedelta(days=1), "last_day"),
        ("wim", TODAY - timedelta(days=9), TODAY - timedelta(days=1), "last_day"),
        ("wim", TODAY, TODAY + timedelta(days=366), "last_day"),
    ],
)
def test_a_delegation_that_gives_nothing_is_refused(deputy, first, last, where):
    with pytest.raises(DelegationInvalid) as refused:
        check_delegation("mia", deputy, first, last, TODAY)
    assert refused.value.field == where
    check_delegation("mia", "wim", TODAY, TODAY + timedelta(days=365), TODAY)


def test_an_administrators_say_in_everything_is_not_lent():
    assert lendable(frozenset({"admin", "finance"})) == {"finance"}
