"""Serials on pick lists: scanned in one way for several notes, reported where one is missing, taken once only."""

from __future__ import annotations

from functools import partial

import pytest

from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.items import Item
from services.inventory.domain.packing import LeftOut, Package, PackedPart
from services.inventory.domain.pick_list import PickList, ScannedOnList, ShortOnList
from services.inventory.domain.serial_errors import SerialNotThere
from services.inventory.reports.pick_lists import find_pick_list
from services.inventory.tests.builders import MIGRATIONS, TODAY, Shop, line_id, q
from services.inventory.tests.integration.test_interleavings import Pair, play
from services.inventory.tests.integration.test_walked_for import listed
from services.inventory.tests.serial_acts import (
    assert_sound,
    noted,
    pump,
    refused,
    ship,
    states,
    take_in,
    traced,
)
from services.inventory.use_cases.pack_delivery import PackDelivery, pack_delivery
from services.inventory.use_cases.pick_lists import PickAll, pick_all
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery


class Floor:
    """Six pumps SN1..SN6 and nine valves in a warehouse, and a list of the notes of two orders."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.main, self.pump = shop, shop.warehouse(), pump(shop)
        take_in(shop, self.main, self.pump, 6, "SN1..SN6")
        self.valve = shop.item()
        shop.book(self.main, (self.valve, 9))
        self.notes = [self.note(1, 2), self.note(2, 1)]
        self.list = listed(shop, self.main, *self.notes)

    def note(self, name: str | int, pumps: int) -> Delivery:
        self.shop.reserve(name, (self.pump, pumps), (self.valve, 1))
        (note,) = self.shop.confirm(name)
        return note

    def scanned(
        self, *names: str, for_note: Delivery | None = None, item: Item | None = None
    ) -> ScannedOnList:
        return ScannedOnList((item or self.pump).id, names, for_note.id if for_note else None)

    def pick(self, *scanned: ScannedOnList, short: tuple[ShortOnList, ...] = ()) -> PickList:
        command = PickAll(self.list.id, TODAY, short, None, scanned)
        picked: PickList = self.shop.do(lambda tx: pick_all(tx, command))
        return picked

    def lack(self, *names: str) -> ShortOnList:
        return ShortOnList(self.pump.id, q(len(names)), "not_found", serials=names)

    def named(self) -> dict[str, tuple[str, ...]]:
        shown = self.shop.database.read(lambda connection: find_pick_list(connection, self.list.id))
        assert shown is not None
        lines = {line.tracking: line for line in shown.lines}
        return {each.order_number: each.serials for each in lines["serial"].notes}


@pytest.fixture
def floor(shop: Shop) -> Floor:
    return Floor(shop)


def test_scanned_serials_go_to_the_notes_in_their_order_and_leave_with_them(floor: Floor) -> None:
    floor.pick(floor.scanned("SN4", "SN1"), floor.scanned("SN6"))
    assert floor.named() == {"SO-1": ("SN1", "SN4"), "SO-2": ("SN6",)}
    assert states(floor.shop, floor.pump, "SN1", "SN2", "SN6") == ["picked", "in_stock", "picked"]
    floor.shop.do(lambda tx: ship_delivery(tx, ShipDelivery(floor.notes[0].id, TODAY)))
    assert states(floor.shop, floor.pump, "SN1", "SN4", "SN6") == ["shipped", "shipped", "picked"]
    assert [each.reference for each in traced(floor.shop, floor.pump, "SN4").trace] == [
        traced(floor.shop, floor.pump, "SN4").trace[0].reference,
        floor.notes[0].number,
        floor.notes[0].number,
    ]
    assert_sound(floor.shop)


def test_a_serial_can_be_scanned_for_a_note_and_is_packed_with_it(floor: Floor) -> None:
    first, second = floor.notes
    floor.pick(floor.scanned("SN1", for_note=second), floor.scanned("SN2..SN3"))
    assert floor.named() == {"SO-1": ("SN2", "SN3"), "SO-2": ("SN1",)}
    parts = (PackedPart(line_id(1, 1), q(1)), PackedPart(line_id(1, 2), q(1)))
    left_out = (LeftOut(line_id(1, 1), q(1), "damaged", serials=("SN2",)),)
    packing = PackDelivery(first.id, (Package(parts),), left_out)
    floor.shop.do(lambda tx: pack_delivery(tx, packing))
    assert states(floor.shop, floor.pump, "SN2", "SN3") == ["in_stock", "picked"]
    assert_sound(floor.shop)


def test_what_is_missing_is_reported_by_its_serial_and_the_last_note_goes_without(floor: Floor) -> None:
    shop = floor.shop
    refused(
        "serials_missing",
        "short.0.serials",
        partial(floor.pick, short=(ShortOnList(floor.pump.id, q(1), "not_found"),)),
    )
    refused("serial_not_there", "short.0.serials", partial(floor.pick, short=(floor.lack("SN9"),)))
    floor.pick(floor.scanned("SN1", "SN2"), short=(floor.lack("SN6"),))
    assert states(shop, floor.pump, "SN1", "SN2", "SN6") == ["picked", "picked", "lost"]
    assert floor.named() == {"SO-1": ("SN1", "SN2")}
    shop.settle()
    (short,) = shop.told("delivery.short_picked")
    assert [line["missing"] for line in short.data["lines"]] == ["1"]
    # The order that went without is served at once by another unit that lies there.
    assert len(shop.told("delivery.created")) == 3
    assert_sound(shop)


def test_two_missing_ones_are_taken_from_the_last_notes_first(floor: Floor) -> None:
    floor.pick(floor.scanned("SN1"), short=(floor.lack("SN5", "SN6"),))
    assert floor.named() == {"SO-1": ("SN1",)}
    assert states(floor.shop, floor.pump, "SN5", "SN6") == ["lost", "lost"]
    assert_sound(floor.shop)


def test_serials_that_do_not_fit_are_refused_with_their_figures_and_nothing_is_picked(floor: Floor) -> None:
    second = floor.notes[1]
    too_many = refused("serials_missing", "serials.0.serials", partial(floor.pick, floor.scanned("SN1..SN4")))
    assert (too_many.figures["named"], too_many.figures["wanted"]) == (4, 3)
    too_few = refused(
        "serials_missing", "serials.0.serials", partial(floor.pick, floor.scanned("SN1", "SN2"))
    )
    assert too_few.figures["unnamed"] == 1
    for code, field, scanned in (
        ("serials_missing", "serials.0.serials", [floor.scanned("SN1", "SN2", for_note=second)]),
        ("serial_named_twice", "serials.1.serials", [floor.scanned("SN1", "SN2"), floor.scanned("SN1")]),
        ("serials_not_tracked", "serials.0.serials", [floor.scanned("SN1", item=floor.valve)]),
        ("serial_not_there", "serials.0.serials", [floor.scanned("SN1", "SN2", "SN9")]),
        ("line_not_on_delivery", "serials.0.item_id", [floor.scanned("A", item=pump(floor.shop, "FAN"))]),
    ):
        refused(code, field, partial(floor.pick, *scanned))
    assert states(floor.shop, floor.pump, "SN1", "SN2") == ["in_stock", "in_stock"]
    assert [floor.shop.delivery(note.id).state for note in floor.notes] == ["ready", "ready"]


def test_units_that_nobody_scanned_are_named_when_they_leave(floor: Floor) -> None:
    floor.pick()
    first = floor.notes[0]
    refused(
        "serials_missing",
        "lines",
        lambda: floor.shop.do(lambda tx: ship_delivery(tx, ShipDelivery(first.id, TODAY))),
    )
    ship(floor.shop, first, 1, "SN1", "SN2")
    assert states(floor.shop, floor.pump, "SN1", "SN2") == ["shipped", "shipped"]
    assert_sound(floor.shop)


def test_a_note_that_is_cancelled_meanwhile_leaves_more_in_hand_than_is_wanted(floor: Floor) -> None:
    floor.shop.release(2)
    refused("serials_missing", "serials.0.serials", partial(floor.pick, floor.scanned("SN1..SN3")))
    floor.pick(floor.scanned("SN1..SN2"))
    assert states(floor.shop, floor.pump, "SN2", "SN3") == ["picked", "in_stock"]
    assert_sound(floor.shop)


@pytest.mark.postgres
def test_one_serial_is_scanned_for_two_lists_at_once(databases: TestDatabases) -> None:
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    shop = Shop(databases.make("inventory", MIGRATIONS, clock=ManualClock()))
    main, unit = shop.warehouse(), pump(shop)

    def scan(made: PickList, name: str) -> PickList:
        command = PickAll(made.id, TODAY, (), None, (ScannedOnList(unit.id, (name,)),))
        picked: PickList = shop.do(lambda tx: pick_all(tx, command))
        return picked

    def pair(number: int) -> Pair:
        take_in(shop, main, unit, 2, f"A{number}", f"B{number}")
        lists = [listed(shop, main, noted(shop, f"{side}{number}", unit, 1)) for side in "ab"]
        first, second = (partial(scan, each, f"A{number}") for each in lists)
        return first, second

    def check(number: int, *outcomes: object) -> None:
        assert sum(isinstance(each, PickList) for each in outcomes) == 1, outcomes
        (late,) = (each for each in outcomes if not isinstance(each, PickList))
        assert isinstance(late, SerialNotThere), late
        assert (late.field, late.figures["state"]) == ("serials.0.serials", "picked")
        assert states(shop, unit, f"A{number}", f"B{number}") == ["picked", "in_stock"]

    assert play(shop, pair, check) > 5
    assert_sound(shop)
