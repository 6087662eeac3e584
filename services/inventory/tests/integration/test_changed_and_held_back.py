"""A change of an order meets what else happens to its notes: finance's word, short picks, stock that is taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.inventory.domain.items import Item
from services.inventory.tests.amending import amend, notes, take, wanted
from services.inventory.tests.builders import TODAY, Shop, line_id, order_id
from services.inventory.tests.integration.test_delivery_credit import ALWAYS, answer, ordered, set_rule, told
from services.inventory.tests.integration.test_reallocating import move
from services.inventory.tests.picking import lack, part, pick
from services.inventory.use_cases.amend_reservation import AmendReservation, amend_reservation

LATER = TODAY + timedelta(days=20)


@pytest.fixture
def valve(shop: Shop) -> Item:
    """Give a valve of which there are a hundred."""
    made = shop.item()
    shop.book(shop.warehouse(), (made, 100))
    return made


def postpone(shop: Shop, change: str, order: str | int, promised_on: date = LATER) -> None:
    """Let a change say no more than another day."""
    command = AmendReservation(order_id(order), order_id(change), 1, "not before", (), promised_on)
    shop.do(lambda tx: amend_reservation(tx, command, TODAY))


def days(shop: Shop) -> list[tuple[str, date | None]]:
    """Return state and promised day of each note, in the order in which they were made."""
    found = [shop.delivery(each.data["delivery_id"]) for each in shop.told("delivery.created")]
    return [(note.state, note.promised_on) for note in found]


def test_finance_is_told_that_a_note_which_a_change_takes_away_needs_no_word(shop: Shop, valve: Item) -> None:
    set_rule(shop, ALWAYS)
    pump = shop.item("PUMP")
    shop.book(shop.default_warehouse(), (pump, 4))
    note = ordered(shop, 1, valve)
    answer(shop, note, "refused")
    assert take(shop, "c", 1, (2, pump, 4)) == "reserved"
    assert amend(shop, "c", 1, wanted(1, 1, valve, 0, shipped=0), wanted(1, 2, pump, 4)) == "amended"
    assert notes(shop, 1) == [("cancelled", ["5"]), ("ready", ["4"])]
    assert told(shop) == [("asked", 1, None), ("withdrawn", 1, "cancelled"), ("asked", 1, None)]
    shop.assert_sound()


def test_finance_is_asked_about_what_a_change_raises(shop: Shop, valve: Item) -> None:
    set_rule(shop, ALWAYS)
    note = ordered(shop, 1, valve)
    answer(shop, note, "granted")
    shop.ship(shop.delivery(note.id), (line_id(1, 1), 4))
    take(shop, "c", 1, (1, valve, 3))
    assert amend(shop, "c", 1, wanted(1, 1, valve, 8)) == "amended"
    raised = shop.delivery(shop.told("delivery.created")[-1].data["delivery_id"])
    assert (raised.credit, raised.credit_since) == ("asked", note.credit_since)


def test_what_a_change_raises_once_all_notes_have_left_or_are_off_is_asked_about_too(
    shop: Shop, valve: Item
) -> None:
    set_rule(shop, ALWAYS)
    note = ordered(shop, 1, valve)
    answer(shop, note, "granted")
    pick(shop, shop.delivery(note.id), part(line_id(1, 1), 3), lack(line_id(1, 1), 2))
    shop.ship(shop.delivery(note.id))
    take(shop, "c", 1, (1, valve, 3))
    assert amend(shop, "c", 1, wanted(1, 1, valve, 8)) == "amended"
    raised = shop.delivery(shop.told("delivery.created")[-1].data["delivery_id"])
    assert (raised.credit, raised.customer_id) == ("asked", note.customer_id)


def test_a_note_that_a_change_raises_is_told_of_with_the_day_that_the_change_promises(
    shop: Shop, valve: Item
) -> None:
    ordered(shop, 1, valve)
    take(shop, "c", 1, (1, valve, 3))
    more = (wanted(1, 1, valve, 8),)
    command = AmendReservation(order_id(1), order_id("c"), 1, "more, later", more, LATER)
    shop.do(lambda tx: amend_reservation(tx, command, TODAY))
    assert shop.told("delivery.created")[-1].data["promised_on"] == LATER.isoformat()
    assert days(shop) == [("ready", LATER), ("ready", LATER)]


def test_notes_made_again_bear_the_day_that_a_change_promised_while_their_stock_was_taken_back(
    shop: Shop, valve: Item
) -> None:
    ordered(shop, 1, valve, 90)
    shop.reserve(2, (valve, 50))
    move(shop, 1, 2)
    postpone(shop, "c", 1)
    shop.book(shop.default_warehouse(), (valve, 90))
    shop.settle()
    assert days(shop) == [("cancelled", TODAY), ("ready", LATER)]


def test_what_was_not_found_follows_by_the_day_that_a_change_promised_meanwhile(
    shop: Shop, valve: Item
) -> None:
    note = ordered(shop, 1, valve, 100)
    pick(shop, note, part(line_id(1, 1), 98), lack(line_id(1, 1), 2))
    shop.ship(shop.delivery(note.id))
    postpone(shop, "c", 1)
    shop.book(shop.default_warehouse(), (valve, 2))
    shop.settle()
    assert days(shop) == [("shipped", TODAY), ("ready", LATER)]


def test_what_was_reserved_for_a_change_and_has_expired_does_not_join_the_order(shop: Shop) -> None:
    milk, main = shop.item("MILK", lot_tracked=True), shop.warehouse()
    shop.book(main, (milk, 4, "FRESH", LATER))
    shop.reserve(1, (milk, 4))
    shop.confirm(1)
    shop.book(main, (milk, 3, "OLD", TODAY))
    assert take(shop, "c", 1, (1, milk, 3)) == "reserved"
    shop.database.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    assert shop.reserve(2, (milk, 1)).state == "waiting", "it sets aside what is due"

    assert amend(shop, "c", 1, wanted(1, 1, milk, 7)) == "stock_taken_back"
    shop.release("c")
    shop.settle()
    assert (shop.state(1), notes(shop, 1)) == ("reserved", [("ready", ["4"])])
    shop.assert_sound()
