"""The states of a delivery note, and how it is split."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.quantity import Quantity
from services.inventory.domain.delivery import (
    Delivery,
    DeliveryState,
    Part,
    cancel,
    milli_by_line,
    pick,
    ship,
    split,
)
from services.inventory.domain.errors import (
    DeliveryStateRefuses,
    LineNamedTwice,
    LineNotOnDelivery,
    MoreThanOnDelivery,
    QuantityNotPositive,
)
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.tests.builders import q

DAY = date(2026, 3, 2)


def part(line: str, quantity: str | int, lot: str = "") -> Allocation:
    return Allocation(line, StockKey("item", "MAIN", lot), q(quantity))


NOTE = Delivery(
    "d",
    "DN-000001",
    "o",
    "SO-1",
    "c",
    "MAIN",
    "o",
    "ready",
    (part("l1", 3, "A"), part("l1", 2, "B"), part("l2", 1)),
)


def in_state(state: DeliveryState) -> Delivery:
    return replace(NOTE, state=state)


def test_a_note_is_picked_then_shipped_or_shipped_at_once() -> None:
    assert pick(NOTE).state == "picked"
    for before in (NOTE, pick(NOTE)):
        after = ship(before, DAY)
        assert (after.state, after.shipped_on) == ("shipped", DAY)


@pytest.mark.parametrize(
    "state", ["picked", "shipped", "cancelled", "draft", "waiting", "packed", "delivered"]
)
def test_only_a_ready_note_is_picked(state: DeliveryState) -> None:
    with pytest.raises(DeliveryStateRefuses):
        pick(in_state(state))


@pytest.mark.parametrize("state", ["shipped", "cancelled", "delivered", "draft", "waiting"])
def test_what_is_not_ready_is_not_shipped(state: DeliveryState) -> None:
    with pytest.raises(DeliveryStateRefuses):
        ship(in_state(state), DAY)


@pytest.mark.parametrize("state", ["shipped", "delivered", "cancelled"])
def test_what_left_or_was_cancelled_is_not_cancelled(state: DeliveryState) -> None:
    with pytest.raises(DeliveryStateRefuses):
        cancel(in_state(state), "late")


@pytest.mark.parametrize("state", ["draft", "waiting", "ready", "picked", "packed"])
def test_what_is_open_can_be_cancelled(state: DeliveryState) -> None:
    after = cancel(in_state(state), "late")
    assert (after.state, after.reason) == ("cancelled", "late")


def test_no_parts_means_everything() -> None:
    assert split(NOTE, ()) == (NOTE.lines, ())


def test_lots_of_a_line_go_in_their_order() -> None:
    now, rest = split(NOTE, [Part("l1", q(4))])
    assert now == (part("l1", 3, "A"), part("l1", 1, "B"))
    assert rest == (part("l1", 1, "B"), part("l2", 1))


def test_all_parts_leave_no_rest() -> None:
    assert split(NOTE, [Part("l2", q(1)), Part("l1", q(5))]) == (NOTE.lines, ())


@pytest.mark.parametrize(
    ("parts", "error", "field"),
    [
        ([Part("l1", q(6))], MoreThanOnDelivery, "lines.0.quantity"),
        ([Part("l1", q(1)), Part("l9", q(1))], LineNotOnDelivery, "lines.1.order_line_id"),
        ([Part("l1", q(1)), Part("l1", q(1))], LineNamedTwice, "lines.1"),
        ([Part("l1", q(0))], QuantityNotPositive, "lines.0.quantity"),
        ([Part("l1", q(-1))], QuantityNotPositive, "lines.0.quantity"),
    ],
)
def test_impossible_parts_are_refused_by_name(parts: list[Part], error: type[Exception], field: str) -> None:
    with pytest.raises(error) as refusal:
        split(NOTE, parts)
    assert vars(refusal.value)["field"] == field


@given(first=st.integers(0, 5_000), second=st.integers(0, 1_000))
def test_what_goes_and_what_stays_is_what_there_was(first: int, second: int) -> None:
    parts = [Part(line, Quantity(milli)) for line, milli in (("l1", first), ("l2", second)) if milli]
    now, rest = split(NOTE, parts)

    assert all(line.quantity.milli > 0 for line in (*now, *rest))
    if parts:
        assert milli_by_line(now) == {part.order_line_id: part.quantity.milli for part in parts}
    together = milli_by_line((*now, *rest))
    assert together == milli_by_line(NOTE.lines)
