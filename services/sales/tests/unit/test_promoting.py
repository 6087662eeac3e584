"""What promotions take off a line: in turn, exactly, never more than there is, and told for doing it again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import MeridianError
from libs.common.money import Money, Price, divide_half_up
from libs.common.quantity import Quantity
from services.sales.domain.gifts import AmountOff, Bundle, FreeUnits, Gift, Part, PercentOff, Place
from services.sales.domain.pricing import Override, find_price
from services.sales.domain.promoting import Promoted, Sale, places, promote
from services.sales.domain.promotion import Promotion, check_promotion
from services.sales.domain.promotion_traces import gift_data, gift_of, promoted_data, promoted_of
from services.sales.domain.traces import from_data, to_data
from services.sales.tests.builders import CHAI, HARBOR, ROPE, TOKYO, an_id, occasion, price, qty, rule, usd

TENTH = PercentOff(1000)


def promotion(gift: Gift = TENTH, name: str = "Spring", **changes: Any) -> Promotion:
    return replace(Promotion(an_id(name), name, 1, "USD", gift), **changes)


def sale(unit_price: str = "18.00", quantity: str | int = 10, discount_bp: int = 0, **changes: Any) -> Sale:
    """Return Harbor's purchase of chai, as promotions see it."""
    whole = changes.pop("beside", {})
    place = Place(CHAI.id, qty(quantity), changes.pop("above", qty(0)), whole)
    about = occasion(quantity=qty(quantity), **changes.pop("about", {}))
    return replace(Sale(about, price(unit_price), discount_bp, False, place), **changes)


def outcomes(promoted: Promoted) -> list[str]:
    return [attempt.outcome for attempt in promoted.attempts]


@pytest.mark.parametrize(
    ("gift", "quantity", "off", "outcome"),
    [
        (PercentOff(1000), 10, "18.00", "applied"),
        (PercentOff(10_000), 10, "180.00", "applied"),
        (PercentOff(1000, min_quantity=qty(10)), 10, "18.00", "applied"),
        (PercentOff(1000, min_quantity=qty(11)), 10, "0", "condition_not_met"),
        (AmountOff(usd("5.00")), 10, "5.00", "applied"),
        (AmountOff(usd("5000.00")), 10, "180.00", "applied"),
        (AmountOff(usd("5.00"), min_quantity=qty(11)), 10, "0", "condition_not_met"),
        (FreeUnits(qty(2), qty(1)), 2, "0", "condition_not_met"),
        (FreeUnits(qty(2), qty(1)), 3, "18.00", "applied"),
        (FreeUnits(qty(2), qty(1)), 5, "18.00", "applied"),
        (FreeUnits(qty(2), qty(1)), 7, "36.00", "applied"),
        (FreeUnits(qty("1.5"), qty("0.5")), 4, "18.00", "applied"),
    ],
)
def test_r3_1_what_each_kind_takes_off_a_line(gift, quantity, off, outcome):
    promoted = promote(sale(quantity=quantity), [promotion(gift)])

    assert (promoted.off, outcomes(promoted)) == (usd(off), [outcome])
    assert promoted.worth.amount == promoted.sale.plain.amount - usd(off)


SET = Bundle(2000, (Part(CHAI.id, qty(2)), Part(ROPE.id, qty("1.5"))))


@pytest.mark.parametrize(
    ("chai", "rope", "sets", "off"),
    [
        ("2", "1.5", 1, "7.20"),
        ("3", "3", 1, "7.20"),
        ("4", "3", 2, "14.40"),
        ("1", "9", 0, "0"),
        ("9", "0", 0, "0"),
    ],
)
def test_r3_1_a_bundle_takes_a_percentage_off_whole_sets(chai, rope, sets, off):
    beside = {CHAI.id: qty(chai), ROPE.id: qty(rope)}

    assert SET.sets(beside) == sets
    assert promote(sale(quantity=chai, beside=beside), [promotion(SET)]).off == usd(off)


