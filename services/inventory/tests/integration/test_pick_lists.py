"""One way through the shelves for several notes; what is short, the last go without."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import MoreThanOnDelivery
from services.inventory.domain.fulfilment_errors import (
    NoteNotForPickList,
    NothingToPick,
    PickListStateRefuses,
)
from services.inventory.domain.pick_list import PickList, ShortOnList
from services.inventory.reports.pick_lists import PickListShown, find_pick_list
from services.inventory.tests.builders import TODAY, Shop, q
from services.inventory.tests.integration.test_races import at_once
from services.inventory.tests.picking import lots, pick
from services.inventory.use_cases.pick_lists import (
    MakePickList,
    PickAll,
    cancel_pick_list,
    make_pick_list,
    pick_all,
)


class Floor:
    """A warehouse with 6 valves, 2 drugs of L1 and 9 of L2, and notes of three orders."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.valve, self.drug = shop.item(), shop.item("DRUG", lot_tracked=True)
        self.main = shop.warehouse()
        shop.book(self.main, (self.valve, 6))
        shop.book(self.main, (self.drug, 2, "L1", TODAY + timedelta(days=9)), (self.drug, 9, "L2"))
        self.notes: list[Delivery] = []
        for name in range(3):
            shop.reserve(name, (self.valve, 2), (self.drug, 3))
            self.notes += shop.confirm(name)

    def make(self, *notes: Delivery) -> PickList:
        command = MakePickList(self.main.id, tuple(note.id for note in notes))
        made: PickList = self.shop.do(lambda tx: make_pick_list(tx, command))
        return made

    def pick(self, listed: PickList, *short: ShortOnList) -> PickList:
        picked: PickList = self.shop.do(lambda tx: pick_all(tx, PickAll(listed.id, TODAY, short)))
        return picked

    def shown(self, listed: PickList) -> PickListShown:
        found = self.shop.database.read(lambda connection: find_pick_list(connection, listed.id))
        assert found is not None
        return found

    def now(self) -> list[tuple[str, list[tuple[str, str]]]]:
        found = [self.shop.delivery(note.id) for note in self.notes]
        return [(note.state, lots(note)) for note in found]


@pytest.fixture
def floor(shop: Shop) -> Floor:
    return Floor(shop)


def test_a_list_groups_its_notes_by_item_and_lot_and_is_picked_in_one_act(floor: Floor) -> None:
    listed = floor.make()
    lines = [(line.sku, line.lot, str(line.quantity), len(line.notes)) for line in floor.shown(listed).lines]
    assert lines == [("A-VALVE", None, "6", 3), ("DRUG", "L1", "2", 1), ("DRUG", "L2", "7", 3)]

    with pytest.raises(MoreThanOnDelivery) as refusal:
        floor.pick(listed, ShortOnList(floor.valve.id, q(7), "not_found"))
    assert refusal.value.field == "short.0.quantity"
    floor.pick(
        listed,
        ShortOnList(floor.valve.id, q(3), "not_found"),
        ShortOnList(floor.drug.id, q(1), "damaged", "L2"),
    )

    assert floor.now() == [
        ("picked", [("", "2"), ("L1", "2"), ("L2", "1")]),
        ("picked", [("", "1"), ("L2", "3")]),
        ("picked", [("L2", "2")]),
    ]
    assert floor.shown(listed).state == "picked"
    floor.shop.settle()
    floor.shop.assert_sound()
    with pytest.raises(PickListStateRefuses):
        floor.pick(listed)


def test_a_note_is_on_one_list_and_what_is_picked_meanwhile_is_left_alone(floor: Floor) -> None:
    first, second, third = floor.notes
    listed = floor.make(first, second)
    with pytest.raises(NoteNotForPickList) as refusal:
        floor.make(third, second)
    assert refusal.value.field == "delivery_ids.1"
    pick(floor.shop, first)
    with pytest.raises(NoteNotForPickList):
        floor.make(first)
    floor.shop.release(1)

    floor.pick(listed)

    assert [state for state, _ in floor.now()] == ["picked", "cancelled", "ready"]
    rest = floor.make()
    assert rest.delivery_ids == (third.id,)
    with pytest.raises(NothingToPick):
        floor.make()
    floor.shop.do(lambda tx: cancel_pick_list(tx, rest.id, 1))
    assert floor.make().delivery_ids == (third.id,)
    floor.shop.assert_sound()


def test_many_who_list_and_pick_at_once_pick_each_note_once(floor: Floor) -> None:
    made = at_once([partial(floor.make, *floor.notes)] * 4)
    (listed,) = [each for each in made if isinstance(each, PickList)]
    assert all(isinstance(each, (PickList, NoteNotForPickList)) for each in made)

    answers = at_once([partial(floor.pick, listed)] * 4)

    assert sum(isinstance(each, PickList) for each in answers) == 1
    assert sum(isinstance(each, PickListStateRefuses) for each in answers) == 3
    assert len(floor.shop.told("delivery.picked")) == 3
    floor.shop.assert_sound()
