"""Those who wait are served first come first served, by themselves, when stock becomes free."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from services.inventory.jobs.serve_waiting import serve_queues
from services.inventory.tests.builders import Shop, order_id
from services.inventory.use_cases.serve_waiting import serve_waiting


def test_a_receipt_serves_those_who_wait_in_the_order_of_their_requests(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    for name, quantity in (("a", 5), ("b", 2), ("c", 1)):
        shop.reserve(name, (valve, quantity))

    shop.book(main, (valve, 6))
    shop.settle()
    assert [shop.state(name) for name in "abc"] == ["reserved", "waiting", "waiting"]

    shop.book(main, (valve, 2))
    shop.settle()
    assert [shop.state(name) for name in "abc"] == ["reserved", "reserved", "reserved"]
    assert [told.partition_key for told in shop.told("reservation.reserved")] == [
        order_id(name) for name in "abc"
    ]
    shop.assert_sound()


def test_an_order_served_late_names_the_receipt_as_its_cause_and_stays_in_its_conversation(
    shop: Shop,
) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.reserve("a", (valve, 5))
    shop.book(main, (valve, 5))
    shop.settle()

    (received,), (reserved,) = shop.told("stock.received"), shop.told("reservation.reserved")
    assert reserved.causation_id == received.id
    assert reserved.correlation_id == order_id("a")


def test_an_order_of_two_items_waits_until_both_are_there(shop: Shop) -> None:
    valve, pump, main = shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse()
    shop.reserve("a", (valve, 5), (pump, 5))

    shop.book(main, (valve, 5))
    shop.settle()
    assert shop.state("a") == "waiting"
    assert shop.stock(valve) == ("5", "0")

    shop.book(main, (pump, 5))
    shop.settle()
    assert shop.state("a") == "reserved"
    shop.assert_sound()


def test_a_released_order_makes_room_for_those_behind_it(shop: Shop) -> None:
    valve, pump, main = shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse()
    shop.book(main, (valve, 5), (pump, 1))
    shop.reserve("holder", (valve, 4))
    shop.reserve("blocked by the pump", (valve, 1), (pump, 2))
    shop.reserve("behind it", (valve, 1))
    assert shop.state("behind it") == "waiting"

    shop.release("blocked by the pump")
    shop.settle()
    assert shop.state("behind it") == "reserved"

    shop.reserve("last", (valve, 4))
    shop.release("holder")
    shop.settle()
    assert shop.state("last") == "reserved"
    shop.assert_sound()


def test_a_long_queue_is_served_in_batches_that_follow_by_themselves(shop: Shop) -> None:
    valve, pump, main = shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse()
    names = [f"n{number:02}" for number in range(8)]
    shop.reserve("never", (valve, 1), (pump, 1))
    for name in names:
        shop.reserve(name, (valve, 1))
    shop.book(main, (valve, 6))
    shop.database.transact(lambda tx: serve_waiting(tx, valve.id, batch=3))
    assert [shop.state(name) for name in names] == ["reserved"] * 2 + ["waiting"] * 6

    shop.settle()

    assert [shop.state(name) for name in names] == ["reserved"] * 5 + ["waiting"] * 3
    assert shop.told("stock.freed")[0].data["reason"] == "queue_advanced"
    assert shop.state("never") == "waiting"
    shop.assert_sound()


def test_the_job_serves_queues_whose_fact_was_lost(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.reserve("a", (valve, 5))
    shop.book(main, (valve, 5))

    serve_queues(shop.database, ZoneInfo("UTC"))

    assert shop.state("a") == "reserved"


def test_a_correction_upwards_serves_those_who_wait(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 4))
    shop.reserve("a", (valve, 5))

    shop.book(main, (valve, 1), kind="adjustment", reference="counted")
    shop.settle()

    assert shop.state("a") == "reserved"
    shop.assert_sound()
