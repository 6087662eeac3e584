"""What somebody walks for is not taken from under his hands: not by a reallocation, nor at midnight, nor by a count."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from libs.common.testing import ManualClock
from services.inventory.domain.counting import CountBelowPicked
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.fulfilment_errors import NoteNotForPickList
from services.inventory.domain.items import Warehouse
from services.inventory.domain.pick_list import PickList, ShortOnList
from services.inventory.domain.reallocation_errors import NotToGive
from services.inventory.jobs.expire_stock import expire_stocks
from services.inventory.tests.amending import amend, take, wanted
from services.inventory.tests.builders import Shop, q
from services.inventory.tests.counting import Counting
from services.inventory.tests.integration.test_interleavings import Pair, play
from services.inventory.tests.integration.test_reallocating import move
from services.inventory.tests.serial_acts import offenders, refused
from services.inventory.use_cases.pick_lists import (
    MakePickList,
    PickAll,
    cancel_pick_list,
    make_pick_list,
    pick_all,
)

UTC = ZoneInfo("UTC")


@pytest.fixture
def day(shop: Shop) -> date:
    return shop.database.clock.now().date()


def listed(shop: Shop, place: Warehouse, *notes: Delivery) -> PickList:
    command = MakePickList(place.id, tuple(note.id for note in notes))
    made: PickList = shop.do(lambda tx: make_pick_list(tx, command))
    return made


def walked(shop: Shop, listed_ones: PickList, today: date, *short: ShortOnList) -> PickList:
    picked: PickList = shop.do(lambda tx: pick_all(tx, PickAll(listed_ones.id, today, short)))
    return picked


def give_up(shop: Shop, made: PickList) -> None:
    shop.do(lambda tx: cancel_pick_list(tx, made.id, None))


def tomorrow(shop: Shop) -> None:
    clock = shop.database.clock
    assert isinstance(clock, ManualClock)
    clock.advance(timedelta(days=1))


def test_a_promise_that_is_on_a_pick_list_is_not_given_to_another_order(shop: Shop, day: date) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 4))
    shop.reserve(1, (valve, 4))
    (note,) = shop.confirm(1)
    shop.reserve(2, (valve, 4))
    made = listed(shop, main, note)
    with pytest.raises(NotToGive) as refusal:
        move(shop, 1, 2)
    assert "pick list" in (refusal.value.cure or "")
    assert (shop.state(1), shop.delivery(note.id).state) == ("reserved", "ready")
    give_up(shop, made)
    assert move(shop, 1, 2).state == "reserved"
    shop.assert_sound()


def test_midnight_leaves_what_is_walked_for_to_the_picker_who_reports_it_short(shop: Shop, day: date) -> None:
    milk, main = shop.item("MILK", lot_tracked=True), shop.warehouse()
    shop.book(main, (milk, 4, "OLD", day))
    shop.reserve(1, (milk, 4))
    (note,) = shop.confirm(1)
    made = listed(shop, main, note)
    tomorrow(shop)
    today = day + timedelta(days=1)

    expire_stocks(shop.database, UTC)
    shop.settle()
    assert (shop.state(1), shop.delivery(note.id).state) == ("reserved", "ready")
    refused("lot_expired", "lines", partial(walked, shop, made, today))
    walked(shop, made, today, ShortOnList(milk.id, q(4), "expired", "OLD"))
    shop.settle()
    assert shop.delivery(note.id).state == "cancelled"
    assert shop.stock(milk) == ("0", "0")
    shop.assert_sound()


def test_a_list_that_is_given_up_lets_midnight_have_its_way(shop: Shop, day: date) -> None:
    milk, main = shop.item("MILK", lot_tracked=True), shop.warehouse()
    shop.book(main, (milk, 4, "OLD", day))
    shop.reserve(1, (milk, 4))
    (note,) = shop.confirm(1)
    made = listed(shop, main, note)
    tomorrow(shop)
    expire_stocks(shop.database, UTC)
    give_up(shop, made)
    expire_stocks(shop.database, UTC)
    shop.settle()
    assert (shop.state(1), shop.delivery(note.id).state) == ("waiting", "cancelled")
    shop.assert_sound()
    assert offenders(shop, "I01_nothing_expired_is_promised") == {}


def test_a_count_takes_from_those_whose_goods_nobody_walks_for(shop: Shop) -> None:
    counting, main, valve = Counting(shop), shop.warehouse(), shop.item()
    shop.book(main, (valve, 6))
    for name in (1, 2):
        shop.reserve(name, (valve, 3))
    _, later = (shop.confirm(name)[0] for name in (1, 2))
    made = listed(shop, main, later)
    sheet = counting.open(main, valve)
    counting.twice(sheet, (1, 3))
    counting.close(sheet)
    shop.settle()
    assert (shop.state(1), shop.state(2), shop.delivery(later.id).state) == ("waiting", "reserved", "ready")
    again = counting.open(main, valve)
    counting.twice(again, (1, 2))
    with pytest.raises(CountBelowPicked) as refusal:
        counting.close(again)
    assert "pick list" in (refusal.value.cure or "")
    give_up(shop, made)
    counting.close(again)
    assert shop.state(2) == "waiting"
    shop.assert_sound()


def test_what_expired_last_night_joins_no_order_before_the_job_has_looked(shop: Shop, day: date) -> None:
    milk, main = shop.item("MILK", lot_tracked=True), shop.warehouse()
    shop.book(main, (milk, 4, "NEW", day + timedelta(days=9)))
    shop.reserve(1, (milk, 4))
    (note,) = shop.confirm(1)
    shop.book(main, (milk, 2, "OLD", day))
    assert take(shop, "c", 1, (1, milk, 2)) == "reserved"
    tomorrow(shop)
    today = day + timedelta(days=1)
    assert amend(shop, "c", 1, wanted(1, 1, milk, 6), today=today) == "stock_taken_back"
    shop.settle()
    assert (shop.state(1), shop.delivery(note.id).state) == ("reserved", "ready")
    assert shop.state("c") == "waiting"
    shop.assert_sound()


@pytest.mark.postgres
def test_a_promise_is_moved_as_its_note_is_put_on_a_list(shop: Shop) -> None:
    if shop.database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 4))

    def pair(number: int) -> Pair:
        shop.reserve(f"a{number}", (valve, 4))
        (note,) = shop.confirm(f"a{number}")
        shop.reserve(f"b{number}", (valve, 4))
        return partial(move, shop, f"a{number}", f"b{number}"), partial(listed, shop, main, note)

    def check(number: int, moved: object, made: Any) -> None:
        if isinstance(made, PickList):
            assert isinstance(moved, NotToGive), moved
            assert [shop.delivery(each).state for each in made.delivery_ids] == ["ready"]
            give_up(shop, made)
        else:
            assert isinstance(made, NoteNotForPickList), made
            assert shop.state(f"b{number}") == "reserved", moved
        for side in "ab":
            shop.release(f"{side}{number}")

    assert play(shop, pair, check) > 10
