"""How an order reads after a change: sums follow, what has left keeps its price, promotions go down in proportion."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.sales.domain.amending import NewTerms, on_new_terms, open_promotion
from services.sales.domain.amounts import line_amount
from services.sales.domain.change_lines import as_agreed
from services.sales.domain.errors import AmountTooLarge
from services.sales.domain.kept import Kept, worth_up_to
from services.sales.domain.order import OrderLine
from services.sales.domain.taxes import NO_RULE, LineTax, TaxRule, tax_of
from services.sales.tests.builders import CHAI, price, qty, usd

INCLUSIVE = TaxRule("inclusive")


def a_line(
    quantity: int, unit: str, *, shipped: int = 0, promotion: str = "0", rule: TaxRule = NO_RULE
) -> OrderLine:
    amount = line_amount(price(unit), qty(quantity), 0).less(usd(promotion)).amount
    tax = Money(tax_of(amount.minor, 130_000, inclusive=rule.inclusive), "USD")
    nothing = Quantity.zero()
    return OrderLine(
        "line-1", 1, CHAI.id, CHAI.sku, CHAI.name, CHAI.uom, qty(quantity), price(unit), 0, amount, usd(promotion),
        qty(shipped), nothing, nothing, tax=LineTax("VAT", 130_000, tax, rule.inclusive),
    )  # fmt: skip


def changed(line: OrderLine, quantity: int, unit: str, rule: TaxRule = NO_RULE) -> OrderLine:
    wanted = qty(quantity)
    return on_new_terms(
        line, NewTerms(wanted, price(unit), 0, open_promotion(line, wanted)), rule, "lines.0.quantity"
    )


def test_what_has_left_is_kept_with_its_share_and_the_rest_is_priced_anew():
    after = changed(a_line(3, "33.3333", shipped=1), 5, "10.00")
    assert after.kept == Kept(qty(1), usd("33.33"), usd("4.33"))
    assert (after.amount, after.tax_amount) == (usd("73.33"), usd("9.53"))
    assert after.exact_amount == "73.33"


def test_a_second_change_keeps_what_had_left_by_then():
    once = replace(changed(a_line(4, "10.00", shipped=1), 4, "20.00"), shipped=qty(3))
    twice = changed(once, 6, "1.00")
    assert twice.kept == Kept(qty(3), usd("50.00"), usd("6.50"))
    assert (twice.amount, twice.tax_amount) == (usd("53.00"), usd("6.89"))


@pytest.mark.parametrize(("quantity", "off"), [(10, "5.00"), (5, "2.50"), (12, "5.00"), (3, "1.50")])
def test_promotions_go_down_with_the_quantity_and_not_up(quantity: int, off: str):
    assert open_promotion(a_line(10, "10.00", promotion="5.00"), qty(quantity)) == usd(off)


def test_promotions_on_what_has_left_stay_there():
    line = a_line(10, "10.00", promotion="5.00", shipped=4)
    after = changed(line, 7, "10.00")
    assert after.kept is not None
    assert (after.kept.net, after.promotion, after.amount) == (usd("38.00"), usd("1.50"), usd("66.50"))


def test_what_cannot_be_booked_is_refused_with_its_field():
    with pytest.raises(AmountTooLarge) as refused:
        changed(a_line(1, "1.00"), 900_000_000_000, "9999999999.00")
    assert refused.value.field == "lines.0.quantity"


@given(
    quantities=st.tuples(st.integers(1, 50), st.integers(0, 50), st.integers(1, 50)),
    units=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
    rule=st.sampled_from((NO_RULE, INCLUSIVE)),
)
def test_kept_and_rest_are_the_line_and_it_reads_back(
    quantities: tuple[int, int, int], units: tuple[int, int], rule: TaxRule
) -> None:
    ordered, left, more = quantities
    shipped = min(ordered, left)
    old, new = (f"{unit / 10_000:.4f}" for unit in units)
    line = a_line(ordered, old, shipped=shipped, rule=rule)
    after = changed(line, shipped + more, new, rule)
    if shipped:
        assert worth_up_to(after, qty(shipped)) == worth_up_to(line, qty(shipped))
    assert worth_up_to(after, after.quantity) == (after.net, after.tax_amount)
    assert as_agreed(after) == replace(after, shipped=Quantity.zero())
    parts = [worth_up_to(after, qty(n)) for n in range(shipped + more + 1)]
    assert parts == sorted(parts, key=lambda part: part[0].minor)
