"""What an order's type asks of its stock: to leave in one piece, or not to wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from libs.common.errors import MeridianError
from libs.common.testing.plugin import MakeDatabase
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.fulfilment_errors import ShipsComplete
from services.inventory.domain.purchase import PurchaseOrder
from services.inventory.domain.sourcing import MoreThanOrderWants, NotSentOn, OrderStillWants
from services.inventory.domain.stock import WantedLine
from services.inventory.store import deliveries
from services.inventory.tests.builders import HARBOR_PUMPS, MIGRATIONS, TODAY, Shop, line_id, order_id, q
from services.inventory.tests.buying import Buying
from services.inventory.tests.picking import lack, pick
from services.inventory.use_cases.dispatch_purchase import dispatch_purchase
from services.inventory.use_cases.hand_over import hand_over
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery
from services.inventory.use_cases.receive_purchase import ReceivedLine, ReceivePurchase
from services.inventory.use_cases.reserve_stock import ReserveStock, reserve_stock
from services.inventory.use_cases.set_packing import set_packing


def wanted(name: str, *lines: tuple[str, str]) -> ReserveStock:
    asked = tuple(
        WantedLine(line_id(name, n), item, q(quantity)) for n, (item, quantity) in enumerate(lines, 1)
    )
    return ReserveStock(order_id(name), f"SO-{name}", HARBOR_PUMPS, order_id(name), asked, TODAY, TODAY)


def test_r7_1_what_ships_complete_leaves_when_all_of_it_is_off_the_shelves(shop: Shop):
    valve, pump = shop.item("A-VALVE"), shop.item("B-PUMP")
    main, north = shop.warehouse("MAIN"), shop.warehouse("NORTH")
    shop.book(main, (valve, 5))
    shop.book(north, (pump, 5))
    whole = replace(wanted("1", (valve.id, "2"), (pump.id, "1")), ship_complete=True)
    shop.do(lambda tx: reserve_stock(tx, whole))
    first, second = shop.confirm("1")

    with pytest.raises(ShipsComplete) as in_parts:
        shop.ship(first, (line_id("1", 1), 1))
    assert in_parts.value.field == "lines"
    with pytest.raises(ShipsComplete) as alone:
        shop.ship(first)
    assert alone.value.figures["not_picked"] == second.number
    shop.do(lambda tx: pick_delivery(tx, PickDelivery(second.id, TODAY)))
    shop.ship(first)
    shop.ship(second)
    assert shop.state("1") == "consumed"
    shop.assert_sound()


def test_r7_1_what_ships_complete_stays_until_what_was_not_found_is_there(shop: Shop):
    valve, main = shop.item("A-VALVE"), shop.warehouse("MAIN")
    shop.book(main, (valve, 5))
    shop.do(lambda tx: reserve_stock(tx, replace(wanted("1", (valve.id, "5")), ship_complete=True)))
    (note,) = shop.confirm("1")
    note = pick(shop, note, lack(line_id("1", 1), 2))

    with pytest.raises(ShipsComplete) as short:
        shop.ship(note)
    assert short.value.field == "delivery_id"
    shop.book(main, (valve, 2))
    shop.settle()
    with pytest.raises(ShipsComplete):
        shop.ship(note)
    (rest,) = [each for each in open_notes(shop, "1") if each.id != note.id]
    pick(shop, rest)
    shop.ship(note)
    shop.ship(rest)
    assert shop.state("1") == "consumed"
    shop.assert_sound()


def open_notes(shop: Shop, name: str) -> list[Delivery]:
    found: list[Delivery] = shop.do(lambda tx: deliveries.open_of_order(tx.connection, order_id(name)))
    return found


def test_r7_1_what_may_not_wait_is_refused(shop: Shop):
    valve, main = shop.item("A-VALVE"), shop.warehouse("MAIN")
    shop.book(main, (valve, 2))
    impatient = replace(wanted("1", (valve.id, "3")), may_wait=False)
    for _ in range(2):
        shop.do(lambda tx: reserve_stock(tx, impatient))
    told = shop.told("reservation.rejected")
    assert [(message.data["reason"], message.data["detail"]) for message in told] == [
        ("out_of_stock", "not all of it is there: A-VALVE")
    ] * 2
    shop.do(lambda tx: reserve_stock(tx, replace(wanted("2", (valve.id, "2")), may_wait=False)))
    assert shop.state("2") == "reserved"


def got_for(
    shop: Shop, buying: Buying, name: str, quantity: str, source: str = "to_order"
) -> tuple[Any, Any]:
    """Let an order for valves be got for it alone; return the valve and the foundry that it comes from."""
    valve, foundry = shop.item("A-VALVE"), buying.supplier()
    shop.warehouse("MAIN")
    buying.buys(valve, foundry)
    shop.do(lambda tx: reserve_stock(tx, replace(wanted(name, (valve.id, quantity)), source=source)))
    return valve, foundry


def on_order(shop: Shop, buying: Buying, foundry: Any, name: str) -> PurchaseOrder:
    """Approve and order what was asked for the order called ``name``."""
    (asked,) = [
        each for each in buying.requisitions() if each.order_id == order_id(name) and each.state == "open"
    ]
    return buying.send(buying.draft(foundry, buying.approve(asked.id).id))


def test_r7_1_what_is_got_for_an_order_is_its_own_as_it_comes_in(shop: Shop):
    buying = Buying(shop)
    valve, foundry = got_for(shop, buying, "1", "5")
    shop.reserve("2", (valve, 4))
    assert buying.asked(valve) == [("open", "5", "5"), ("open", "4", "4")]
    order = on_order(shop, buying, foundry, "1")

    buying.receive(order, (0, 2))
    buying.receive(order, (0, 1))
    shop.settle()
    assert (shop.state("1"), shop.state("2"), shop.stock(valve)) == ("sourcing", "waiting", ("3", "3"))
    missing = [message.data["lines"][0]["missing"] for message in shop.told("reservation.waiting")]
    assert missing == ["5", "4", "3", "2"]
    buying.receive(order, (0, 2))
    assert (shop.state("1"), shop.stock(valve)) == ("reserved", ("5", "5"))
    (note,) = shop.confirm("1")
    shop.ship(note)
    shop.assert_sound()


def test_what_is_left_when_a_purchase_order_is_closed_is_asked_for_anew(shop: Shop):
    buying = Buying(shop)
    valve, foundry = got_for(shop, buying, "1", "5")
    order = on_order(shop, buying, foundry, "1")
    buying.receive(order, (0, 2))
    buying.close(order)
    assert buying.asked(valve) == [("closed", "5", "5"), ("open", "3", "3")]
    (again,) = [each for each in buying.requisitions() if each.state == "open"]
    with pytest.raises(OrderStillWants):
        buying.cancel(again.id)

    shop.release("1")
    assert buying.asked(valve) == [("closed", "5", "5"), ("cancelled", "3", "3")]
    assert (shop.state("1"), shop.stock(valve)) == ("released", ("2", "0"))
    shop.assert_sound()


def test_what_comes_for_an_order_that_is_off_is_free(shop: Shop):
    buying = Buying(shop)
    valve, foundry = got_for(shop, buying, "1", "5", "supplier")
    order = on_order(shop, buying, foundry, "1")
    shop.release("1")
    with pytest.raises(NotSentOn) as refused:
        dispatch(shop, order, "5")
    assert refused.value.field == "lines.0.line_id"
    buying.receive(order, (0, 5))
    assert shop.stock(valve) == ("5", "0")
    shop.assert_sound()


def dispatch(shop: Shop, order: PurchaseOrder, quantity: str) -> None:
    command = ReceivePurchase(order.id, (ReceivedLine(order.lines[0].id, q(quantity)),), TODAY)
    shop.do(lambda tx: dispatch_purchase(tx, command))


def test_r7_1_the_supplier_sends_in_parts_and_no_more_than_is_wanted(shop: Shop):
    buying = Buying(shop)
    valve, foundry = got_for(shop, buying, "1", "5", "supplier")
    order = on_order(shop, buying, foundry, "1")
    dispatch(shop, order, "2")
    with pytest.raises(MoreThanOrderWants) as refused:
        dispatch(shop, order, "4")
    assert (refused.value.field, refused.value.figures["left"]) == ("lines.0.quantity", q("3"))
    buying.receive(order, (0, 1))
    (here,) = open_notes(shop, "1")
    dispatch(shop, order, "2")
    assert shop.state("1") == "sourcing"
    shop.ship(here)
    assert (shop.state("1"), shop.stock(valve)) == ("consumed", ("0", "0"))
    full = [message.data["order_fully_shipped"] for message in shop.told("delivery.shipped")]
    assert full == [False, False, True]
    shop.assert_sound()


def test_what_is_not_found_of_goods_to_be_sent_on_is_not_sent_once_more(shop: Shop):
    buying = Buying(shop)
    valve, foundry = got_for(shop, buying, "1", "5", "supplier")
    order = on_order(shop, buying, foundry, "1")
    buying.receive(order, (0, 3))
    (here,) = open_notes(shop, "1")
    here = pick(shop, here, lack(line_id("1", 1), 1))
    shop.assert_sound()

    with pytest.raises(MoreThanOrderWants) as refused:
        dispatch(shop, order, "3")
    assert refused.value.figures["left"] == q("2")
    shop.book(shop.default_warehouse(), (valve, 1))
    shop.settle()
    assert shop.stock(valve) == ("3", "3")
    shop.assert_sound()
    dispatch(shop, order, "2")
    for note in open_notes(shop, "1"):
        shop.ship(note)
    assert (shop.state("1"), shop.stock(valve)) == ("consumed", ("0", "0"))
    shop.assert_sound()


def test_nobody_packs_what_is_handed_over_or_sent_by_the_supplier(shop: Shop):
    buying = Buying(shop)
    valve, foundry = got_for(shop, buying, "1", "5", "supplier")
    main = shop.default_warehouse()
    shop.do(lambda tx: set_packing(tx, main.id, required=True, expected_version=None))

    dispatch(shop, on_order(shop, buying, foundry, "1"), "5")
    shop.book(main, (valve, 2))
    shop.reserve("counter", (valve, 2))
    shop.do(lambda tx: hand_over(tx, order_id("counter"), customer_id=HARBOR_PUMPS, on=TODAY))

    assert (shop.state("1"), shop.state("counter")) == ("consumed", "consumed")
    shop.assert_sound()


def test_two_clerks_note_the_same_dispatch_and_it_counts_once(make_database: MakeDatabase):
    shop = Shop(make_database("inventory", MIGRATIONS, pool_size=4))
    buying = Buying(shop)
    valve, foundry = got_for(shop, buying, "1", "5", "supplier")
    order = on_order(shop, buying, foundry, "1")

    def note(_: int) -> object:
        try:
            dispatch(shop, order, "3")
        except MeridianError as refused:
            return refused
        return None

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(note, range(2)))
    assert sorted(type(each).__name__ for each in outcomes) == ["MoreThanOrderWants", "NoneType"]
    assert shop.stock(valve) == ("0", "0")
    shop.assert_sound()
