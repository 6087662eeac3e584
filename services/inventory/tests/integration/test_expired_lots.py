"""Nobody is promised, and nobody gets, what has expired: it lies there until somebody books it off."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from libs.common.testing import ManualClock
from services.inventory.domain.inspecting import Inspection
from services.inventory.domain.items import Item, Warehouse
from services.inventory.domain.stock import StockKey
from services.inventory.jobs.expire_stock import expire_stocks
from services.inventory.reports.availability import availability
from services.inventory.reports.stock import levels
from services.inventory.store import stock
from services.inventory.tests.builders import HARBOR_PUMPS, TODAY, Shop, line_id, order_id, q
from services.inventory.tests.buying import Buying
from services.inventory.tests.integration.test_races import at_once
from services.inventory.tests.making import Making
from services.inventory.tests.serial_acts import offenders, refused
from services.inventory.use_cases.expire_stock import expire_stock
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery
from services.inventory.use_cases.reserve_stock import ReserveStock, reserve_stock
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery
from services.inventory.use_cases.take_return import InspectReturn, inspect_return
from services.inventory.use_cases.transfer_stock import (
    AboutTransfer,
    RequestTransfer,
    WantedPart,
    request_transfer,
    ship_transfer,
)

UTC = ZoneInfo("UTC")
PROMISES = "I01_nothing_expired_is_promised"


@pytest.fixture
def day(shop: Shop) -> date:
    return shop.database.clock.now().date()


def milk_of(shop: Shop, place: Warehouse, *lots: tuple[str, int, date | None]) -> Item:
    milk = shop.item("MILK", lot_tracked=True)
    for lot, quantity, expires_on in lots:
        shop.book(place, (milk, quantity, lot, expires_on))
    return milk


def next_day(shop: Shop, days: int = 1) -> None:
    clock = shop.database.clock
    assert isinstance(clock, ManualClock)
    clock.advance(timedelta(days=days))


def sound(shop: Shop) -> None:
    shop.assert_sound()
    assert offenders(shop, PROMISES, "I01_no_shortage_is_bought_twice") == {}


def shown(shop: Shop, item: Item, today: date) -> list[tuple[str | None, str, str, bool]]:
    rows = shop.database.read(
        lambda connection: levels(connection, {"item_id": item.id}, after=None, limit=9, today=today)
    )
    return [(row.lot, str(row.on_hand), str(row.available), row.expired) for row in rows]


def test_what_has_expired_is_promised_to_nobody_and_counted_as_nothing(shop: Shop, day: date) -> None:
    milk = milk_of(shop, shop.warehouse(), ("OLD", 5, day), ("NEW", 2, day + timedelta(days=9)))
    next_day(shop)
    today = day + timedelta(days=1)

    assert shop.reserve(1, (milk, 3)).state == "waiting"
    assert shop.reserve(2, (milk, 2)).state == "waiting"  # behind the first, who is to get the fresh ones
    shop.release(1)
    shop.settle()
    assert (shop.state(2), shop.stock(milk)) == ("reserved", ("7", "2"))
    assert shown(shop, milk, today) == [("NEW", "2", "0", False), ("OLD", "5", "0", True)]
    seen = shop.database.read(lambda connection: availability(connection, milk.id, q(1), today))
    assert (str(seen.on_hand), str(seen.free), str(seen.expired), seen.promised_on) == ("7", "0", "5", None)
    sound(shop)


def test_before_the_job_has_looked_the_figures_know_the_day_too(shop: Shop, day: date) -> None:
    milk, today = milk_of(shop, shop.warehouse(), ("OLD", 5, day)), day + timedelta(days=1)
    assert shown(shop, milk, day) == [("OLD", "5", "5", False)]
    assert shown(shop, milk, today) == [("OLD", "5", "0", True)]
    seen = shop.database.read(lambda connection: availability(connection, milk.id, q(1), today))
    assert (str(seen.free), str(seen.expired)) == ("0", "5")


def test_the_company_day_decides_whatever_the_clock_says(shop: Shop, day: date) -> None:
    milk = milk_of(shop, shop.warehouse(), ("OLD", 5, day))
    wanted = shop.reserve(0, (milk, 1)).lines[0].wanted
    tomorrow = ReserveStock(
        order_id(1), "SO-1", HARBOR_PUMPS, "c", (wanted._replace(order_line_id=line_id(1, 1)),), day, day,
        today=day + timedelta(days=1),
    )  # fmt: skip
    assert shop.do(lambda tx: reserve_stock(tx, tomorrow)).state == "waiting"


def test_when_the_day_is_over_promises_are_taken_back_and_kept_from_other_lots(shop: Shop, day: date) -> None:
    main = shop.warehouse()
    milk = milk_of(shop, main, ("OLD", 5, day))
    shop.reserve(1, (milk, 4))
    (first,) = shop.confirm(1)
    next_day(shop)
    shop.book(main, (milk, 5, "NEW", day + timedelta(days=9)))

    expire_stocks(shop.database, UTC)
    shop.settle()

    assert (shop.state(1), shop.delivery(first.id).state) == ("reserved", "cancelled")
    (told,) = shop.told("reservation.requeued")
    assert (told.data["reason"], told.data["reference"]) == ("lot_expired", "lot OLD")
    assert shop.stock(milk) == ("10", "4")
    again = next(shop.delivery(each.data["delivery_id"]) for each in reversed(shop.told("delivery.created")))
    assert [line.key.lot for line in again.lines] == ["NEW"]
    shop.book(main, (milk, -5, "OLD"), kind="adjustment", reference="Poured away")
    sound(shop)


def test_what_was_promised_by_somebody_who_asked_is_taken_back_without_waiting_for_the_job(
    shop: Shop, day: date
) -> None:
    milk = milk_of(shop, shop.warehouse(), ("OLD", 5, day))
    shop.reserve(1, (milk, 4))
    next_day(shop)
    assert shop.reserve(2, (milk, 1)).state == "waiting"
    shop.settle()
    assert (shop.state(1), shop.stock(milk)) == ("waiting", ("5", "0"))
    sound(shop)


def test_what_is_picked_is_not_taken_back_and_does_not_leave(shop: Shop, day: date) -> None:
    milk = milk_of(shop, shop.warehouse(), ("OLD", 5, day))
    shop.reserve(1, (milk, 4))
    (note,) = shop.confirm(1)
    shop.do(lambda tx: pick_delivery(tx, PickDelivery(note.id, day)))
    next_day(shop)
    today = day + timedelta(days=1)
    expire_stocks(shop.database, UTC)
    shop.settle()
    assert shop.state(1) == "reserved"
    ship = ShipDelivery(note.id, today)
    refused("lot_expired", "lines", lambda: shop.do(lambda tx: ship_delivery(tx, ship)))
    dated_ahead = ShipDelivery(note.id, day, shipped_on=today)
    refused("lot_expired", "lines", lambda: shop.do(lambda tx: ship_delivery(tx, dated_ahead)))
    sound(shop)


def test_what_expires_is_bought_anew_for_those_who_wait(shop: Shop, day: date) -> None:
    buying = Buying(shop)
    milk = milk_of(shop, shop.warehouse(), ("OLD", 5, day))
    buying.buys(milk, buying.supplier())
    shop.reserve(1, (milk, 4))
    assert buying.asked(milk) == []
    next_day(shop)
    expire_stocks(shop.database, UTC)
    shop.settle()
    assert [need for _, need, _ in buying.asked(milk)] == ["4"]
    sound(shop)


def test_production_is_given_and_uses_up_nothing_expired(shop: Shop, day: date) -> None:
    making, main = Making(shop), shop.warehouse()
    cheese = shop.item("CHEESE")
    milk = milk_of(shop, main, ("OLD", 10, day + timedelta(days=1)))
    making.bom(cheese, (milk, 2), valid_from=day)
    waits = making.release(making.wish(cheese, main, 2, due_on=None).id, day)
    assert waits.state == "assigned"
    order = making.start(making.release(making.wish(cheese, main, 1).id, day).id)
    next_day(shop, 2)
    today = day + timedelta(days=2)

    expire_stocks(shop.database, UTC)
    shop.settle()
    assert making.planned(cheese) == [("waiting", "2", "2"), ("running", "1", "1")]
    assert shop.stock(milk) == ("10", "0")
    refused("lot_expired", "consumed.0.lot", lambda: making.report(order.id, 1, 0, (milk, 2, "OLD")))
    refused("components_missing", "finished", lambda: making.report(order.id, 1))
    shop.book(main, (milk, 6, "NEW", today + timedelta(days=9)))
    shop.settle()
    assert making.planned(cheese)[0][0] == "assigned"
    making.report(order.id, 1)
    assert shop.stock(milk) == ("14", "4")
    sound(shop)


def test_a_transfer_takes_what_has_expired_only_by_its_name(shop: Shop, day: date) -> None:
    main, north = shop.warehouse(), shop.warehouse("NORTH")
    milk = milk_of(shop, main, ("OLD", 5, day), ("NEW", 5, day + timedelta(days=9)))
    today = day + timedelta(days=1)

    def send(quantity: int, lot: str | None = None) -> Any:
        wanted = RequestTransfer(main.id, north.id, (WantedPart(milk.id, q(quantity), lot),))
        asked = shop.do(lambda tx: request_transfer(tx, wanted))
        return shop.do(lambda tx: ship_transfer(tx, AboutTransfer(asked.id, today)))

    refused("transfer_short", "lines.0", partial(send, 6))
    assert [part.lot for part in send(4).parts] == ["NEW"]
    assert [part.lot for part in send(5, "OLD").parts] == ["OLD"]
    sound(shop)


def test_a_lot_that_came_in_expired_serves_nobody(shop: Shop, day: date) -> None:
    main = shop.warehouse()
    milk = milk_of(shop, main)
    shop.reserve(1, (milk, 1))
    shop.book(main, (milk, 5, "OLD", date(2020, 1, 1)))
    shop.settle()
    assert shop.state(1) == "waiting"
    sound(shop)


def test_whoever_asks_while_stock_is_set_aside_is_promised_none_of_it(shop: Shop, day: date) -> None:
    milk = milk_of(shop, shop.warehouse(), ("OLD", 40, day))
    next_day(shop)
    today = day + timedelta(days=1)
    aside = partial(shop.do, lambda tx: expire_stock(tx, milk.id, today))

    answers = at_once([*(partial(shop.reserve, name, (milk, 1)) for name in range(8)), aside])
    shop.settle()

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert [shop.state(name) for name in range(8)] == ["waiting"] * 8
    assert shop.stock(milk) == ("40", "0")
    sound(shop)


def test_the_update_itself_refuses_what_is_set_aside_to_whoever_forgot_to_lock(shop: Shop, day: date) -> None:
    main = shop.warehouse()
    milk = milk_of(shop, main, ("OLD", 5, day))
    key = StockKey(milk.id, main.id, "OLD")
    reserve = partial(shop.do, lambda tx: stock.reserve(tx.connection, {key: q(1)}))
    assert reserve()
    assert shop.do(lambda tx: stock.set_aside(tx.connection, [milk.id], day + timedelta(days=1))) == [milk.id]
    assert not reserve()


def test_a_report_dated_ahead_uses_up_nothing_that_has_expired_by_its_day(shop: Shop, day: date) -> None:
    making, main = Making(shop), shop.warehouse()
    cheese, milk = shop.item("CHEESE"), milk_of(shop, main, ("OLD", 10, TODAY))
    making.bom(cheese, (milk, 2))
    order = making.running(cheese, main, 2)
    ahead = partial(making.report, order.id, 1, reported_on=TODAY + timedelta(days=1))
    refused("components_missing", "finished", ahead)
    making.report(order.id, 1)
    shop.assert_sound()


def test_what_comes_back_and_has_expired_takes_nothing_off_what_is_asked_for(shop: Shop, day: date) -> None:
    buying, main, north = Buying(shop), shop.warehouse(), shop.warehouse("NORTH")
    milk = milk_of(shop, main, ("OLD", 5, day))
    buying.buys(milk, buying.supplier())
    note = shop.shipped(1, (milk, 5))
    next_day(shop)
    shop.reserve(2, (milk, 5))
    before = [(each.number, each.state, each.need) for each in buying.requisitions()]
    asked = shop.ask_back(note, (line_id(1, 1), 5), approved=True)
    shop.take_back(asked, north)
    back = InspectReturn(asked.id, (Inspection(1, q(5), q(0)),), day + timedelta(days=1))
    shop.do(lambda tx: inspect_return(tx, back))
    shop.settle()
    assert [(each.number, each.state, each.need) for each in buying.requisitions()] == before
    assert shop.state(2) == "waiting"
    sound(shop)
