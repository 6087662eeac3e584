"""The states of a reservation, and what can never be reserved."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain.items import Item
from services.inventory.domain.reservation import (
    Reservation,
    ReservationLine,
    ReservationState,
    reject_reason,
    release,
    reserve,
    ship,
)
from services.inventory.domain.stock import Allocation, StockKey, WantedLine
from services.inventory.tests.builders import an_item, q

VALVE = an_item("A-VALVE", id="valve")
CABLE = an_item("CABLE", id="cable", uom="m", decimals=2)
ITEMS: dict[str, Item] = {"valve": VALVE, "cable": CABLE, "old": an_item("OLD", id="old", active=False)}


def a_reservation(state: ReservationState) -> Reservation:
    lines = (ReservationLine("l1", "valve", q(3)), ReservationLine("l2", "cable", q("1.25")))
    return Reservation(
        "r", "o", "SO-1", "c", "o", state, queue_no=7 if state == "waiting" else None, lines=lines
    )


def part(line: str, item: str, quantity: str) -> Allocation:
    return Allocation(line, StockKey(item, "MAIN", ""), q(quantity))


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "no_lines"),
        ([("l1", "valve", 1), ("l1", "valve", 1)], "line_named_twice"),
        ([("l1", "unheard", 1)], "unknown_item"),
        ([("l1", "old", 1)], "item_inactive"),
        ([("l1", "valve", 0)], "quantity_not_positive"),
        ([("l1", "valve", "1.5")], "quantity_too_fine"),
        ([("l1", "cable", "1.255")], "quantity_too_fine"),
    ],
)
def test_a_request_that_can_never_be_filled_is_rejected(
    lines: list[tuple[str, str, str]], reason: str
) -> None:
    found = reject_reason([WantedLine(line, item, q(quantity)) for line, item, quantity in lines], ITEMS)
    assert found is not None
    assert found.reason == reason


def test_lines_that_together_exceed_every_quantity_are_rejected() -> None:
    lines = [WantedLine(name, "cable", Quantity(LIMIT_MILLI // 10 * 10)) for name in ("l1", "l2")]
    assert reject_reason(lines[:1], ITEMS) is None
    found = reject_reason(lines, ITEMS)
    assert found is not None
    assert found.reason == "quantity_too_large"


def test_a_request_in_the_unit_of_its_items_is_not_rejected() -> None:
    lines = [WantedLine("l1", "valve", q(3)), WantedLine("l2", "cable", q("1.25"))]
    assert reject_reason(lines, ITEMS) is None


def test_a_reserved_one_has_left_the_queue() -> None:
    after = reserve(a_reservation("waiting"), datetime(2026, 3, 2, tzinfo=UTC))
    assert (after.state, after.queue_no) == ("reserved", None)


@pytest.mark.parametrize("state", ["waiting", "reserved"])
def test_releasing_gives_up_a_claim(state: ReservationState) -> None:
    after, had_effect = release(a_reservation(state), "cancelled")
    assert (after.state, after.queue_no, after.reason, had_effect) == ("released", None, "cancelled", True)


@pytest.mark.parametrize("state", ["released", "rejected", "consumed"])
def test_releasing_what_holds_nothing_changes_nothing(state: ReservationState) -> None:
    before = a_reservation(state)
    assert release(before, "cancelled") == (before, False)


def test_shipping_everything_consumes_and_shipping_less_does_not() -> None:
    some = ship(a_reservation("reserved"), [part("l1", "valve", "1"), part("l1", "valve", "2")])
    assert (some.state, [line.shipped for line in some.lines]) == ("reserved", [q(3), q(0)])

    everything = ship(some, [part("l2", "cable", "1.25")])
    assert (everything.state, everything.fully_shipped) == ("consumed", True)


def test_items_are_locked_in_the_order_of_their_ids() -> None:
    assert a_reservation("waiting").item_ids == ("cable", "valve")
