"""Prices worked out of others: exactly, rounded once, and never out of themselves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import MeridianError
from libs.common.money import Price
from services.sales.domain.formulas import Formula, reached, way_back
from services.sales.domain.policy import PolicyLine, PricePolicy, check_bases, check_policy
from services.sales.domain.pricing import PriceRule, find_price, recompute
from services.sales.domain.traces import from_data, to_data
from services.sales.tests.builders import CHAI, HARBOR, TOKYO, an_id, occasion, price, qty, rule


def worked_out(change_bp: int, policy: str | None = None, name: str = "Friends", **changes) -> PriceRule:
    """Return a rule of policy ``name`` that gives so much on the base."""
    formula = Formula("USD", change_bp, policy)
    return rule(policy_id=an_id(name), policy=name, price=formula, **{"customer_id": HARBOR.id} | changes)


def named(name: str, unit_price: str, currency: str = "USD", **changes) -> PriceRule:
    return rule(unit_price, currency, policy_id=an_id(name), policy=name, **changes)


@pytest.mark.parametrize(
    ("list_price", "change_bp", "expected"),
    [
        ("18.00", -1000, "16.20"),
        ("18.00", 1000, "19.80"),
        ("18.00", -10_000, "0"),
        ("18.00", 10_000, "36.00"),
        ("18.00", 0, "18.00"),
        ("0.0005", -5000, "0.0003"),
        ("0.0003", -5000, "0.0002"),
        ("0.9999", -3333, "0.6666"),
    ],
)
def test_r3_1_so_many_percent_on_or_off_the_list_price(list_price, change_bp, expected):
    trace = find_price(occasion(), [rule(list_price), worked_out(change_bp)])

    assert trace.price == price(expected)
    assert [attempt.outcome for attempt in trace.attempts] == ["less_specific", "won"]
    assert trace.won.unit_price == price(expected)


def test_the_list_price_is_that_of_the_tier_the_day_and_of_all():
    book = [
        rule("18.00"),
        rule("17.00", min_quantity=qty(10)),
        rule("10.00", min_quantity=qty(11)),
        rule("5.00", valid_from=date(2026, 3, 3)),
        rule("3.00", customer_group="wholesale"),
        worked_out(-1000),
    ]

    assert find_price(occasion(customer_group="wholesale"), book).price == price("15.30")


def test_the_base_policys_price_counts_whoever_it_is_for():
    wholesale = named("Wholesale", "10.00", customer_group="wholesale")
    friends = worked_out(-500, "Wholesale")

    trace = find_price(occasion(), [rule("18.00"), friends], [wholesale])

    assert trace.price == price("9.50")
    assert trace.bases == (wholesale,)


def test_where_the_base_gives_no_price_the_rule_gives_none_and_says_so():
    for base in (
        [],
        [named("Wholesale", "10.00", min_quantity=qty(11))],
        [named("Wholesale", "9", currency="JPY")],
    ):
        trace = find_price(occasion(), [rule("18.00"), worked_out(-500, "Wholesale")], base)
        assert [attempt.outcome for attempt in trace.attempts] == ["won", "no_base_price"]
        assert trace.attempts[1].unit_price is None
        assert trace.price == price("18.00")


def test_a_price_beyond_all_bounds_is_none():
    trace = find_price(occasion(), [rule("9999999999999"), worked_out(10_000)])

    assert trace.attempts[1].outcome == "no_base_price"


def test_a_chain_is_rounded_once_not_at_each_policy():
    steps = [named("A", "0.0001"), worked_out(5000, "A", "B"), worked_out(5000, "B", "C")]

    trace = find_price(occasion(), [steps[2]], steps[:2])

    assert trace.price == price("0.0002")  # 0.000225; rounded at each step 0.0002 x 1.5 = 0.0003
    assert recompute(from_data(to_data(trace))) == trace


def test_what_is_written_in_a_circle_gives_no_price_instead_of_never_ending():
    circle = [worked_out(0, "B", "A"), worked_out(0, "C", "B"), worked_out(0, "A", "C")]

    trace = find_price(occasion(), circle)

    assert {attempt.outcome for attempt in trace.attempts} == {"no_base_price"}


changes = st.integers(-10_000, 10_000)


@given(e4=st.integers(0, 10**9), steps=st.lists(changes, min_size=1, max_size=6))
def test_the_price_is_the_exact_product_rounded_half_up_once(e4, steps):
    chain = [rule(price=Price(e4, "USD"), policy="P0", policy_id=an_id("P0"))]
    chain += [worked_out(bp, f"P{n}", f"P{n + 1}") for n, bp in enumerate(steps)]
    with localcontext(Context(prec=100)):
        exact = Decimal(e4)
        for bp in steps:
            exact *= Decimal(10_000 + bp) / 10_000
        expected = int(exact.quantize(Decimal(1), ROUND_HALF_UP))

    trace = find_price(occasion(), [chain[-1]], chain[:-1])

    assert trace.price == Price(expected, "USD")
    assert recompute(from_data(json.loads(json.dumps(to_data(trace))))) == trace


policies = st.builds(
    lambda n, base, bp, cents, own: (
        named(f"P{n}", f"{cents}.25", customer_id=own)
        if base is None
        else worked_out(bp, None if base == "list" else base, f"P{n}", customer_id=own)
    ),
    st.integers(0, 4),
    st.sampled_from([None, "list", "P0", "P1", "P2", "P3", "P4"]),
    changes,
    st.integers(0, 99),
    st.sampled_from([None, HARBOR.id, TOKYO.id]),
)


@given(tried=st.lists(policies, max_size=8), bases=st.lists(policies, max_size=4))
def test_whatever_is_worked_out_of_whatever_the_trace_tells_it_again(tried, bases):
    trace = find_price(occasion(), tried, bases)

    assert recompute(from_data(json.loads(json.dumps(to_data(trace))))) == trace
    for attempt in trace.attempts:
        assert attempt.unit_price is None or attempt.unit_price.e4 >= 0


def test_a_computed_price_that_was_tampered_with_does_not_recompute():
    data = to_data(find_price(occasion(), [rule("18.00"), worked_out(-1000)]))
    data["rules"][1]["unit_price"] = "16.19"

    assert recompute(from_data(data)) != from_data(data)


def test_of_further_rules_only_those_that_a_price_leads_to_are_kept():
    tried = [worked_out(0, "A", "X")]
    further = [worked_out(0, "B", "A"), named("B", "1"), named("C", "2")]

    assert reached(tried, further) == further[:2]
    assert reached([rule("1")], further) == []


def test_the_way_back_is_shown():
    based_on = {"B": {"C", "E"}, "C": {"D"}, "D": {"A"}}

    assert way_back("A", {"B"}, based_on) == ("B", "C", "D", "A")
    assert way_back("A", {"A"}, {}) == ("A",)
    assert way_back("F", {"B"}, based_on) is None
    assert way_back("F", {"B"}, {"B": {"C"}, "C": {"B"}}) is None


def a_policy(*lines: PolicyLine, name: str = "Friends", **changes) -> PricePolicy:
    return replace(PricePolicy(an_id(name), name, 1, "USD", lines), **changes)


def line(policy: str | None, change_bp: int = -500, tier: int = 1) -> PolicyLine:
    return PolicyLine(CHAI.id, qty(tier), Formula("USD", change_bp, policy))


@pytest.mark.parametrize(
    ("base", "code"),
    [
        (None, "unknown_base"),
        (a_policy(name="Base", currency="JPY"), "currency_differs"),
        (a_policy(name="Base", customer_id=TOKYO.id), "base_of_another_customer"),
    ],
)
def test_a_base_that_cannot_be_one_is_refused_by_its_line(base, code):
    with pytest.raises(MeridianError) as refused:
        check_bases(
            a_policy(line(None), line("Base", tier=2), customer_id=HARBOR.id),
            {"Base": base} if base else {},
            {},
        )
    assert (refused.value.code, refused.value.field) == (code, "lines.1.formula.policy")


def test_a_base_of_the_same_customer_or_of_a_group_is_taken():
    for base in (a_policy(name="Base", customer_id=HARBOR.id), a_policy(name="Base", customer_group="w")):
        check_bases(a_policy(line("Base"), customer_id=HARBOR.id), {"Base": base}, {})


def test_a_policy_worked_out_of_itself_is_refused_with_the_way():
    with pytest.raises(MeridianError) as refused:
        check_bases(a_policy(line("Base")), {"Base": a_policy(name="Base")}, {"Base": {"Friends"}})
    assert (refused.value.code, refused.value.figures) == ("base_of_itself", {"way": "Base > Friends"})


@pytest.mark.parametrize("change_bp", [-10_001, 10_001])
def test_more_than_all_off_or_on_is_refused(change_bp):
    with pytest.raises(MeridianError) as refused:
        check_policy("USD", [line(None, change_bp)], frozenset({CHAI.id}), None, None)
    assert refused.value.field == "lines.0.formula"
