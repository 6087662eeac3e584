"""What a policy would have made of a past line, promotions and all, is what pricing makes of it: by the same code."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.sales.domain.line_pricing import Offer, RequestedLine, price_line
from services.sales.domain.price_trial import decide_again, price_again, promoted_on
from services.sales.domain.pricing import Override, PriceRule, PriceTrace, find_price
from services.sales.domain.promoting import Sale, promote_again
from services.sales.domain.promotion import Promotion
from services.sales.domain.promotion_traces import promoted_data
from services.sales.domain.quotation_line import QuotationLine
from services.sales.domain.traces import to_data
from services.sales.tests.builders import CHAI, HARBOR, an_id, price, qty, rule, usd
from services.sales.tests.unit.test_promoting import promotions, quantities, sale, sales

DRAFT = "Harbor's own"
prices = st.integers(1, 10**7).map(lambda e4: Price(e4, "USD"))
tiers = st.lists(st.tuples(prices, quantities), min_size=1, max_size=3, unique_by=lambda tier: tier[1])
offers = st.lists(promotions, max_size=6)


def book(sold: Sale, *more: PriceRule) -> list[PriceRule]:
    """Return the list price, from any quantity on, and ``more``."""
    return [rule(price=sold.unit_price, min_quantity=Quantity(1)), *more]


def draft(*tier: tuple[Price, Quantity]) -> list[PriceRule]:
    own = rule(policy=DRAFT, policy_id=an_id(DRAFT), customer_id=HARBOR.id)
    return [replace(own, price=each, min_quantity=least) for each, least in tier]


def quoted(sold: Sale, rules: list[PriceRule], offered: list[Promotion]) -> QuotationLine:
    """Return the line as it is quoted by these rules with these promotions, as it is read back from the store."""
    trace = find_price(sold.occasion, rules)
    wanted = RequestedLine(CHAI.id, sold.occasion.quantity, sold.discount_bp)
    offer = Offer(tuple(offered), sold.coupon)
    line = price_line(an_id("line"), 0, wanted, CHAI, trace, sold.place, offer)
    return replace(line, trace_data=json.loads(json.dumps(line.trace_data)))


def told(trace: PriceTrace) -> list[str]:
    """Return what became of each rule, whatever the order in which they were tried."""
    return sorted(json.dumps(each) for each in to_data(trace)["rules"])


@given(sold=sales, tiers=tiers, offered=offers)
def test_r3_1_what_applied_already_is_worked_out_to_the_stored_trace(sold, tiers, offered):
    own = draft(*tiers)
    line = quoted(sold, book(sold, *own), offered)
    trace = line.price_trace

    again = decide_again(trace, DRAFT, own)
    promoted = promote_again(promoted_on(line, trace, trace.policy_price), again.policy_price)

    assert told(again) == told(trace)
    assert {name: line.trace_data[name] for name in promoted_data(promoted)} == promoted_data(promoted)
    assert price_again(line, DRAFT, own) is None


@given(sold=sales, tiers=tiers, offered=offers)
def test_r3_1_the_tried_line_is_the_line_as_it_would_have_been_quoted(sold, tiers, offered):
    before = quoted(sold, book(sold), offered)
    after = quoted(sold, book(sold, *draft(*tiers)), offered)

    tried = price_again(before, DRAFT, draft(*tiers))

    if tried is None:
        assert after.unit_price == before.unit_price
        return
    assert (tried.before, tried.after) == (before.unit_price, after.unit_price)
    assert (tried.amount_before, tried.amount_after) == (before.amount, after.amount)
    assert promoted_data(tried.again) == {name: after.trace_data[name] for name in promoted_data(tried.again)}


@given(sold=sales, tiers=tiers, offered=offers)
def test_r3_1_the_difference_comes_from_the_price_and_from_each_promotion_and_from_nothing_else(
    sold, tiers, offered
):
    tried = price_again(quoted(sold, book(sold), offered), DRAFT, draft(*tiers))

    if tried is not None:
        assert tried.by_price is not None
        assert tried.by_promotions is not None
        assert tried.by_price + tried.by_promotions == tried.difference
        each = (promotion.difference for promotion in tried.promotions)
        assert Money.total(each, "USD") == tried.by_promotions


def of_ten() -> QuotationLine:
    """Return the line of ten at 18.00 less ten percent, with no promotions to try."""
    return quoted(sale(discount_bp=1000), [rule("18.00")], [])


def test_a_line_of_before_the_promotions_is_tried_without_any():
    line = of_ten()
    old = to_data(line.price_trace)

    tried = price_again(replace(line, trace_data=old), DRAFT, draft((price("20.00"), qty(1))))

    assert (tried.amount_before, tried.amount_after) == (usd("162.00"), usd("180.00"))
    assert (tried.by_price, tried.by_promotions, tried.promotions) == (usd("18.00"), usd("0"), ())


def test_a_price_that_a_person_set_stands():
    line = of_ten()
    by_hand = replace(line.price_trace, override=Override(price("5.00"), "mike"))

    assert (
        price_again(replace(line, trace_data=to_data(by_hand)), DRAFT, draft((price("20.00"), qty(1))))
        is None
    )
