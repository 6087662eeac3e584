"""Units by their serial numbers: taken in, picked, shipped, returned, moved, counted; each in one place only."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.common.errors import MeridianError
from services.inventory.domain.inspecting import Inspection, ReceivedPart
from services.inventory.domain.packing import LeftOut, Package, PackedPart
from services.inventory.domain.picking import ShortPart
from services.inventory.domain.transfers import Arrival
from services.inventory.store import serials
from services.inventory.store.serials import Before, Place
from services.inventory.tests.builders import TODAY, Shop, line_id, order_id, q
from services.inventory.tests.integration.test_races import at_once
from services.inventory.tests.serial_acts import (
    ask_back,
    assert_sound,
    noted,
    pick,
    pump,
    refused,
    ship,
    states,
    take_in,
    traced,
)
from services.inventory.use_cases.hand_over import hand_over
from services.inventory.use_cases.miss_stock import SettleDiscrepancy, settle_discrepancy
from services.inventory.use_cases.pack_delivery import PackDelivery, PutBack, pack_delivery, put_back
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery
from services.inventory.use_cases.take_return import (
    InspectReturn,
    ReceiveReturn,
    inspect_return,
    receive_return,
)
from services.inventory.use_cases.transfer_serials import SentSerials
from services.inventory.use_cases.transfer_stock import (
    AboutTransfer,
    RequestTransfer,
    WantedPart,
    receive_transfer,
    request_transfer,
    ship_transfer,
)


def test_a_receipt_takes_in_a_serial_for_each_unit_or_nothing(shop: Shop) -> None:
    item, valve, main = pump(shop), shop.item(), shop.warehouse()
    take_in(shop, main, item, 3, "SN01..SN02", "X-9")
    assert states(shop, item, "SN01", "SN02", "X-9") == ["in_stock"] * 3

    field = "lines.0.serials"
    refused("serials_missing", field, partial(take_in, shop, main, item, 2, "A1"))
    refused("serials_missing", field, partial(take_in, shop, main, item, 1))
    refused("serial_named_twice", field, partial(take_in, shop, main, item, 2, "A1", "A1"))
    refused("serials_not_tracked", field, partial(take_in, shop, main, valve, 1, "A1"))
    known = refused("serial_known", field, partial(take_in, shop, main, item, 2, "A1", "SN02"))
    assert known.figures["serial"] == "SN02"
    twice = [(item, 1, None, None, None, None, ("B1",))] * 2
    refused("serial_named_twice", "lines.1.serials", lambda: shop.book(main, *twice))

    assert states(shop, item, "A1", "B1") == ["unknown", "unknown"]
    assert shop.stock(item) == ("3", "0")
    assert_sound(shop)


def test_serials_of_two_items_may_be_the_same_and_their_history_stays_as_it_was_written(shop: Shop) -> None:
    one, other, main = pump(shop), pump(shop, "MOTOR"), shop.warehouse()
    take_in(shop, main, one, 1, "SN1")
    take_in(shop, main, other, 1, "SN1")
    assert [traced(shop, item, "SN1").sku for item in (one, other)] == ["PUMP", "MOTOR"]
    for change in ("UPDATE serial_event SET kind = 'made'", "DELETE FROM serial_event"):
        with pytest.raises(DBAPIError, match="append-only"):
            shop.do(lambda tx, change=change: tx.connection.execute(text(change)))
    assert_sound(shop)


def test_what_is_picked_by_serial_leaves_by_serial_and_the_event_says_so(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 3, "S1..S3")
    note = noted(shop, 1, item, 2)
    pick(shop, note, 1, "S1", "S3")
    assert states(shop, item, "S1", "S2", "S3") == ["picked", "in_stock", "picked"]

    shop.ship(note)

    assert states(shop, item, "S1", "S2", "S3") == ["shipped", "in_stock", "shipped"]
    (told,) = shop.told("delivery.shipped")
    assert told.data["lines"][0]["serials"] == ["S1", "S3"]
    assert [each.kind for each in traced(shop, item, "S1").trace] == ["received", "picked", "shipped"]
    assert traced(shop, item, "S1").trace[-1].reference == note.number
    assert_sound(shop)


def test_what_was_not_named_at_picking_is_named_at_shipment(shop: Shop) -> None:
    item, main, north = pump(shop), shop.warehouse(), shop.warehouse("NORTH")
    take_in(shop, main, item, 3, "S1..S3")
    take_in(shop, north, item, 1, "N1")
    note = noted(shop, 1, item, 2)
    refused("serials_missing", "lines", lambda: shop.ship(note))
    field = "lines.0.serials"
    refused("serials_missing", field, partial(ship, shop, note, 1, "S1", quantity=2))
    away = refused("serial_not_there", field, partial(ship, shop, note, 1, "S1", "N1"))
    assert (away.figures["serial"], away.figures["state"]) == ("N1", "in_stock")
    assert states(shop, item, "S1") == ["in_stock"]

    ship(shop, note, 1, "S1..S2")

    assert states(shop, item, "S1", "S2", "S3") == ["shipped", "shipped", "in_stock"]
    again = refused("serial_known", field, partial(take_in, shop, main, item, 1, "S1"))
    assert again.figures["state"] == "shipped"
    assert_sound(shop)


def test_a_part_leaves_with_its_serials_and_the_rest_lies_in_stock_again(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 3, "S1..S3")
    note = noted(shop, 1, item, 3)
    pick(shop, note, 1, "S1", "S2", "S3")

    ship(shop, note, 1, "S2")

    assert states(shop, item, "S1", "S2", "S3") == ["in_stock", "shipped", "in_stock"]
    rest = next(
        told.data["delivery_id"] for told in shop.told("delivery.created") if told.data["backorder_of"]
    )
    ship(shop, shop.delivery(rest), 1, "S1", "S3")
    assert shop.stock(item) == ("0", "0")
    assert_sound(shop)


def test_two_pickers_of_one_serial_one_has_it(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 2, "S1..S2")
    notes = [noted(shop, name, item, 1) for name in (1, 2)]

    answers = at_once(
        [partial(pick, shop, note, name, "S1") for name, note in zip((1, 2), notes, strict=True)]
    )

    (lost,) = [answer for answer in answers if isinstance(answer, MeridianError)]
    assert (lost.code, lost.figures["state"]) == ("serial_not_there", "picked")
    assert states(shop, item, "S1", "S2") == ["picked", "in_stock"]
    assert_sound(shop)


def test_the_update_itself_lets_a_serial_be_taken_once_by_whoever_forgot_to_lock(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 1, "S1")

    def take(document: str) -> bool:
        place = Place("picked", order_id(document), main.id)
        free = Before("in_stock", main.id)
        return bool(shop.do(lambda tx: serials.change(tx, item.id, "S1", free, place)))

    assert sorted(at_once([partial(take, str(n)) for n in range(6)])) == [False] * 5 + [True]

    def come(document: str) -> bool:
        place = Place("in_stock", order_id(document), main.id)
        return bool(shop.do(lambda tx: serials.enter(tx, item.id, "S9", place)))

    assert sorted(at_once([partial(come, str(n)) for n in range(6)])) == [False] * 5 + [True]


def test_what_is_put_back_or_given_up_lies_in_stock_again(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 2, "S1..S2")
    first, second = noted(shop, 1, item, 1), noted(shop, 2, item, 1)
    pick(shop, first, 1, "S1")
    pick(shop, second, 2, "S2")
    shop.do(lambda tx: put_back(tx, PutBack(first.id, "Wrong aisle")))
    shop.release(2)
    assert states(shop, item, "S1", "S2") == ["in_stock", "in_stock"]
    assert_sound(shop)


def test_packing_needs_the_serials_and_says_which_are_left_out(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 3, "S1..S3")
    note, line = noted(shop, 1, item, 2), line_id(1, 1)

    def pack(packed: int, *left_out: LeftOut) -> None:
        package = Package((PackedPart(line, q(packed)),))
        shop.do(lambda tx: pack_delivery(tx, PackDelivery(note.id, (package,), left_out)))

    shop.do(lambda tx: pick_delivery(tx, PickDelivery(note.id, TODAY)))
    refused("serials_missing", "packages", partial(pack, 2))
    shop.do(lambda tx: put_back(tx, PutBack(note.id, "No serials")))
    pick(shop, note, 1, "S1", "S2")
    refused("serials_missing", "left_out.0.serials", partial(pack, 1, LeftOut(line, q(1), "Dented")))
    other = LeftOut(line, q(1), "Dented", serials=("S3",))
    refused("serial_not_there", "left_out.0.serials", partial(pack, 1, other))

    pack(1, LeftOut(line, q(1), "Dented", serials=("S1",)))
    shop.ship(shop.delivery(note.id))

    assert states(shop, item, "S1", "S2") == ["in_stock", "shipped"]
    assert_sound(shop)


def test_what_is_not_found_is_named_and_may_be_found_again(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 3, "S1..S3")
    note, line = noted(shop, 1, item, 2), line_id(1, 1)
    unnamed = (ShortPart(line, q(1), "not_found"),)
    refused("serials_missing", "short.0.serials", partial(pick, shop, note, 1, "S1", short=unnamed))
    taken = (ShortPart(line, q(1), "not_found", serials=("S1",)),)
    refused("serial_not_there", "short.0.serials", partial(pick, shop, note, 1, "S1", short=taken))

    pick(shop, note, 1, "S1", short=(ShortPart(line, q(1), "not_found", serials=("S2",)),))

    assert states(shop, item, "S1", "S2") == ["picked", "lost"]
    (short,) = shop.told("delivery.short_picked")
    number = short.data["lines"][0]["discrepancy_number"]
    with shop.database.reading() as connection:
        found = connection.execute(
            text("SELECT id FROM stock_discrepancy WHERE number = :number"), {"number": number}
        ).scalar_one()

    def settle(*names: str) -> None:
        shop.do(
            lambda tx: settle_discrepancy(
                tx, SettleDiscrepancy(str(found), TODAY, q(1), "Behind the door", names)
            )
        )

    refused("serials_missing", "serials", settle)
    settle("S2")
    assert states(shop, item, "S2") == ["in_stock"]
    assert_sound(shop)


def test_what_comes_back_is_what_this_customer_was_shipped_and_each_unit_is_looked_at(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 4, "S1..S4")
    note = noted(shop, 1, item, 3)
    ship(shop, note, 1, "S1..S3")
    other = noted(shop, 2, item, 1)
    ship(shop, other, 2, "S4")
    field = "lines.0.serials"
    refused("serial_not_shipped", field, partial(ask_back, shop, note, 1, "S4"))
    refused("serial_not_shipped", field, partial(ask_back, shop, note, 1, "S9"))
    asked = ask_back(shop, note, 1, "S1", "S2", "S3")

    def receive(quantity: int, *names: str) -> None:
        parts = (ReceivedPart(1, q(quantity), names),)
        shop.do(lambda tx: receive_return(tx, ReceiveReturn(asked.id, main.id, TODAY, parts=parts)))

    refused("serials_missing", field, partial(receive, 2))
    refused("serial_not_there", field, partial(receive, 2, "S1", "S4"))
    receive(2, "S1", "S2")
    assert states(shop, item, "S1", "S2", "S3") == ["quarantine", "quarantine", "shipped"]

    def inspect(*scrapped: str) -> None:
        seen = (Inspection(1, q(1), q(1), scrap_serials=scrapped),)
        shop.do(lambda tx: inspect_return(tx, InspectReturn(asked.id, seen, TODAY)))

    refused("serials_missing", "lines.0.scrap_serials", inspect)
    refused("serial_not_there", "lines.0.scrap_serials", partial(inspect, "S3"))
    inspect("S2")
    assert states(shop, item, "S1", "S2", "S3") == ["in_stock", "scrapped", "shipped"]
    (told,) = shop.told("return.inspected")
    assert told.data["lines"][0]["serials"] == ["S1", "S2"]
    assert told.data["lines"][0]["scrapped_serials"] == ["S2"]

    ask_back(shop, note, 1, "S3")
    again = noted(shop, 3, item, 1)
    ship(shop, again, 3, "S1")
    kinds = [each.kind for each in traced(shop, item, "S1").trace]
    assert kinds == ["received", "shipped", "returned", "restocked", "shipped"]
    assert_sound(shop)


def test_two_returns_that_announce_one_serial_one_is_open(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 2, "S1..S2")
    note = noted(shop, 1, item, 2)
    ship(shop, note, 1, "S1..S2")

    answers = at_once([partial(ask_back, shop, note, 1, "S1")] * 2)

    (lost,) = [answer for answer in answers if isinstance(answer, MeridianError)]
    assert (lost.code, lost.field) == ("serial_announced", "lines.0.serials")
    assert_sound(shop)


def test_named_units_go_to_another_warehouse_and_those_that_do_not_arrive_are_lost(shop: Shop) -> None:
    item, main, north = pump(shop), shop.warehouse(), shop.warehouse("NORTH")
    take_in(shop, main, item, 4, "S1..S4")
    request = RequestTransfer(main.id, north.id, (WantedPart(item.id, q(3)),))
    asked = shop.do(lambda tx: request_transfer(tx, request))
    about = AboutTransfer(asked.id, TODAY)

    def send(*names: str) -> None:
        shop.do(lambda tx: ship_transfer(tx, about, (SentSerials(1, names),)))

    refused("serials_missing", "lines", lambda: shop.do(lambda tx: ship_transfer(tx, about)))
    refused("serial_not_there", "lines.0.serials", partial(send, "S1", "S2", "S9"))
    send("S1..S3")
    assert states(shop, item, "S1", "S4") == ["under_way", "in_stock"]

    def arrive(arrival: Arrival) -> None:
        shop.do(lambda tx: receive_transfer(tx, about, (arrival,), "One fell"))

    refused("serials_missing", "lines.0.serials", partial(arrive, Arrival(1, q(1))))
    arrive(Arrival(1, q(1), serials=("S2",)))
    arrive(Arrival(1, q(1), q(1), serials=("S1",), lost_serials=("S3",)))
    assert states(shop, item, "S1", "S2", "S3") == ["in_stock", "in_stock", "lost"]
    assert traced(shop, item, "S2").warehouse_code == "NORTH"
    assert_sound(shop)


def test_corrections_name_the_units_and_what_was_lost_may_be_found(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 2, "S1..S2")
    correct = partial(take_in, shop, main, item, kind="adjustment")
    refused("serials_missing", "lines.0.serials", partial(correct, -1))
    refused("serial_not_there", "lines.0.serials", partial(correct, -1, "S9"))
    correct(-1, "S1")
    assert states(shop, item, "S1") == ["lost"]
    correct(1, "S1")
    assert [each.kind for each in traced(shop, item, "S1").trace] == ["received", "lost", "found"]
    assert_sound(shop)


def test_at_the_counter_a_note_with_serials_waits_for_who_hands_them_out(shop: Shop) -> None:
    item, valve, main = pump(shop), shop.item(), shop.warehouse()
    take_in(shop, main, item, 1, "S1")
    shop.book(main, (valve, 1))
    shop.reserve(1, (item, 1))
    shop.do(lambda tx: hand_over(tx, order_id(1), customer_id=order_id("c"), on=TODAY))
    (created,) = shop.told("delivery.created")
    note = shop.delivery(created.data["delivery_id"])
    assert note.state == "ready"
    ship(shop, note, 1, "S1")
    shop.reserve(2, (valve, 1))
    shop.do(lambda tx: hand_over(tx, order_id(2), customer_id=order_id("c"), on=TODAY))
    assert shop.state(2) == "consumed"
    assert_sound(shop)


def test_a_repeated_shipment_changes_nothing(shop: Shop) -> None:
    item, main = pump(shop), shop.warehouse()
    take_in(shop, main, item, 1, "S1")
    note = noted(shop, 1, item, 1)
    ship(shop, note, 1, "S1")
    refused(
        "delivery_state", None, lambda: shop.do(lambda tx: ship_delivery(tx, ShipDelivery(note.id, TODAY)))
    )
    assert_sound(shop)
