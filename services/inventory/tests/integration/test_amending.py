"""Changes of orders at the warehouse: whole or not at all, and what has left or was picked stays."""

from __future__ import annotations

from services.inventory.tests.amending import amend, answer, notes, quantities, take, wanted
from services.inventory.tests.builders import Shop, line_id
from services.inventory.tests.picking import lack, part, pick


def test_what_rises_joins_the_order_with_a_note_of_its_own(shop: Shop) -> None:
    valve, pump, main = shop.item(), shop.item("PUMP"), shop.warehouse()
    shop.book(main, (valve, 10), (pump, 4))
    shop.reserve(1, (valve, 2))
    shop.confirm(1)
    assert take(shop, "c", 1, (1, valve, 3), (2, pump, 1)) == "reserved"
    assert amend(shop, "c", 1, wanted(1, 1, valve, 5), wanted(1, 2, pump, 1)) == "amended"

    assert (shop.state(1), shop.state("c"), quantities(shop, 1)) == ("reserved", "released", ["5", "1"])
    assert notes(shop, 1) == [("ready", ["2"]), ("ready", ["3", "1"])]
    assert (shop.stock(valve), shop.stock(pump)) == (("10", "5"), ("4", "1"))
    shop.assert_sound()


def test_what_falls_is_freed_from_the_latest_notes_for_who_waits(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 6))
    shop.reserve(1, (valve, 6))
    (first,) = shop.confirm(1)
    shop.ship(first, (line_id(1, 1), 1))
    assert shop.reserve(2, (valve, 4)).state == "waiting"

    assert amend(shop, "c", 1, wanted(1, 1, valve, 2, shipped=1)) == "amended"
    shop.settle()
    assert shop.state(2) == "reserved"
    assert notes(shop, 1) == [("shipped", ["1"]), ("ready", ["1"])]
    assert amend(shop, "d", 1, wanted(1, 1, valve, 1, shipped=1), no=2) == "amended"
    assert shop.state(1) == "consumed"
    assert notes(shop, 1)[1][0] == "cancelled"
    assert shop.told("reservation.amended")[-1].data["order_fully_shipped"]
    shop.assert_sound()


def test_an_order_changes_before_its_notes_are_made(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 9))
    shop.reserve(1, (valve, 4))
    assert amend(shop, "c", 1, wanted(1, 1, valve, 3, shipped=0)) == "amended"
    take(shop, "d", 1, (1, valve, 4))
    assert amend(shop, "d", 1, wanted(1, 1, valve, 7), no=2) == "amended"
    shop.confirm(1)
    assert notes(shop, 1) == [("ready", ["7"])]
    shop.assert_sound()


def test_a_line_is_taken_off_the_order(shop: Shop) -> None:
    valve, pump, main = shop.item(), shop.item("PUMP"), shop.warehouse()
    shop.book(main, (valve, 9), (pump, 9))
    shop.reserve(1, (valve, 4), (pump, 2))
    shop.confirm(1)
    assert amend(shop, "c", 1, wanted(1, 2, pump, 0, shipped=0)) == "amended"
    assert (quantities(shop, 1), notes(shop, 1)) == (["4"], [("ready", ["4"])])
    assert shop.stock(pump) == ("9", "0")
    shop.assert_sound()


def test_what_was_picked_stays_and_asked_again_the_answer_stays_too(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 9))
    shop.reserve(1, (valve, 4))
    (note,) = shop.confirm(1)
    pick(shop, note)
    less = wanted(1, 1, valve, 3, shipped=0)
    assert amend(shop, "c", 1, less) == "picked"
    shop.release(1)
    assert amend(shop, "c", 1, less) == "picked"
    assert len(shop.told("reservation.amend_refused")) == 2
    assert amend(shop, "d", 1, less, no=2) == "order_cancelled"
    shop.assert_sound()


def test_what_was_not_found_is_given_up_first(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 5))
    shop.reserve(1, (valve, 5))
    (note,) = shop.confirm(1)
    line = line_id(1, 1)
    pick(shop, note, part(line, 3), lack(line, 2))
    assert amend(shop, "c", 1, wanted(1, 1, valve, 4, shipped=0)) == "amended"
    shop.assert_sound()
    assert amend(shop, "d", 1, wanted(1, 1, valve, 3, shipped=0), no=2) == "amended"
    shop.ship(shop.delivery(note.id))
    assert shop.state(1) == "consumed"
    shop.assert_sound()


def test_a_price_changes_for_what_had_not_left_when_it_was_agreed_or_not_at_all(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 9))
    shop.reserve(1, (valve, 4))
    (note,) = shop.confirm(1)
    shop.ship(note, (line_id(1, 1), 1))
    assert amend(shop, "c", 1, wanted(1, 1, valve, 4, shipped=0)) == "shipped_meanwhile"
    assert amend(shop, "d", 1, wanted(1, 1, valve, 4, shipped=1), no=2) == "amended"
    (rest,) = [each for each in shop.told("delivery.created") if each.data["backorder_of"]]
    shop.ship(shop.delivery(rest.data["delivery_id"]))
    first, last = shop.told("delivery.shipped")
    assert (first.data.get("change_no", 0), last.data["change_no"]) == (0, 2)


def test_nothing_changes_below_what_has_left_or_without_what_was_reserved(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 9))
    shop.reserve(1, (valve, 4))
    (note,) = shop.confirm(1)
    assert amend(shop, "c", 1, wanted(1, 1, valve, 6)) == "stock_taken_back"
    shop.ship(note, (line_id(1, 1), 3))
    assert amend(shop, "d", 1, wanted(1, 1, valve, 2, shipped=3), no=2) == "quantity_below_shipped"
    assert (quantities(shop, 1), answer(shop, "d")) == (["4"], "quantity_below_shipped")
    shop.assert_sound()


def test_another_day_is_promised_on_open_notes(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 9))
    shop.reserve(1, (valve, 4))
    (note,) = shop.confirm(1)
    before = shop.delivery(note.id)
    assert amend(shop, "c", 1) == "amended"
    assert shop.delivery(note.id).version == before.version
