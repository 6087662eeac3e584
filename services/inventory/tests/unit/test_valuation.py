"""Moving-average cost: exact, whatever comes and goes in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import LIMIT_MINOR, Money, Price
from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain import valuation as rules
from services.inventory.domain.errors import StockLimitExceeded
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.domain.valuation import (
    CostCurrencyDiffers,
    Valuation,
    ValueOutOfReach,
    Worth,
    costs_of_lines,
    part_of,
)
from services.inventory.tests.builders import q

NOTHING = Valuation("valve")


def usd(text: str) -> Money:
    return Money.of(text, "USD")


def at(text: str, currency: str = "USD") -> Worth:
    return Worth(Price.of(text, currency), at="lines.0")


def test_an_average_moves_with_what_comes_in_and_stays_with_what_goes_out() -> None:
    ten = rules.move(NOTHING, q(10), at("1.00"))
    both = rules.move(ten.after, q(10), at("2.00"))
    left = rules.move(both.after, q(-5))

    assert (ten.value, both.value, left.value) == (usd("10.00"), usd("20.00"), usd("-7.50"))
    assert (both.after.unit_cost, left.after.value) == (Price.of("1.50", "USD"), usd("22.50"))
    assert left.after.unit_cost == both.after.unit_cost


def test_the_last_unit_takes_all_that_rounding_left() -> None:
    now = rules.move(NOTHING, q(3), Worth(in_all=usd("10.00"))).after
    taken = []
    for _ in range(3):
        change = rules.move(now, q(-1))
        now, taken = change.after, [*taken, change.value]

    assert taken == [usd("-3.33"), usd("-3.34"), usd("-3.33")]
    assert (now.milli, now.minor) == (0, 0)


def test_goods_without_a_cost_come_in_at_the_current_one_also_when_nothing_is_left() -> None:
    now = rules.move(NOTHING, q(2), at("1.25")).after
    more = rules.move(now, q(4))
    gone = rules.move(more.after, q(-6)).after

    assert more.value == usd("5.00")
    assert more.after.unit_cost == now.unit_cost
    assert rules.move(gone, q(2)).value == usd("2.50")


def test_the_first_cost_values_what_lay_there_without_one() -> None:
    unknown = rules.move(NOTHING, q(8))
    out = rules.move(unknown.after, q(-3))
    first = rules.move(out.after, q(5), at("2.00"))

    assert (unknown.value, out.value) == (None, None)
    assert (first.value, first.revalued) == (usd("10.00"), usd("10.00"))
    assert (first.after.value, first.after.unit_cost) == (usd("20.00"), Price.of("2", "USD"))


def test_another_currency_is_refused_if_a_person_gave_it_and_gives_way_if_not() -> None:
    now = rules.move(NOTHING, q(2), at("3.00")).after

    with pytest.raises(CostCurrencyDiffers) as refusal:
        rules.move(now, q(1), at("2.00", "EUR"))
    assert refusal.value.field == "lines.0.unit_cost"
    soft = Worth(Price.of("2.00", "EUR"), firm=False)
    assert rules.move(now, q(1), soft).value == usd("3.00")


def test_more_than_can_be_counted_is_refused_by_its_line() -> None:
    full = Valuation("valve", LIMIT_MILLI, LIMIT_MINOR, "USD", Price.of("1", "USD"))

    with pytest.raises(StockLimitExceeded) as refusal:
        rules.move(full, q(1), at("1"))
    assert refusal.value.field == "lines.0.quantity"
    with pytest.raises(ValueOutOfReach) as too_dear:
        rules.move(NOTHING, Quantity(LIMIT_MILLI), at("1000000000"))
    assert too_dear.value.field == "lines.0.unit_cost"


def test_stock_that_is_valued_anew_says_by_how_much() -> None:
    now = rules.move(NOTHING, q(4), at("2.50")).after
    lower = rules.revalue(now, Price.of("1.25", "USD"))

    assert lower.revalued == usd("-5.00")
    assert lower.after.value == usd("5.00")


def test_lines_of_one_stock_row_share_its_cost_to_the_last_cent() -> None:
    key, other = StockKey("valve", "main", ""), StockKey("pump", "main", "")
    lines = [Allocation(name, key, q(1)) for name in "abc"] + [Allocation("d", other, q(1))]

    found = costs_of_lines(lines, {key: usd("1.00"), other: None})

    assert found == (usd("0.33"), usd("0.34"), usd("0.33"), None)


@given(cost=st.integers(0, 10**9), cuts=st.lists(st.integers(1, 5000), min_size=1, max_size=12))
def test_the_parts_of_a_shipped_line_are_worth_together_what_it_cost(cost: int, cuts: list[int]) -> None:
    whole, before, parts = Quantity(sum(cuts)), Quantity.zero(), []
    for cut in cuts:
        parts.append(part_of(Money(cost, "USD"), Quantity(cut), before, whole))
        before = before + Quantity(cut)

    assert Money.total(parts, "USD") == Money(cost, "USD")
    assert all(part.minor >= 0 for part in parts)


COMES = st.tuples(st.just("comes"), st.integers(1, 50_000), st.none() | st.integers(0, 3_000_000))
GOES = st.tuples(st.just("goes"), st.integers(1, 50_000), st.none())
BACK = st.tuples(st.just("back"), st.integers(1, 1000), st.none())


@given(acts=st.lists(COMES | GOES | BACK, max_size=40))
def test_whatever_happens_nothing_drifts_and_nothing_is_worth_nothing(
    acts: list[tuple[str, int, int | None]],
) -> None:
    """The value is the sum of all that was said, never below zero, and zero with the last unit."""
    now, said, out = NOTHING, 0, []
    for act, milli, cost in acts:
        if act == "goes":
            milli = min(milli, now.milli)
            if not milli:
                continue
            change = rules.move(now, Quantity(-milli))
            out.append((milli, change.value))
        elif act == "back" and out:
            milli, value = out.pop(milli % len(out))
            change = rules.move(now, Quantity(milli), Worth(in_all=None if value is None else -value))
        else:
            price = None if cost is None else Price(cost, "USD")
            change = rules.move(now, Quantity(milli), Worth(price))
        said += sum(each.minor for each in (change.value, change.revalued) if each is not None)
        now = change.after
        assert now.minor == said
        assert now.minor >= 0
        assert now.milli > 0 or now.minor == 0
    if now.milli:
        assert rules.move(now, -now.quantity).after.minor == 0
