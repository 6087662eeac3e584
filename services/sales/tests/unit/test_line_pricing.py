"""From a wanted line to a priced one."""

from __future__ import annotations

import pytest

from libs.common.errors import MeridianError
from services.sales.domain.line_pricing import Pen, check_line, price_line, settle_price
from services.sales.domain.pricing import find_price
from services.sales.tests.builders import CHAI, RELIC, ROPE, an_id, chai_line, occasion, price, qty, rule, usd

SELLER = Pen("nancy", may_override=False)
MANAGER = Pen("mike", may_override=True)


def refusal(act, *arguments) -> MeridianError:
    with pytest.raises(MeridianError) as caught:
        act(*arguments)
    return caught.value


def test_an_unknown_item_is_named_by_its_place():
    error = refusal(check_line, 3, chai_line(), None, "USD")

    assert (error.code, error.field) == ("unknown_item", "lines.3.item_id")


@pytest.mark.parametrize(
    ("line", "item", "code", "field"),
    [
        (chai_line(), RELIC, "item_inactive", "lines.0.item_id"),
        (chai_line("1.5"), CHAI, "quantity_too_fine", "lines.0.quantity"),
        (chai_line("0"), CHAI, "quantity_not_positive", "lines.0.quantity"),
        (chai_line("-1"), CHAI, "quantity_not_positive", "lines.0.quantity"),
        (chai_line("0.001"), ROPE, "quantity_too_fine", "lines.0.quantity"),
        (chai_line(discount_bp=10_001), CHAI, "discount_out_of_range", "lines.0.discount_percent"),
        (chai_line(discount_bp=-1), CHAI, "discount_out_of_range", "lines.0.discount_percent"),
        (chai_line(unit_price=price("-0.01")), CHAI, "price_negative", "lines.0.unit_price"),
        (chai_line("-2", unit_price=price("-5")), CHAI, "quantity_not_positive", "lines.0.quantity"),
        (chai_line(unit_price=price("1", "EUR")), CHAI, "currency_differs", "lines.0.unit_price"),
    ],
)
def test_what_may_not_be_sold_is_refused_with_its_field(line, item, code, field):
    error = refusal(check_line, 0, line, item, "USD")

    assert (error.code, error.field) == (code, field)


@pytest.mark.parametrize(
    "line", [chai_line(1), chai_line(discount_bp=10_000), chai_line(unit_price=price("0"))]
)
def test_the_edges_of_what_is_allowed_are_allowed(line):
    assert check_line(0, line, CHAI, "USD") is CHAI


def test_a_seller_takes_the_policys_price():
    trace = find_price(occasion(), [rule("18.00")])

    assert settle_price(0, None, trace, SELLER).price == price("18.00")
    assert settle_price(0, price("18.00"), trace, SELLER) == trace


def test_a_seller_may_not_set_another_price():
    trace = find_price(occasion(), [rule("18.00")])

    error = refusal(settle_price, 2, price("17.99"), trace, SELLER)

    assert (error.code, error.field) == ("price_override_forbidden", "lines.2.unit_price")
    assert error.figures == {"policy_price": price("18.00")}


def test_a_seller_may_not_set_a_price_where_there_is_none():
    assert (
        refusal(settle_price, 0, price("1"), find_price(occasion(), []), SELLER).code
        == "price_override_forbidden"
    )


def test_a_manager_may_and_the_trace_names_her():
    trace = settle_price(0, price("15.00"), find_price(occasion(), []), MANAGER)

    assert trace.price == price("15.00")
    assert trace.override.by == "mike"


def test_a_price_equal_to_the_policys_is_no_override_even_by_a_manager():
    trace = find_price(occasion(), [rule("18.00")])

    assert settle_price(0, price("18.00"), trace, MANAGER).override is None


def test_a_line_without_a_price_is_refused():
    error = refusal(settle_price, 0, None, find_price(occasion(), []), MANAGER)

    assert (error.code, error.field) == ("no_price", "lines.0.unit_price")


def test_a_priced_line_keeps_what_it_was_made_from():
    trace = find_price(occasion(), [rule("18.00")])

    line = price_line(an_id("line"), 0, chai_line(10, discount_bp=700), CHAI, trace)

    assert (line.line_no, line.sku, line.unit_price, line.amount) == (
        1,
        "NW-001",
        price("18.00"),
        usd("167.40"),
    )
    assert line.price_trace == trace
    assert line.exact_amount == "167.40"


def test_an_amount_beyond_all_bounds_is_refused_not_crashed_on():
    much = occasion(quantity=qty("999999999999"))
    trace = settle_price(0, price("999999999999.99"), find_price(much, []), MANAGER)

    error = refusal(price_line, an_id("line"), 0, chai_line("999999999999"), CHAI, trace)

    assert (error.code, error.field) == ("amount_too_large", "lines.0.quantity")
