"""Prices for a customer, a group, a channel, a region or all: the most specific that fits wins, and each says why."""

from __future__ import annotations

import json
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.domain.audience import Buyer, specificity, stranger
from services.sales.domain.pricing import PriceRule, find_price, recompute
from services.sales.domain.traces import from_data, to_data
from services.sales.tests.builders import HARBOR, TOKYO, an_id, occasion, price, qty, rule

AIMS = {
    "customer_id": HARBOR.id,
    "customer_group": "wholesale",
    "channel": "web",
    "region": "north",
}
WEB = occasion(**AIMS)


def aimed(*names: str, at: str = "10.00", **changes: object) -> PriceRule:
    """Return a rule that names these of ``AIMS``, of a policy of its own."""
    named = {name: AIMS[name] for name in names}
    return rule(at, policy_id=an_id("+".join(names) or "all"), **named | changes)


def outcomes(trace) -> list[str]:
    return [attempt.outcome for attempt in trace.attempts]


@pytest.mark.parametrize("place", range(4))
def test_r3_1_customer_before_group_before_channel_before_region_before_all(place: int):
    ladder = [*AIMS, None][place:]
    rules = [aimed(*([name] if name else []), at=f"{n}.00") for n, name in enumerate(ladder, 1)]

    trace = find_price(WEB, reversed(rules))

    assert trace.price == price("1.00")
    assert outcomes(trace) == ["less_specific"] * (len(rules) - 1) + ["won"]


def test_who_names_more_wins_over_who_names_less_of_the_same():
    trace = find_price(
        WEB, [aimed("customer_group"), aimed("customer_group", "channel"), aimed("channel", "region")]
    )

    assert outcomes(trace) == ["less_specific", "won", "less_specific"]


def test_the_customers_own_wins_over_all_that_the_others_can_name():
    trace = find_price(WEB, [aimed("customer_group", "channel", "region"), aimed("customer_id")])

    assert outcomes(trace) == ["less_specific", "won"]


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("customer_id", "other_customer"),
        ("customer_group", "other_group"),
        ("channel", "other_channel"),
        ("region", "other_region"),
    ],
)
def test_a_price_for_others_says_in_what_they_differ(name: str, outcome: str):
    elsewhere = aimed(**{name: TOKYO.id if name == "customer_id" else "elsewhere"})
    unknown = {name: None} if name != "customer_id" else {name: TOKYO.id}

    assert outcomes(find_price(WEB, [elsewhere])) == [outcome]
    assert outcomes(find_price(occasion(**AIMS | unknown), [aimed(name)])) == [outcome]
    assert find_price(WEB, [elsewhere]).price is None


def test_a_tier_for_all_does_not_beat_the_groups_price():
    trace = find_price(WEB, [aimed(at="1.00", min_quantity=qty(10)), aimed("customer_group", at="2.00")])

    assert trace.price == price("2.00")


def test_a_date_window_holds_for_a_group_as_for_all():
    spring = aimed("customer_group", valid_from=date(2026, 3, 3))

    assert outcomes(find_price(WEB, [spring, aimed()])) == ["not_yet_valid", "won"]


names = st.sampled_from([None, "here", "there"])
who = st.builds(Buyer, st.sampled_from([HARBOR.id, TOKYO.id]), names, names, names)
rules = st.builds(
    lambda own, group, channel, region, tier, n: rule(
        policy_id=f"00000000-0000-7000-8000-{n:012d}",
        customer_id=own,
        customer_group=group,
        channel=channel,
        region=region,
        min_quantity=qty(tier),
    ),
    st.sampled_from([None, None, HARBOR.id, TOKYO.id]),
    names,
    names,
    names,
    st.sampled_from([1, 5, 10, 50]),
    st.integers(0, 10**6),
)


def on(buyer: Buyer):
    return occasion(
        customer_id=buyer.customer_id,
        customer_group=buyer.customer_group,
        channel=buyer.channel,
        region=buyer.region,
    )


@given(tried=st.lists(rules, max_size=12), buyer=who)
def test_the_winner_fits_and_no_loser_that_fits_is_more_specific(tried, buyer):
    trace = find_price(on(buyer), tried)
    fitting = [each for each in tried if stranger(each, buyer) is None and each.min_quantity <= qty(10)]

    assert (trace.winner is None) == (not fitting)
    if trace.winner is not None:
        assert trace.winner in fitting
        assert specificity(trace.winner) == max(specificity(each) for each in fitting)


@given(tried=st.lists(rules, max_size=12), buyer=who)
def test_the_decision_for_anybody_can_be_made_again_from_its_trace_alone(tried, buyer):
    trace = find_price(on(buyer), tried)

    assert recompute(trace) == trace
    assert recompute(from_data(json.loads(json.dumps(to_data(trace))))) == trace


def test_the_order_of_specificity_is_total():
    every = [combination for size in range(5) for combination in combinations(AIMS, size)]
    ranks = sorted(specificity(aimed(*each)) for each in every)

    assert len(set(ranks)) == len(every) == 16


OLD = {
    "item_id": an_id("chai"), "customer_id": HARBOR.id, "currency": "USD", "quantity": "10", "on": "2026-03-02",
    "source": "override", "policy_price": "17.00", "override": {"unit_price": "15.00", "by": "mike"},
    "rules": [
        {"policy_id": an_id("list"), "policy": "List", "revision": 1, "customer_id": None, "min_quantity": "1",
         "valid_from": None, "valid_until": None, "unit_price": "18.00", "currency": "USD", "outcome": "less_specific"},
        {"policy_id": an_id("own"), "policy": "Own", "revision": 3, "customer_id": HARBOR.id, "min_quantity": "1",
         "valid_from": "2026-01-01", "valid_until": None, "unit_price": "17.00", "currency": "USD", "outcome": "won"},
    ],
}  # fmt: skip


def test_a_trace_of_version_1_is_read_and_decided_again_as_it_was():
    trace = from_data(OLD)

    assert recompute(trace) == trace
    assert (trace.price, trace.policy_price) == (price("15.00"), price("17.00"))
    assert from_data(to_data(trace)) == trace
    forged = {**OLD, "rules": [OLD["rules"][0] | {"outcome": "won"}, OLD["rules"][1] | {"outcome": "older"}]}
    assert recompute(from_data(forged)) != from_data(forged)
