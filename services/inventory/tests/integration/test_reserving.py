"""An order gets everything it wants, or a place in the queue and the reason why."""

from __future__ import annotations

from datetime import date

import pytest

from libs.common.ids import derived_id
from services.inventory.tests.builders import Shop, line_id, order_id, q


def test_an_order_that_fits_is_reserved_completely(shop: Shop) -> None:
    valve, main = shop.item("A-VALVE"), shop.warehouse()
    shop.book(main, (valve, 10), kind="opening")

    assert shop.reserve(1, (valve, 4)).state == "reserved"

    assert shop.stock(valve) == ("10", "4")
    (told,) = shop.told("reservation.reserved")
    assert told.partition_key == order_id(1)
    assert told.correlation_id == order_id(1)
    assert told.data["lines"] == [{"order_line_id": line_id(1, 1), "item_id": valve.id, "quantity": "4"}]
    shop.assert_sound()


def test_an_order_that_does_not_fit_waits_and_holds_nothing(shop: Shop) -> None:
    valve, pump, main = shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse()
    shop.book(main, (valve, 3), (pump, 100))

    assert shop.reserve(1, (valve, 5), (pump, 2)).state == "waiting"

    assert shop.stock(valve) == ("3", "0")
    assert shop.stock(pump) == ("100", "0")
    (told,) = shop.told("reservation.waiting")
    assert told.data["queue_position"] == 1
    assert told.data["releases_by"] == "inventory.stock.received"
    assert [
        (line["sku"], line["requested"], line["reserved"], line["missing"]) for line in told.data["lines"]
    ] == [
        ("A-VALVE", "5", "0", "2"),
        ("PUMP", "2", "0", "0"),
    ]
    shop.assert_sound()


def test_nobody_overtakes_on_an_item_that_somebody_waits_for(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 3))
    shop.reserve("first", (valve, 5))

    assert shop.reserve("second", (valve, 1)).state == "waiting"
    assert [told.data["queue_position"] for told in shop.told("reservation.waiting")] == [1, 2]


def test_a_later_order_may_take_what_the_waiting_one_does_not_need(shop: Shop) -> None:
    valve, pump, main = shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse()
    shop.book(main, (valve, 3), (pump, 10))
    shop.reserve("first", (valve, 5), (pump, 4))

    assert shop.reserve("fits", (pump, 6)).state == "reserved"
    assert shop.reserve("would delay", (pump, 1)).state == "waiting"
    shop.assert_sound()


@pytest.mark.parametrize("quantities", [(2, 2), (1, 1, 1), (1, 2, 1, 2, 1)])
def test_one_item_on_several_lines_counts_together(shop: Shop, quantities: tuple[int, ...]) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, sum(quantities)))

    assert shop.reserve("fits", *((valve, quantity) for quantity in quantities)).state == "reserved"
    assert shop.stock(valve) == (str(sum(quantities)), str(sum(quantities)))
    shop.assert_sound()


def test_one_item_on_several_lines_may_not_take_the_same_stock_twice(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 5))

    assert shop.reserve("too much", (valve, 3), (valve, 3)).state == "waiting"
    (told,) = shop.told("reservation.waiting")
    assert [line["missing"] for line in told.data["lines"]] == ["0", "1"]
    shop.assert_sound()


def test_a_repeated_request_is_answered_again_without_a_second_effect(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 4))
    shop.reserve(2, (valve, 8))

    shop.reserve(1, (valve, 4))
    shop.reserve(2, (valve, 8))

    assert shop.stock(valve) == ("10", "4")
    assert len(shop.told("reservation.reserved")) == 2
    assert [told.data["queue_position"] for told in shop.told("reservation.waiting")] == [1, 1]
    shop.assert_sound()


def test_an_unknown_item_rejects_the_order_with_the_reason(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    nobody = derived_id("item", "never registered")

    assert shop.reserve(1, (valve, 1), (nobody, 1)).state == "rejected"
    shop.reserve(1, (valve, 1), (nobody, 1))

    assert shop.stock(valve) == ("10", "0")
    assert [told.data["reason"] for told in shop.told("reservation.rejected")] == [
        "unknown_item",
        "unknown_item",
    ]
    assert nobody in shop.told("reservation.rejected")[0].data["detail"]


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [("1.5", "quantity_too_fine"), ("0", "quantity_not_positive"), ("-2", "quantity_not_positive")],
)
def test_an_impossible_quantity_rejects_the_order(shop: Shop, quantity: str, reason: str) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))

    shop.reserve(1, (valve, quantity))

    assert [told.data["reason"] for told in shop.told("reservation.rejected")] == [reason]
    assert shop.stock(valve) == ("10", "0")


def test_more_than_can_exist_is_rejected_rather_than_queued_for_ever(shop: Shop) -> None:
    valve = shop.item()
    shop.warehouse()
    huge = "999999999999"

    assert shop.reserve(1, (valve, huge), (valve, huge)).state == "rejected"
    assert shop.reserve(2, (valve, huge)).state == "waiting"
    assert shop.reserve(3, (valve, huge)).state == "waiting"
    assert shop.reserve(4, (valve, huge)).state == "waiting"


def test_a_request_that_was_overtaken_by_its_release_is_rejected(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))

    shop.release(1)
    shop.reserve(1, (valve, 4))

    assert shop.stock(valve) == ("10", "0")
    assert [told.data["had_effect"] for told in shop.told("reservation.released")] == [False]
    assert [told.data["reason"] for told in shop.told("reservation.rejected")] == ["released"]
    shop.assert_sound()


def test_lots_that_expire_first_go_first_and_the_default_warehouse_before_others(shop: Shop) -> None:
    drug = shop.item("DRUG", lot_tracked=True)
    main, other = shop.warehouse("MAIN"), shop.warehouse("ALSO")
    shop.book(other, (drug, 5, "OTHER", date(2026, 4, 1)))
    shop.book(main, (drug, 5, "LATE", date(2027, 1, 1)))
    shop.book(main, (drug, 5, "SOON", date(2026, 5, 1)))
    shop.reserve(1, (drug, 7))

    (delivery,) = shop.confirm(1)
    assert delivery.warehouse_id == main.id
    assert {line.key.lot: line.quantity for line in delivery.lines} == {"SOON": q(5), "LATE": q(2)}
    shop.assert_sound()