def test_the_upper_line_of_an_item_goes_into_the_sets_first():
    stand = places([(CHAI.id, qty(3)), (ROPE.id, qty(3)), (CHAI.id, qty(3))], [promotion(SET)])
    promoted = [
        promote(replace(sale(quantity=3), place=place), [promotion(SET)]) for place in (stand[0], stand[2])
    ]

    assert [place.above for place in stand] == [qty(0), qty(0), qty(3)]
    assert [each.off for each in promoted] == [usd("10.80"), usd("3.60")]  # 3 and 1 of the 4 in two sets


def test_of_the_document_only_what_a_bundle_looks_at_is_kept():
    other = an_id("other")
    stand = places([(CHAI.id, qty(1)), (other, qty(1))], [promotion(SET), promotion(TENTH)])

    assert [dict(place.beside) for place in stand] == [{CHAI.id: qty(1)}, {}]


def test_they_are_had_one_after_the_other_on_what_is_left():
    promoted = promote(
        sale(discount_bp=5000),
        [promotion(AmountOff(usd("9.00")), "b", priority=1), promotion(TENTH, "a", priority=2)],
    )

    assert [(attempt.promotion.name, attempt.off) for attempt in promoted.attempts] == [
        ("a", usd("9.00")),
        ("b", usd("9.00")),
    ]
    assert promoted.worth.amount == usd("72.00")


def test_between_equals_the_one_entered_last_comes_first_whatever_the_order_of_reading():
    early, late = (
        promotion(name=name, id=f"00000000-0000-7000-8000-00000000000{n}") for n, name in enumerate("ab")
    )

    for given_ in ([early, late], [late, early]):
        assert [attempt.promotion.name for attempt in promote(sale(), given_).attempts] == ["b", "a"]


@pytest.mark.parametrize(
    ("priorities", "exclusive", "wanted"),
    [
        ((2, 1), (True, False), ["applied", "beside_exclusive"]),
        ((2, 1), (False, True), ["applied", "beside_exclusive"]),
        ((2, 1), (True, True), ["applied", "beside_exclusive"]),
        ((2, 1), (False, False), ["applied", "applied"]),
    ],
)
def test_an_exclusive_one_stands_alone(priorities, exclusive, wanted):
    both = [
        promotion(TENTH, name, priority=priority, exclusive=alone)
        for name, priority, alone in zip("ab", priorities, exclusive, strict=True)
    ]

    assert outcomes(promote(sale(), both)) == wanted


def test_an_exclusive_one_that_is_not_had_keeps_nobody_away():
    never = promotion(FreeUnits(qty(99), qty(1)), "a", priority=2, exclusive=True)

    assert outcomes(promote(sale(), [never, promotion(TENTH, "b")])) == ["condition_not_met", "applied"]


@pytest.mark.parametrize(
    ("changes", "about", "outcome"),
    [
        ({"customer_id": TOKYO.id}, {}, "other_customer"),
        ({"customer_group": "w"}, {}, "other_group"),
        ({"channel": "web"}, {"channel": "phone"}, "other_channel"),
        ({"region": "north"}, {}, "other_region"),
        ({"currency": "JPY"}, {}, "other_currency"),
        ({"valid_from": date(2026, 3, 3)}, {}, "not_yet_valid"),
        ({"valid_until": date(2026, 3, 1)}, {}, "no_longer_valid"),
        ({"coupon": "SPRING"}, {}, "without_coupon"),
        ({"valid_from": date(2026, 3, 2), "valid_until": date(2026, 3, 2)}, {}, "applied"),
        ({"customer_group": "w", "channel": "web"}, {"customer_group": "w", "channel": "web"}, "applied"),
    ],
)
def test_why_a_promotion_is_not_had(changes, about, outcome):
    promoted = promote(sale(about=about), [promotion(**changes)])

    assert outcomes(promoted) == [outcome]
    assert bool(promoted.off) == (outcome == "applied")


