"""Whatever the parts are, their invoices sum to the order line to the cent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.invoicing import (
    check_account,
    draft_invoice,
    part_amount,
    payment_state,
    quantities_by_line,
)
from services.finance.domain.invoicing_errors import (
    ShippedMoreThanOrdered,
    ShippedToAnother,
    ShippedUnknownLine,
)
from services.finance.tests.builders import an_account, an_id, an_order, an_order_line, usd

LINE = an_id("line", "SO-1", "1")


@given(
    amount=st.integers(0, 10**12),
    parts=st.lists(st.integers(1, 10**6), min_size=1, max_size=12),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
)
def test_the_parts_of_a_line_sum_to_the_line(amount, parts, currency):
    whole = Money(amount, currency)
    line = replace(
        an_order_line("1", "0"),
        quantity=Quantity(sum(parts)),
        amount=whole,
        invoiced_amount=Money.zero(currency),
    )
    for milli in parts:
        part = part_amount(line, Quantity(milli))
        exact = amount * milli / sum(parts)
        assert part >= Money.zero(currency)
        assert abs(part.minor - exact) <= 1 + exact * 1e-12
        line = replace(
            line,
            invoiced_quantity=line.invoiced_quantity + Quantity(milli),
            invoiced_amount=line.invoiced_amount + part,
        )
    assert line.invoiced_amount == whole
    assert not line.left


@given(order=st.permutations([100, 250, 333, 1, 316]))
def test_the_sequence_of_the_parts_does_not_matter_to_the_sum(order):
    line = an_order_line("1", "348.35")
    total = usd("0")
    for milli in order:
        part = part_amount(line, Quantity(milli))
        total = total + part
        line = replace(
            line, invoiced_quantity=line.invoiced_quantity + Quantity(milli), invoiced_amount=total
        )
    assert total == usd("348.35")


@pytest.mark.parametrize("quantity", ["0", "-1", "2.001"])
def test_no_more_than_is_left_and_no_less_than_something(quantity):
    line = an_order_line("3", "10.00", invoiced="1", billed="3.33")
    with pytest.raises(ShippedMoreThanOrdered):
        part_amount(line, Quantity.of(quantity))


def test_one_line_from_two_lots_is_one_quantity():
    shipped = [("a", Quantity.of("1")), ("b", Quantity.of("2")), ("a", Quantity.of("0.5"))]
    assert quantities_by_line(shipped) == {"a": Quantity.of("1.5"), "b": Quantity.of("2")}


def test_a_draft_says_whether_it_completes_the_order():
    second = replace(an_order_line("2", "5.00"), order_line_id=an_id("second"), line_no=2)
    order = an_order(an_order_line("1", "10.00"), second)
    one = Quantity.of("1")
    assert not draft_invoice(order, [(LINE, one)]).order_fully_invoiced
    whole = draft_invoice(order, [(an_id("second"), one), (LINE, one), (an_id("second"), one)])
    assert (whole.total, whole.order_fully_invoiced) == (usd("15.00"), True)
    assert [line.line_no for line in whole.lines] == [1, 2]


def test_a_shipment_of_nothing_known_is_refused():
    order = an_order(an_order_line("1", "10.00"))
    with pytest.raises(ShippedUnknownLine):
        draft_invoice(order, [(an_id("elsewhere"), Quantity.of("1"))])
    with pytest.raises(ShippedUnknownLine):
        draft_invoice(order, [])


def test_an_order_is_billed_to_its_own_customer_in_its_own_currency():
    order = an_order(an_order_line("1", "10.00"))
    check_account(order, an_account())
    for wrong in (replace(an_account(), customer_id=an_id("another")), replace(an_account(), currency="EUR")):
        with pytest.raises(ShippedToAnother):
            check_account(order, wrong)


@pytest.mark.parametrize(
    ("total", "left", "state"),
    [("10", "10", "not_paid"), ("10", "9.99", "partial"), ("10", "0", "paid"), ("0", "0", "paid")],
)
def test_how_far_a_claim_is_paid(total, left, state):
    assert payment_state(usd(total), usd(left)) == state
