"""What an order's type asks of its stock: to leave in one piece, or not to wait."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.inventory.domain.fulfilment_errors import ShipsComplete
from services.inventory.domain.stock import WantedLine
from services.inventory.tests.builders import HARBOR_PUMPS, TODAY, Shop, line_id, order_id, q
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery
from services.inventory.use_cases.reserve_stock import ReserveStock, reserve_stock


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