def test_a_coupon_opens_its_promotion_and_no_other():
    both = [promotion(name="a", coupon="SPRING"), promotion(name="b", coupon="AUTUMN")]

    assert sorted(outcomes(promote(sale(coupon="SPRING"), both))) == ["applied", "without_coupon"]


def test_on_a_price_that_a_person_set_comes_no_promotion():
    assert outcomes(promote(sale(set_by_hand=True), [promotion()])) == ["price_was_set"]


def test_where_nothing_is_left_it_is_said():
    assert outcomes(promote(sale(discount_bp=10_000), [promotion()])) == ["nothing_left"]


def test_a_promotion_for_other_items_is_not_tried():
    assert promote(sale(), [promotion(PercentOff(1000, (ROPE.id,)))]).attempts == ()
    (attempt,) = promote(sale(), [promotion(PercentOff(1000, (ROPE.id, CHAI.id)))]).attempts
    assert attempt.promotion.gift == PercentOff(1000), "the line does not remember the other items"


def test_a_line_is_rounded_once_not_at_each_promotion():
    thirds = [promotion(PercentOff(3333), name) for name in "abc"]

    promoted = promote(sale("0.01", 1), thirds)

    assert promoted.worth.amount == usd("0.00")  # 0.00296; rounded at each it would stay 0.01
    assert [attempt.off for attempt in promoted.attempts] == [usd("0.00"), usd("0.01"), usd("0.00")]


bps = st.integers(1, 10_000)
quantities = st.integers(1, 9000).map(Quantity)
gifts = st.one_of(
    st.builds(PercentOff, bps, st.just(()), quantities),
    st.builds(
        AmountOff, st.integers(1, 10**7).map(lambda minor: Money(minor, "USD")), st.just(()), quantities
    ),
    st.builds(FreeUnits, quantities, quantities),
    st.builds(
        lambda bp, own, other: Bundle(bp, (Part(CHAI.id, own), Part(ROPE.id, other))),
        bps,
        quantities,
        quantities,
    ),
)
days = st.dates(date(2026, 2, 28), date(2026, 3, 4))
promotions = st.builds(
    lambda gift, n, priority, exclusive, aim, coupon, start, length, yen: promotion(
        gift if not (yen and isinstance(gift, AmountOff)) else PercentOff(5),
        f"P{n}",
        id=f"00000000-0000-7000-8000-{n:012d}",
        priority=priority,
        exclusive=exclusive,
        currency="JPY" if yen else "USD",
        customer_id=aim,
        coupon=coupon,
        valid_from=start,
        valid_until=None if length is None else start + timedelta(days=length),
    ),
    gifts,
    st.integers(0, 99),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from([None, None, HARBOR.id, TOKYO.id]),
    st.sampled_from([None, None, "SPRING", "AUTUMN"]),
    days,
    st.none() | st.integers(0, 4),
    st.sampled_from([False, False, False, True]),
)
sales = st.builds(
    lambda e4, quantity, bp, by_hand, above, rope, coupon: Sale(
        occasion(quantity=quantity),
        Price(e4, "USD"),
        bp,
        by_hand,
        Place(CHAI.id, quantity, above, {CHAI.id: quantity + above, ROPE.id: rope}),
        coupon,
    ),
    st.integers(0, 10**7),
    quantities,
    st.sampled_from([0, 0, 500, 9999, 10_000]),
    st.sampled_from([False, False, False, True]),
    st.integers(0, 5000).map(Quantity),
    st.integers(0, 9000).map(Quantity),
    st.sampled_from([None, "SPRING"]),
)


