"""What there is is held, the rest follows by itself, and nobody is passed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest

from services.inventory.domain.items import Item
from services.inventory.domain.reservation import Reservation
from services.inventory.store import reservations
from services.inventory.tests.amending import amend, notes, wanted
from services.inventory.tests.builders import HARBOR_PUMPS, TODAY, Shop, line_id, order_id
from services.inventory.tests.integration.test_races import at_once
from services.inventory.tests.integration.test_reallocating import move
from services.inventory.tests.picking import lack, part, pick
from services.inventory.use_cases.create_deliveries import create_deliveries
from services.inventory.use_cases.expire_stock import expire_stock
from services.inventory.use_cases.set_queue_rule import SetQueueRule, set_queue_rule


@dataclass
class Place:
    """A shop with its warehouse and two items, of which there is nothing at first."""

    shop: Shop
    valve: Item
    pump: Item

    def receive(self, *lines: tuple[Item, int]) -> None:
        self.shop.book(self.shop.default_warehouse(), *lines)
        self.shop.settle()
        self.shop.assert_sound()

    def want(self, name: str, *lines: tuple[Item, int], whole: bool = False) -> Reservation:
        found = self.shop.reserve(name, *lines, takes_part=True, ship_complete=whole)
        self.shop.settle()
        self.shop.assert_sound()
        return found

    def states(self, *names: str) -> list[str | None]:
        self.shop.assert_sound()
        return [self.shop.state(name) for name in names]

    def held(self, name: str) -> list[str]:
        """Return what is held of each line."""
        found = self.shop.reservation(name)
        assert found is not None
        parts = self.shop.database.read(lambda connection: reservations.held(connection, found.id))
        sums = {line.order_line_id: 0 for line in found.lines}
        for each in parts:
            sums[each.order_line_id] += each.quantity.milli // 1000
        return [str(number) for number in sums.values()]


@pytest.fixture
def place(shop: Shop) -> Place:
    """Give a shop with an empty warehouse."""
    shop.warehouse()
    return Place(shop, shop.item("A-VALVE"), shop.item("PUMP"))


def test_what_is_there_is_held_and_noted_and_the_rest_follows_by_itself(place: Place) -> None:
    place.receive((place.valve, 3))
    assert place.want("a", (place.valve, 5), (place.pump, 2)).state == "partial"
    assert place.held("a") == ["3", "0"]
    (told,) = place.shop.told("reservation.partially_reserved")
    assert [(line["reserved"], line["missing"]) for line in told.data["lines"]] == [("3", "2"), ("0", "2")]
    assert (told.data["ship_complete"], told.data["queue_position"]) == (False, 1)
    (first,) = place.shop.confirm("a")
    assert place.shop.confirm("a") == []
    place.shop.ship(first)
    assert place.states("a") == ["partial"]

    place.receive((place.pump, 2))
    assert notes(place.shop, "a") == [("shipped", ["3"]), ("ready", ["2"])]
    place.receive((place.valve, 9))
    assert place.states("a") == ["reserved"]
    assert notes(place.shop, "a")[2:] == [("ready", ["2"])]
    assert place.shop.stock(place.valve) == ("9", "2")
    for made in place.shop.told("delivery.created")[1:]:
        place.shop.ship(place.shop.delivery(made.data["delivery_id"]))
    assert place.states("a") == ["consumed"]
    assert [each.data["order_fully_shipped"] for each in place.shop.told("delivery.shipped")] == [
        False,
        False,
        True,
    ]


def test_what_leaves_in_one_piece_is_held_from_others_and_noted_when_all_is_there(place: Place) -> None:
    place.receive((place.valve, 3))
    place.want("a", (place.valve, 3), (place.pump, 1), whole=True)
    place.want("b", (place.valve, 1))
    assert place.states("a", "b") == ["partial", "waiting"]
    place.receive((place.pump, 1))
    assert place.states("a", "b") == ["reserved", "waiting"]
    (note,) = place.shop.confirm("a")
    assert sorted(str(line.quantity) for line in note.lines) == ["1", "3"]


def test_more_of_the_same_goods_is_one_line_of_the_note_of_what_leaves_in_one_piece(place: Place) -> None:
    place.receive((place.valve, 2))
    place.want("a", (place.valve, 4), whole=True)
    assert place.shop.confirm("a") == []
    place.receive((place.valve, 5))
    assert (place.states("a"), notes(place.shop, "a")) == (["reserved"], [("ready", ["4"])])


def test_the_place_is_kept_for_the_rest(place: Place) -> None:
    place.receive((place.valve, 1))
    place.want("a", (place.valve, 3))
    place.want("b", (place.valve, 2))
    place.receive((place.valve, 1))
    assert (place.held("a"), place.held("b")) == (["2"], ["0"])
    place.receive((place.valve, 2))
    assert (place.states("a", "b"), place.held("b")) == (["reserved", "partial"], ["1"])


def test_one_filled_whole_or_not_at_all_keeps_what_it_waits_for_from_those_behind(place: Place) -> None:
    place.shop.reserve("a", (place.valve, 4))
    place.want("b", (place.valve, 2))
    place.receive((place.valve, 3))
    assert place.states("a", "b") == ["waiting", "waiting"]
    place.receive((place.valve, 2))
    assert (place.states("a", "b"), place.held("b")) == (["reserved", "partial"], ["1"])


def test_a_cancel_gives_the_part_back_to_who_waits(place: Place) -> None:
    place.receive((place.valve, 3))
    place.want("a", (place.valve, 5))
    place.shop.confirm("a")
    place.want("b", (place.valve, 3))
    place.shop.release("a")
    place.shop.settle()
    assert (place.states("a", "b"), place.held("b")) == (["released", "reserved"], ["3"])
    assert [state for state, _ in notes(place.shop, "a")] == ["cancelled"]


def test_a_cancel_after_a_part_has_left_gives_up_the_rest(place: Place) -> None:
    place.receive((place.valve, 3))
    place.want("a", (place.valve, 5))
    (note,) = place.shop.confirm("a")
    place.shop.ship(note)
    place.shop.release("a")
    place.receive((place.valve, 9))
    assert (place.states("a"), place.shop.stock(place.valve)) == (["released"], ("9", "0"))


def test_two_that_hold_what_the_other_lacks_are_led_out_by_who_is_ahead(place: Place) -> None:
    """Somebody who goes ahead by the company's rule is filled with what those behind hold and cannot use."""
    shop = place.shop
    place.receive((place.valve, 1), (place.pump, 1))
    place.want("a", (place.valve, 2), (place.pump, 1), whole=True)
    assert (place.states("a"), place.held("a")) == (["partial"], ["1", "1"])
    shop.do(lambda tx: set_queue_rule(tx, SetQueueRule(by_promised_day=True)))
    shop.settle()
    wants = [(place.valve, 1), (place.pump, 1)]
    sooner = TODAY - timedelta(days=9)
    command = partial(shop.reserve, "b", *wants, takes_part=True, ship_complete=True, promised_on=sooner)
    command()
    shop.settle()
    assert (place.states("a", "b"), place.held("a"), place.held("b")) == (
        ["waiting", "reserved"],
        ["0", "0"],
        ["1", "1"],
    )
    assert shop.told("reservation.reserved")[-1].data["served_by"] == "claimed"
    assert shop.told("reservation.partially_reserved")[-1].data["order_id"] == order_id("a")
    place.receive((place.valve, 2), (place.pump, 1))
    assert place.states("a") == ["reserved"]


