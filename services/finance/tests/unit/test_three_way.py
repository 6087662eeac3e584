"""The three-way match: what is borne, what is not, and that receipts and invoices of the same goods come out even."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.finance.domain.bought import BoughtLine
from services.finance.domain.three_way import MatchPolicy, Tolerance, match_line
from services.finance.tests.builders import an_id, usd

NOTHING = MatchPolicy()


def a_line(received: str = "10", invoiced: str = "0", price: str = "2.5000") -> BoughtLine:
    quantities = Quantity.of("10"), Price.of(price, "USD"), Quantity.of(received), Quantity.of(invoiced)
    return BoughtLine(an_id("l"), an_id("p"), "PO-1", an_id("s"), an_id("i"), "CAST-1", *quantities)


def found(line: BoughtLine, quantity: str, price: str, policy: MatchPolicy = NOTHING) -> tuple[str, ...]:
    return match_line(line, Quantity.of(quantity), Price.of(price, "USD"), policy).mismatches


@pytest.mark.parametrize(
    ("line", "quantity", "price", "mismatches"),
    [
        (a_line(), "10", "2.5000", ()),
        (a_line(), "4", "2.4000", ()),
        (a_line("6", "2"), "4", "2.5000", ()),
        (a_line("6", "2"), "4.001", "2.5000", ("quantity",)),
        (a_line(), "10", "2.5001", ("price",)),
        (a_line("0"), "1", "3.0000", ("quantity", "price")),
        (a_line("6", "9"), "0.001", "2.5000", ("quantity",)),
    ],
)
def test_what_is_not_as_ordered_and_received_is_named(line, quantity, price, mismatches):
    assert found(line, quantity, price) == mismatches


def test_a_mismatch_has_its_figures():
    match = match_line(a_line("6", "2"), Quantity.of("5"), Price.of("2.6000", "USD"), NOTHING)
    figures = (str(match.received), str(match.invoiced_before), str(match.over), match.dearer, match.cleared)
    assert figures == ("6", "2", "1", usd("0.50"), usd("12.50"))


@pytest.mark.parametrize(
    ("tolerance", "borne"),
    [
        (Tolerance(), False),
        (Tolerance(bp=400), True),
        (Tolerance(bp=399), False),
        (Tolerance(amount=usd("1.00")), True),
        (Tolerance(amount=usd("0.99")), False),
        (Tolerance(bp=400, amount=usd("1.00")), True),
        (Tolerance(bp=400, amount=usd("0.99")), False),
        (Tolerance(bp=399, amount=usd("1.00")), False),
        (Tolerance(bp=10_000, amount=Money.of("100", "EUR")), False),
    ],
)
def test_a_dearer_price_is_borne_within_every_bound_that_is_set(tolerance, borne):
    """2.60 instead of 2.50 is 4 % more, and one of ten pieces more."""
    assert (found(a_line(), "10", "2.6000", MatchPolicy(price=tolerance)) == ()) is borne


def test_a_larger_quantity_is_borne_of_all_invoices_together():
    """A tolerance of a tenth of what came in is not there again for each invoice."""
    policy = MatchPolicy(quantity=Tolerance(bp=1000))
    assert found(a_line("10", "9"), "2", "2.5000", policy) == ()
    assert found(a_line("10", "11"), "0.001", "2.5000", policy) == ("quantity",)


@given(
    st.integers(1, 10**9),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=8),
    st.lists(st.integers(1, 10**6), min_size=1, max_size=8),
)
def test_however_goods_come_in_and_are_invoiced_both_come_to_the_same(e4, received, invoiced):
    """What is cut into other parts on the way in than on the invoices leaves no cent between the two."""
    line = replace(a_line("0"), unit_price=Price(e4, "USD"))
    values = []
    for cut in (received, [*invoiced, max(sum(received) - sum(invoiced), 0)]):
        at, value = 0, Money.zero("USD")
        for part in cut:
            after = min(at + part, sum(received))
            value += line.value_between(Quantity(at), Quantity(after))
            at = after
        values.append((at, value))
    assert values[0] == values[1]
