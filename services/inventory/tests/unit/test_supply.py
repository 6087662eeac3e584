"""How items are supplied: quantities that suppliers sell, and which of their prices holds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.money import Money, Price
from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain.purchasing_rules import PurchasingRules, SecondPersonNeeded
from services.inventory.domain.supply import (
    PriceOutOfReach,
    SupplierMissing,
    SupplierPrice,
    SupplyPolicy,
    amount_of,
    price_for,
    rounded_up,
    total_of,
)
from services.inventory.tests.builders import q

JANUARY, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)


def a_policy(multiple: str | None = None, minimum: str | None = None) -> SupplyPolicy:
    return SupplyPolicy(
        "valve", 1, "buy", "foundry", 5, q(multiple) if multiple else None, q(minimum) if minimum else None
    )


def a_price(unit_price: str, minimum: str = "0", valid_from: date = JANUARY, id_: str = "1") -> SupplierPrice:
    return SupplierPrice(id_, "foundry", "valve", valid_from, q(minimum), Price.of(unit_price, "USD"))


@pytest.mark.parametrize(
    ("multiple", "minimum", "need", "ordered"),
    [
        (None, None, "7", "7"),
        ("5", None, "7", "10"),
        ("5", None, "10", "10"),
        (None, "20", "7", "20"),
        ("6", "20", "7", "24"),
        ("0.25", None, "1.1", "1.25"),
    ],
)
def test_what_is_ordered_is_what_the_supplier_sells(
    multiple: str | None, minimum: str | None, need: str, ordered: str
) -> None:
    assert a_policy(multiple, minimum).order_quantity(q(need).milli) == q(ordered)


@given(st.integers(1, 10**12), st.integers(1, 10**9))
def test_rounding_up_is_a_multiple_that_suffices_and_no_more(milli: int, step: int) -> None:
    found = rounded_up(milli, Quantity(step))

    assert found.milli % step == 0
    assert milli <= found.milli < milli + step


def test_more_than_can_be_counted_is_not_ordered() -> None:
    assert rounded_up(LIMIT_MILLI * 3, Quantity(7000)).milli == LIMIT_MILLI // 7000 * 7000


def test_what_is_bought_has_a_supplier() -> None:
    with pytest.raises(SupplierMissing) as refused:
        SupplyPolicy("valve", 1, "buy")

    assert refused.value.field == "supplier_id"


@pytest.mark.parametrize(
    ("quantity", "day", "unit_price"),
    [
        ("1", JANUARY, "10"),
        ("99", MARCH, "9"),
        ("100", JANUARY, "8"),
        ("100", MARCH, "8"),
        ("100", MAY, "7.5"),
    ],
)
def test_the_price_of_the_largest_minimum_reached_holds_and_of_those_the_last(
    quantity: str, day: date, unit_price: str
) -> None:
    prices = [
        a_price("10", id_="1"),
        a_price("9", valid_from=MARCH, id_="2"),
        a_price("8", minimum="100", id_="3"),
        a_price("7.9", minimum="100", valid_from=MAY, id_="4"),
        a_price("7.5", minimum="100", valid_from=MAY, id_="5"),
    ]

    assert price_for(prices, q(quantity), day) == Price.of(unit_price, "USD")


def test_before_a_price_begins_and_below_its_minimum_there_is_none() -> None:
    assert price_for([a_price("9", valid_from=MARCH)], q(1), JANUARY) is None
    assert price_for([a_price("9", minimum="5")], q("4.999"), MARCH) is None


def test_an_amount_is_rounded_once_half_up() -> None:
    assert amount_of(q("3"), Price.of("0.0050", "USD"), "x") == Money(2, "USD")
    assert amount_of(q("0.5"), Price.of("0.01", "USD"), "x") == Money(1, "USD")
    assert amount_of(q("3"), Price.of("1.5", "JPY"), "x") == Money(5, "JPY")


def test_an_amount_that_cannot_be_held_is_refused_by_name() -> None:
    with pytest.raises(PriceOutOfReach) as refused:
        amount_of(q("999999999999"), Price.of("999999999", "USD"), "lines.0.unit_price")
    assert refused.value.field == "lines.0.unit_price"
    with pytest.raises(PriceOutOfReach):
        total_of([Money(10**17, "USD"), Money(1, "USD")], "USD")


LIMIT = Money.of("1000", "USD")


@pytest.mark.parametrize(
    ("value", "wrote", "releases", "alone"),
    [
        (Money.of("1000", "USD"), "wang", "wang", True),
        (Money.of("1000.01", "USD"), "wang", "wang", False),
        (Money.of("1000.01", "USD"), "wang", "li", True),
        (Money.of("1000.01", "USD"), None, "wang", True),
        (None, "wang", "wang", False),
        (Money.of("1", "EUR"), "wang", "wang", False),
    ],
)
def test_above_the_limit_who_releases_is_not_who_wrote(
    value: Money | None, wrote: str | None, releases: str, *, alone: bool
) -> None:
    rules = PurchasingRules(1, LIMIT)
    PurchasingRules().require_second_person(value, wrote, releases)
    if alone:
        rules.require_second_person(value, wrote, releases)
        return
    with pytest.raises(SecondPersonNeeded) as refused:
        rules.require_second_person(value, wrote, releases)
    assert refused.value.figures == {"value": value, "limit": LIMIT}


def test_the_tolerance_is_no_finer_than_the_unit() -> None:
    rules = PurchasingRules(1, None, over_receipt_bp=750)

    assert rules.most_received(q("10"), 0) == q("10")
    assert rules.most_received(q("14"), 0) == q("15")
    assert rules.most_received(q("10"), 3) == q("10.75")
    assert PurchasingRules().most_received(q("10"), 3) == q("10")