@given(line=sales, tried=st.lists(promotions, max_size=6))
def test_no_line_ever_costs_less_than_nothing_or_more_than_without(line, tried):
    promoted = promote(line, tried)

    assert Money.zero("USD") <= promoted.worth.amount <= line.plain.amount
    assert all(attempt.off >= Money.zero("USD") for attempt in promoted.attempts)
    assert promoted.worth.amount + promoted.off == line.plain.amount
    assert promoted.worth.rounding_e11 == line.plain.rounding_e11
    for attempt in promoted.attempts:
        assert not attempt.off or attempt.outcome == "applied"


@given(line=sales, tried=st.lists(promotions, max_size=6))
def test_the_amount_is_the_exact_remainder_rounded_half_up_once(line, tried):
    promoted = promote(line, tried)
    left = Fraction(line.plain.exact_e11, 10**9)
    for attempt in promoted.attempts:
        if attempt.outcome == "applied":
            left -= attempt.promotion.gift.off(left, line.place)

    assert promoted.worth.amount.minor == divide_half_up(left.numerator, left.denominator)


@given(line=sales, tried=st.lists(promotions, max_size=6))
def test_an_exclusive_one_is_never_had_beside_another(line, tried):
    had = [attempt.promotion for attempt in promote(line, tried).attempts if attempt.outcome == "applied"]

    assert len(had) <= 1 or not any(each.exclusive for each in had)
    assert [each.priority for each in had] == sorted((each.priority for each in had), reverse=True)


@given(line=sales, tried=st.lists(promotions, max_size=6))
def test_what_was_taken_off_can_be_told_again_from_the_trace_alone(line, tried):
    found = find_price(line.occasion, [rule(price=line.unit_price, min_quantity=Quantity(1))])
    trace = replace(found, override=Override(line.unit_price, "mike") if line.set_by_hand else None)
    promoted = promote(line, tried)

    data = json.loads(json.dumps(to_data(trace) | promoted_data(promoted)))
    read = promoted_of(data, from_data(data))

    assert read == promoted
    assert promote(read.sale, [attempt.promotion for attempt in read.attempts]) == promoted


@given(gift=gifts)
def test_a_gift_reads_back_the_same(gift):
    assert gift_of(json.loads(json.dumps(gift_data(gift))), "USD") == gift


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (promotion(PercentOff(0)), "gift_of_nothing", "percent_off.percent"),
        (promotion(PercentOff(10_001)), "discount_out_of_range", "percent_off.percent"),
        (promotion(PercentOff(1, min_quantity=qty(0))), "quantity_not_positive", "percent_off.min_quantity"),
        (promotion(AmountOff(usd("0"))), "gift_of_nothing", "amount_off.amount"),
        (promotion(AmountOff(Money(5, "JPY"))), "currency_differs", "amount_off.amount"),
        (promotion(FreeUnits(qty(0), qty(1))), "quantity_not_positive", "free_units.buy"),
        (promotion(FreeUnits(qty(1), qty(0))), "quantity_not_positive", "free_units.free"),
        (promotion(FreeUnits(qty(1), qty(1), (CHAI.id, ROPE.id))), "unknown_item", "free_units.items.1"),
        (promotion(SET), "unknown_item", "bundle.parts.1.item_id"),
        (
            promotion(Bundle(1, (Part(CHAI.id, qty(1)), Part(CHAI.id, qty(2))))),
            "part_named_twice",
            "bundle.parts.1.item_id",
        ),
        (promotion(Bundle(1, (Part(CHAI.id, qty(0)),))), "quantity_not_positive", "bundle.parts.0.quantity"),
        (promotion(max_uses=3), "uses_without_coupon", "max_uses"),
        (
            promotion(valid_from=date(2026, 3, 2), valid_until=date(2026, 3, 1)),
            "dates_reversed",
            "valid_until",
        ),
    ],
)
def test_a_promotion_that_could_give_nothing_is_refused_by_its_field(wrong, code, field):
    with pytest.raises(MeridianError) as refused:
        check_promotion(wrong, frozenset({CHAI.id}))
    assert (refused.value.code, refused.value.field) == (code, field)
