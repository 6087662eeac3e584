"""Prices worked out of what an item costs: exactly, rounded once, and with a reason where that cannot be."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import MeridianError
from libs.common.money import Price, divide_half_up
from services.sales.domain.formulas import Formula
from services.sales.domain.policy import PolicyLine, check_policy
from services.sales.domain.pricing import PriceRule, find_price, recompute
from services.sales.domain.traces import from_data, to_data
from services.sales.tests.builders import CHAI, an_id, occasion, price, qty, rule


def on_cost(change_bp: int, name: str = "Cost plus", **changes) -> PriceRule:
    """Return a rule for Harbor Pumps' group that gives so much on the cost."""
    formula = Formula("USD", change_bp, of_cost=True)
    aims = {"customer_group": "wholesale"} | changes
    return rule(policy_id=an_id(name), policy=name, price=formula, **aims)


def costing(unit_cost: str | None, currency: str = "USD"):
    """Return a purchase of one in the group, of an item that costs so much."""
    cost = None if unit_cost is None else price(unit_cost, currency)
    return occasion(customer_group="wholesale", unit_cost=cost)


@pytest.mark.parametrize(
    ("unit_cost", "change_bp", "expected"),
    [
        ("9.00", 5000, "13.50"),
        ("9.00", 0, "9.00"),
        ("9.00", -1000, "8.10"),
        ("9.00", 90_000, "90.00"),
        ("9.00", -10_000, "0"),
        ("0.0005", 1000, "0.0006"),
        ("0", 5000, "0"),
    ],
)
def test_r3_1_so_much_on_or_off_the_cost(unit_cost, change_bp, expected):
    trace = find_price(costing(unit_cost), [rule("18.00"), on_cost(change_bp)])

    assert trace.price == price(expected)
    assert [attempt.outcome for attempt in trace.attempts] == ["less_specific", "won"]
    assert trace.occasion.unit_cost == price(unit_cost), "what it was worked out of stays in the trace"


@pytest.mark.parametrize(
    ("bought", "reason"),
    [(costing(None), "cost_unknown"), (costing("9.00", "JPY"), "cost_in_other_currency")],
)
def test_without_a_cost_that_can_be_used_the_rule_loses_with_its_reason_and_the_next_applies(bought, reason):
    trace = find_price(bought, [rule("18.00"), on_cost(5000)])

    assert trace.price == price("18.00")
    assert [(each.outcome, each.unit_price) for each in trace.attempts] == [
        ("won", price("18.00")),
        (reason, None),
    ]
    assert recompute(from_data(json.loads(json.dumps(to_data(trace))))) == trace


def test_a_rule_for_others_loses_by_that_not_by_the_cost():
    trace = find_price(costing(None), [rule("18.00"), on_cost(5000, min_quantity=qty(100))])
    assert [attempt.outcome for attempt in trace.attempts] == ["won", "below_min_quantity"]


def test_a_policy_over_one_that_is_worked_out_of_the_cost_follows_it():
    over = replace(on_cost(0, "Friends"), price=Formula("USD", -1000, "Cost plus"))

    trace = find_price(costing("9.00"), [over], [on_cost(5000)])
    assert trace.price == price("12.15")
    (none,) = find_price(costing(None), [over], [on_cost(5000)]).attempts
    assert (none.outcome, none.unit_price) == ("no_base_price", None)


def test_a_price_over_the_cost_is_no_list_price():
    above = replace(on_cost(0, "Friends"), price=Formula("USD", -1000))
    trace = find_price(costing("9.00"), [above, on_cost(5000, customer_group=None)])
    assert [attempt.outcome for attempt in trace.attempts] == ["no_base_price", "won"]


def test_the_cost_is_not_kept_where_nothing_is_worked_out_of_it():
    trace = find_price(costing("9.00"), [rule("18.00")])
    assert trace.occasion.unit_cost is None
    assert "unit_cost" not in to_data(trace)


@given(e4=st.integers(0, 10**9), change_bp=st.integers(-10_000, 90_000), chained=st.integers(-10_000, 10_000))
def test_the_price_is_the_exact_product_rounded_half_up_once_and_the_trace_tells_it_again(
    e4, change_bp, chained
):
    bought = replace(costing("1"), unit_cost=Price(e4, "USD"))
    over = replace(on_cost(0, "Friends"), price=Formula("USD", chained, "Cost plus"))

    plain = find_price(bought, [on_cost(change_bp)])
    further = find_price(bought, [over], [on_cost(change_bp)])

    assert plain.price == Price(divide_half_up(e4 * (10_000 + change_bp), 10_000), "USD")
    exact = e4 * (10_000 + change_bp) * (10_000 + chained)
    assert further.price == Price(divide_half_up(exact, 10_000**2), "USD")
    for trace in (plain, further):
        assert recompute(from_data(json.loads(json.dumps(to_data(trace))))) == trace


def test_a_trace_with_another_cost_does_not_recompute():
    data = to_data(find_price(costing("9.00"), [on_cost(5000)]))
    data["unit_cost"]["amount"] = "9.01"
    assert recompute(from_data(data)) != from_data(data)


@pytest.mark.parametrize("change_bp", [-10_001, 90_001])
def test_more_than_all_off_or_ten_times_the_cost_is_refused(change_bp):
    line = PolicyLine(CHAI.id, qty(1), Formula("USD", change_bp, of_cost=True))
    with pytest.raises(MeridianError) as refused:
        check_policy("USD", [line], frozenset({CHAI.id}), None, None)
    assert refused.value.field == "lines.0.formula"


def test_a_factor_says_what_the_cost_is_multiplied_by():
    assert Formula("USD", 15_000, of_cost=True).factor == Decimal("2.5")
    assert (Formula("USD", 1).factor, Formula("USD", 1, of_cost=True).percent_on) == (None, None)
