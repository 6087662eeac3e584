"""A promise is moved from one order to another by hand: whole, at once, and only before hands were on the goods."""

from __future__ import annotations

import pytest

from libs.common.errors import VersionMismatch
from services.inventory.domain.items import Item
from services.inventory.domain.reallocation_errors import (
    NotEnoughToReallocate,
    NotToGive,
    NotToTake,
    ReservationNotFound,
)
from services.inventory.domain.reservation import Reservation
from services.inventory.tests.builders import TODAY, Shop, order_id
from services.inventory.tests.picking import pick
from services.inventory.use_cases.reallocate_stock import ReallocateStock, reallocate_stock


@pytest.fixture
def valve(shop: Shop) -> Item:
    """Give a valve of which there are ten."""
    made = shop.item()
    shop.book(shop.warehouse(), (made, 10))
    return made


def move(shop: Shop, giver: str | int, taker: str | int, version: int | None = None) -> Reservation:
    held = shop.reservation(giver)
    command = ReallocateStock(
        held.id if held else order_id(giver), order_id(taker), "VIP", "mia", TODAY, version
    )
    moved: Reservation = shop.do(lambda tx: reallocate_stock(tx, command))
    return moved


def test_a_waiting_order_gets_what_another_holds_and_both_are_told(shop: Shop, valve: Item) -> None:
    shop.reserve(1, (valve, 8))
    (note,) = shop.confirm(1)
    shop.reserve(2, (valve, 9))
    assert move(shop, 1, 2).state == "reserved"
    shop.settle()
    assert (shop.state(1), shop.state(2), shop.stock(valve)) == ("waiting", "reserved", ("10", "9"))
    assert shop.delivery(note.id).state == "cancelled"
    told = [
        (each.data["order_id"], each.data["direction"], each.data["other_order_number"], each.data["reason"])
        for each in shop.told("reservation.reallocated")
    ]
    assert told == [(order_id(1), "given", "SO-2", "VIP"), (order_id(2), "taken", "SO-1", "VIP")]
    (requeued,) = shop.told("reservation.requeued")
    assert (requeued.data["reason"], requeued.data["reference"]) == ("reallocated", "SO-2")
    assert shop.told("reservation.reserved")[-1].data["served_by"] == "reallocated"
    assert len(shop.confirm(2)) == 1
    shop.book(shop.default_warehouse(), (valve, 7))
    shop.settle()
    assert (shop.state(1), len(shop.told("delivery.created"))) == ("reserved", 3)
    shop.assert_sound()


def test_who_gives_waits_in_front_of_all_and_gets_what_is_left(shop: Shop, valve: Item) -> None:
    shop.reserve(1, (valve, 10))
    for name, quantity in ((2, 4), (3, 2)):
        shop.reserve(name, (valve, quantity))
    move(shop, 1, 3)
    shop.settle()
    assert [shop.state(name) for name in (1, 2, 3)] == ["waiting", "waiting", "reserved"]
    shop.book(shop.default_warehouse(), (valve, 2))
    shop.settle()
    assert [shop.state(name) for name in (1, 2, 3)] == ["reserved", "waiting", "reserved"]
    shop.assert_sound()


def test_what_was_picked_is_not_moved_nor_what_does_not_suffice(shop: Shop, valve: Item) -> None:
    pump = shop.item("PUMP")
    shop.reserve(1, (valve, 4))
    shop.reserve(2, (valve, 6))
    shop.reserve("big", (valve, 7))
    shop.reserve("other", (pump, 1))
    with pytest.raises(NotEnoughToReallocate) as lacking:
        move(shop, 2, "big")
    assert {name: str(value) for name, value in lacking.value.figures.items()} == {"missing A-VALVE": "1"}
    assert (shop.state(2), shop.state("big")) == ("reserved", "waiting")
    with pytest.raises(NotEnoughToReallocate):
        move(shop, 2, "other")
    with pytest.raises(NotToTake):
        move(shop, 2, 1)
    with pytest.raises(NotToGive):
        move(shop, "big", "other")
    with pytest.raises(VersionMismatch):
        move(shop, 2, "big", 77)
    for giver, taker in (("nobody", "big"), (1, "nobody")):
        with pytest.raises(ReservationNotFound):
            move(shop, giver, taker)
    (note,) = shop.confirm(2)
    pick(shop, note)
    shop.reserve("small", (valve, 1))
    with pytest.raises(NotToGive) as picked:
        move(shop, 2, "small")
    assert "put the goods back" in (picked.value.cure or "")
    shop.assert_sound()