def test_nobody_gives_for_a_part(place: Place) -> None:
    shop = place.shop
    place.receive((place.valve, 1))
    place.want("a", (place.valve, 2), whole=True)
    shop.do(lambda tx: set_queue_rule(tx, SetQueueRule(by_promised_day=True)))
    sooner = TODAY - timedelta(days=9)
    shop.reserve("b", (place.valve, 3), takes_part=True, promised_on=sooner)
    shop.settle()
    assert (place.states("a", "b"), place.held("a")) == (["partial", "waiting"], ["1"])
    place.receive((place.valve, 2))
    assert (place.states("a", "b"), place.held("b")) == (["waiting", "reserved"], ["3"])


def test_what_was_not_found_of_a_part_waits_in_front_with_the_rest(place: Place) -> None:
    shop = place.shop
    place.receive((place.valve, 3))
    place.want("early", (place.valve, 9), whole=True)
    place.receive((place.valve, 6), (place.valve, 2))
    place.want("a", (place.valve, 4), (place.pump, 1))
    (note,) = shop.confirm("a")
    place.want("b", (place.pump, 1))
    shop.release("early")
    shop.settle()
    pick(shop, note, part(line_id("a", 1), 1), lack(line_id("a", 1), 1))
    shop.settle()
    assert place.states("a") == ["partial"]
    place.receive((place.pump, 1))
    assert place.states("a", "b") == ["reserved", "waiting"]


def test_all_of_a_note_not_found_leaves_the_order_waiting_with_all_of_it(place: Place) -> None:
    shop = place.shop
    place.receive((place.valve, 2))
    place.want("a", (place.valve, 4))
    (note,) = shop.confirm("a")
    pick(shop, note, lack(line_id("a", 1), 2))
    shop.settle()
    assert place.states("a") == ["waiting"]
    place.receive((place.valve, 1))
    assert notes(shop, "a") == [("cancelled", ["2"]), ("ready", ["1"])]


