"""Which price applies, and why."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.pricing import Override, PriceTrace, find_price, recompute
from services.sales.domain.traces import from_data, to_data
from services.sales.tests.builders import HARBOR, TOKYO, an_id, occasion, price, qty, rule

SPRING = date(2026, 3, 2)


def outcomes(trace: PriceTrace) -> list[str]:
    return [attempt.outcome for attempt in trace.attempts]


def test_a_single_rule_wins():
    trace = find_price(occasion(), [rule("18.00")])

    assert trace.price == price("18.00")
    assert outcomes(trace) == ["won"]
    assert trace.source == "policy"


def test_no_rule_means_no_price():
    assert find_price(occasion(), []).price is None


@pytest.mark.parametrize(
    ("quantity", "expected"), [(9, "18.00"), (10, "17.00"), (99, "17.00"), (100, "16.00")]
)
def test_the_highest_tier_that_the_quantity_reaches_wins(quantity, expected):
    tiers = [
        rule("18.00"),
        rule("17.00", min_quantity=qty(10)),
        rule("16.00", min_quantity=qty(100)),
    ]

    assert find_price(occasion(quantity=qty(quantity)), tiers).price == price(expected)


def test_a_lost_tier_says_why():
    tiers = [rule("18.00"), rule("17.00", min_quantity=qty(10)), rule("16.00", min_quantity=qty(100))]

    assert outcomes(find_price(occasion(), tiers)) == ["smaller_tier", "won", "below_min_quantity"]


def test_the_customers_own_price_wins_over_a_higher_tier_for_all():
    own = rule("17.90", policy_id=an_id("own"), customer_id=HARBOR.id)
    general = rule("15.00", min_quantity=qty(10))

    trace = find_price(occasion(), [general, own])

    assert trace.price == price("17.90")
    assert outcomes(trace) == ["less_specific", "won"]


def test_another_customers_price_never_applies():
    other = rule("1.00", customer_id=TOKYO.id)

    trace = find_price(occasion(), [other])

    assert trace.price is None
    assert outcomes(trace) == ["other_customer"]


def test_another_currency_never_applies():
    assert outcomes(find_price(occasion(), [rule("100.5", "JPY")])) == ["other_currency"]


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        (date(2026, 2, 28), "not_yet_valid"),
        (date(2026, 3, 1), "won"),
        (date(2026, 3, 31), "won"),
        (date(2026, 4, 1), "no_longer_valid"),
    ],
)
def test_both_ends_of_the_window_belong_to_it(on, outcome):
    march = rule("18.00", valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 31))

    assert outcomes(find_price(occasion(on=on), [march])) == [outcome]


def test_the_latest_beginning_wins():
    always = rule("18.00", policy_id=an_id("always"))
    january = rule("18.50", policy_id=an_id("january"), valid_from=date(2026, 1, 1))
    march = rule("19.00", policy_id=an_id("march"), valid_from=SPRING)

    trace = find_price(occasion(), [always, march, january])

    assert trace.price == price("19.00")
    assert outcomes(trace) == ["older", "won", "older"]


def test_between_equals_the_one_entered_last_wins_whatever_the_order_of_reading():
    first = rule("18.00", policy_id="00000000-0000-7000-8000-000000000001")
    second = rule("18.10", policy_id="00000000-0000-7000-8000-000000000002")

    assert find_price(occasion(), [first, second]).price == price("18.10")
    assert outcomes(find_price(occasion(), [second, first])) == ["won", "entered_earlier"]


def test_an_override_counts_and_the_policys_price_stays_known():
    found = find_price(occasion(), [rule("18.00")])
    trace = PriceTrace(found.occasion, found.attempts, Override(price("15.00"), "mike"))

    assert (trace.price, trace.policy_price, trace.source) == (price("15.00"), price("18.00"), "override")


days = st.dates(date(2025, 12, 1), date(2026, 6, 30))
rules = st.builds(
    lambda cents, tier, own, start, length, n, yen: rule(
        str(cents),
        "JPY" if yen else "USD",
        policy_id=f"00000000-0000-7000-8000-{n:012d}",
        revision=1 + n,
        min_quantity=qty(tier),
        customer_id={0: None, 1: HARBOR.id, 2: TOKYO.id}[own],
        valid_from=start,
        valid_until=None if start is None or length is None else start + timedelta(days=length),
    ),
    st.integers(0, 10_000),
    st.sampled_from([1, 5, 10, 50]),
    st.sampled_from([0, 0, 1, 2]),
    st.none() | days,
    st.none() | st.integers(0, 120),
    st.integers(0, 10**6),
    st.booleans(),
)


@given(tried=st.lists(rules, max_size=12), on=days, quantity=st.integers(1, 60))
def test_the_decision_can_be_made_again_from_its_trace_alone(tried, on, quantity):
    trace = find_price(occasion(on=on, quantity=qty(quantity)), tried)

    assert recompute(trace) == trace
    assert recompute(from_data(json.loads(json.dumps(to_data(trace))))) == trace


@given(tried=st.lists(rules, max_size=12), on=days, quantity=st.integers(1, 60))
def test_at_most_one_rule_wins_and_each_loser_says_why(tried, on, quantity):
    trace = find_price(occasion(on=on, quantity=qty(quantity)), tried)

    assert outcomes(trace).count("won") == (trace.price is not None)
    assert len(trace.attempts) == len(tried)


def test_a_trace_that_was_tampered_with_does_not_recompute():
    trace = find_price(occasion(), [rule("18.00"), rule("17.00", min_quantity=qty(10))])
    data = to_data(trace)
    data["rules"][0]["outcome"], data["rules"][1]["outcome"] = "won", "older"

    assert recompute(from_data(data)) != from_data(data)


def test_an_override_survives_the_round_trip():
    found = find_price(occasion(), [rule("18.00")])
    trace = PriceTrace(found.occasion, found.attempts, Override(price("0.1234"), "mike"))

    assert from_data(to_data(trace)) == trace
    assert recompute(trace) == trace