def test_a_change_takes_off_first_what_the_order_has_not_got(place: Place) -> None:
    shop = place.shop
    place.receive((place.valve, 3))
    place.want("a", (place.valve, 5), (place.pump, 2))
    shop.confirm("a")
    assert amend(shop, "c", "a", wanted("a", 1, place.valve, 4)) == "amended"
    assert (place.states("a"), place.held("a")) == (["partial"], ["3", "0"])
    assert (
        amend(shop, "d", "a", wanted("a", 1, place.valve, 2), wanted("a", 2, place.pump, 0), no=2)
        == "amended"
    )
    assert (place.states("a"), place.held("a")) == (["reserved"], ["2"])
    assert shop.told("reservation.reserved", "reservation.partially_reserved")[-1].type.endswith(
        ".reserved.v1"
    )
    place.receive((place.pump, 5))
    assert place.shop.stock(place.pump) == ("5", "0")
    assert notes(shop, "a") == [("ready", ["2"])]


def test_a_change_that_leaves_nothing_to_ship_ends_the_order(place: Place) -> None:
    shop = place.shop
    place.receive((place.valve, 3))
    place.want("a", (place.valve, 5))
    shop.ship(shop.confirm("a")[0])
    assert amend(shop, "c", "a", wanted("a", 1, place.valve, 3)) == "amended"
    assert place.states("a") == ["consumed"]
    assert shop.told("reservation.amended")[-1].data["order_fully_shipped"] is True


def test_a_part_is_moved_to_another_order_and_the_giver_waits_in_front(place: Place) -> None:
    shop = place.shop
    place.receive((place.valve, 3))
    place.want("a", (place.valve, 5))
    shop.confirm("a")
    place.want("b", (place.valve, 2))
    assert move(shop, "a", "b").state == "reserved"
    shop.settle()
    assert (place.states("a", "b"), place.held("a")) == (["partial", "reserved"], ["1"])
    assert notes(shop, "a") == [("cancelled", ["3"]), ("ready", ["1"])]


def test_an_expired_part_is_taken_back_and_waited_for_again(shop: Shop) -> None:
    shop.warehouse()
    paste = shop.item("PASTE", lot_tracked=True)
    last_day = TODAY + timedelta(days=3)
    shop.book(shop.default_warehouse(), (paste, 3, "L1", last_day))
    shop.reserve("a", (paste, 5), takes_part=True)
    shop.confirm("a")
    shop.do(lambda tx: expire_stock(tx, paste.id, last_day + timedelta(days=1)))
    shop.settle()
    shop.assert_sound()
    assert shop.state("a") == "waiting"
    shop.book(shop.default_warehouse(), (paste, 2, "L2"))
    shop.settle()
    assert (shop.state("a"), notes(shop, "a")) == ("partial", [("cancelled", ["3"]), ("ready", ["2"])])
    shop.assert_sound()


def test_asked_again_it_says_how_far_it_is(place: Place) -> None:
    place.receive((place.valve, 1))
    first = place.want("a", (place.valve, 2))
    again = place.want("a", (place.valve, 2))
    assert (again.id, again.state) == (first.id, "partial")
    said = place.shop.told("reservation.partially_reserved")
    assert said[0].data == said[1].data


def test_a_confirmation_that_finds_the_part_taken_back_is_kept(place: Place) -> None:
    shop = place.shop
    place.receive((place.valve, 1))
    place.want("a", (place.valve, 2))
    place.want("b", (place.valve, 1), whole=True)
    move(shop, "a", "b")
    assert shop.confirm("a") == []
    place.receive((place.valve, 1))
    assert (place.states("a"), notes(shop, "a")) == (["partial"], [("ready", ["1"])])


def test_many_at_once_hold_exactly_what_is_there(place: Place) -> None:
    place.receive((place.valve, 7), (place.pump, 4))
    wants = [
        partial(
            place.shop.reserve,
            number,
            (place.valve, 2),
            (place.pump, 1),
            takes_part=True,
            ship_complete=bool(number % 2),
        )
        for number in range(8)
    ]
    assert {answer.state for answer in at_once(wants)} <= {"reserved", "partial", "waiting"}
    place.shop.settle()
    assert (place.shop.stock(place.valve), place.shop.stock(place.pump)) == (("7", "7"), ("4", "4"))
    place.shop.assert_sound()


def test_a_receipt_a_cancel_and_a_confirmation_at_once_end_sound(place: Place) -> None:
    shop = place.shop
    for turn in range(3):
        one, two = f"one{turn}", f"two{turn}"
        place.receive((place.valve, 1))
        place.want(one, (place.valve, 3))
        place.want(two, (place.valve, 3))

        def confirm(name: str = one) -> object:
            return shop.do(
                lambda tx: create_deliveries(tx, order_id(name), customer_id=HARBOR_PUMPS, promised_on=TODAY)
            )

        receive = partial(shop.book, shop.default_warehouse(), (place.valve, 2))
        answers = at_once([confirm, partial(shop.release, two), receive, shop.settle])
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        shop.settle()
        assert (place.states(one, two), place.held(one)) == (["reserved", "released"], ["3"])
        shop.release(one)
        shop.book(shop.default_warehouse(), (place.valve, -3), kind="adjustment", reference="gone")
        shop.settle()
