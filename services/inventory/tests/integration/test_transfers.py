"""Transfers: out of one warehouse, in no other until they arrive, and never what is promised to orders."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from libs.common.money import Price
from services.inventory.domain.errors import TransitIsForTransfers
from services.inventory.domain.items import Item, Warehouse
from services.inventory.domain.supply import SourceMissing
from services.inventory.domain.transfers import (
    Arrival,
    LossNeedsReason,
    MoreThanUnderWay,
    PartNotUnderWay,
    SameWarehouse,
    Transfer,
    TransferShort,
    TransferStateRefuses,
)
from services.inventory.store import requisitions, stock, transfers, valuations, warehouses
from services.inventory.tests.builders import TODAY, Shop, q
from services.inventory.tests.buying import Buying
from services.inventory.tests.integration.test_races import at_once
from services.inventory.use_cases.set_supply import SetSupplyPolicy, set_supply_policy
from services.inventory.use_cases.transfer_stock import (
    AboutTransfer,
    RequestTransfer,
    WantedPart,
    cancel_transfer,
    receive_transfer,
    request_transfer,
    ship_transfer,
)


@pytest.fixture(scope="module")
def shop(lasting_shop: Shop) -> Shop:
    """Give the one inventory of this file: each test has items of its own."""
    return lasting_shop


@pytest.fixture(scope="module")
def north(shop: Shop) -> Warehouse:
    """Give the second warehouse."""
    return shop.warehouse("NORTH")


@pytest.fixture
def main(shop: Shop) -> Warehouse:
    """Give the first warehouse."""
    return shop.default_warehouse()


def ask(shop: Shop, way: tuple[Warehouse, Warehouse], *parts: tuple[Any, ...]) -> Transfer:
    wanted = tuple(WantedPart(part[0].id, q(part[1]), *part[2:]) for part in parts)
    return shop.do(lambda tx: request_transfer(tx, RequestTransfer(way[0].id, way[1].id, wanted)))


def ship(shop: Shop, transfer: Transfer) -> Transfer:
    return shop.do(lambda tx: ship_transfer(tx, AboutTransfer(transfer.id, TODAY)))


def take_in(shop: Shop, transfer: Transfer, *arrivals: Arrival, why: str | None = None) -> Transfer:
    return shop.do(lambda tx: receive_transfer(tx, AboutTransfer(transfer.id, TODAY), arrivals, why))


def lies(shop: Shop, item: Item) -> dict[str, str]:
    rows = shop.database.read(lambda connection: stock.rows(connection, [item.id]))
    return {f"{row.warehouse_code} {row.key.lot}".strip(): str(row.on_hand) for row in rows if row.on_hand}


def test_goods_under_way_are_in_neither_warehouse_and_count_as_coming(
    shop: Shop, main: Warehouse, north: Warehouse
) -> None:
    valve = shop.item("U-VALVE")
    shop.book(main, (valve, 10, None, None, Price.of("2.00", "USD")))
    moving = ship(shop, ask(shop, (main, north), (valve, 6)))

    assert lies(shop, valve) == {"MAIN": "4"}
    assert shop.reserve("too-much", (valve, 5)).state == "waiting"
    lack = shop.database.read(lambda connection: requisitions.lacks(connection, [valve.id]))[valve.id]
    assert (lack.available, lack.coming, lack.milli) == (4000, 6000, 0), "nothing has to be bought"

    take_in(shop, moving, Arrival(1, q(2)))
    shop.settle()
    assert (lies(shop, valve), shop.state("too-much")) == ({"MAIN": "4", "NORTH": "2"}, "reserved")
    with pytest.raises(MoreThanUnderWay) as refusal:
        take_in(shop, moving, Arrival(1, q(4), q(1)), why="It burst")
    assert refusal.value.field == "lines.0.received"
    with pytest.raises(LossNeedsReason):
        take_in(shop, moving, Arrival(1, q(3), q(1)))
    done = take_in(shop, moving, Arrival(1, q(3), q(1)), why="One burst")

    assert (done.state, lies(shop, valve)["NORTH"]) == ("received", "5")
    worth = shop.do(lambda tx: valuations.lock(tx.connection, [valve.id])[valve.id])
    assert (worth.milli, worth.minor) == (9000, 1800), "what is lost is written off, nothing else"
    told = shop.told("transfer.received")[-1].data
    assert (told["complete"], told["reason"], len(told["lost"])) == (True, "One burst", 1)
    with pytest.raises(TransferStateRefuses):
        take_in(shop, moving)


def test_the_lots_that_expire_first_go_first_and_arrive_as_they_left(
    shop: Shop, main: Warehouse, north: Warehouse
) -> None:
    milk = shop.item("L-MILK", lot_tracked=True)
    shop.book(main, (milk, 3, "LATE", TODAY.replace(year=2027)), (milk, 3, "SOON", TODAY))
    moving = ship(shop, ask(shop, (main, north), (milk, 4)))

    assert [(part.lot, str(part.shipped)) for part in moving.parts] == [("SOON", "3"), ("LATE", "1")]
    with pytest.raises(PartNotUnderWay) as refusal:
        take_in(shop, moving, Arrival(1, q(1)))
    assert refusal.value.field == "lines.0.lot"
    take_in(shop, moving)
    assert lies(shop, milk) == {"MAIN LATE": "2", "NORTH SOON": "3", "NORTH LATE": "1"}


def test_what_is_promised_stays_and_what_makes_no_sense_is_refused(
    shop: Shop, main: Warehouse, north: Warehouse
) -> None:
    valve = shop.item("N-VALVE")
    shop.book(main, (valve, 5))
    shop.reserve("promised", (valve, 3))
    with pytest.raises(SameWarehouse):
        ask(shop, (main, main), (valve, 1))
    wanted = ask(shop, (main, north), (valve, 1), (valve, 2))

    with pytest.raises(TransferShort) as refusal:
        ship(shop, wanted)

    assert (refusal.value.field, str(refusal.value.figures["available"])) == ("lines.1", "1")
    assert lies(shop, valve) == {"MAIN": "5"}
    given_up = shop.do(lambda tx: cancel_transfer(tx, AboutTransfer(wanted.id, TODAY), "No van"))
    assert given_up.state == "cancelled"


def test_a_reorder_point_is_filled_from_the_source_of_its_policy_and_follows_the_need(
    shop: Shop, main: Warehouse, north: Warehouse
) -> None:
    valve, buying = shop.item("A-VALVE-2"), Buying(shop)
    shop.book(main, (valve, 8))
    with pytest.raises(SourceMissing) as refusal:
        shop.do(lambda tx: set_supply_policy(tx, SetSupplyPolicy(valve.id, "transfer")))
    assert refusal.value.field == "source_id"
    policy = SetSupplyPolicy(valve.id, "transfer", source_id=main.id)
    shop.do(lambda tx: set_supply_policy(tx, policy))

    def asked() -> list[tuple[str, str]]:
        told = [each.data for each in shop.told("transfer.requested")]
        mine = [each["transfer_id"] for each in told if each["lines"][0]["item_id"] == valve.id]
        found = [shop.database.read(partial(transfers.find, transfer_id=each)) for each in mine]
        return [(each.state, str(each.lines[0].quantity)) for each in found if each is not None]

    buying.reorder(valve, north, 2, 5)
    buying.propose(valve, north)
    assert asked() == [("requested", "5")], "asked again, nothing changes"
    assert buying.asked(valve) == [], "nothing is bought for it"
    buying.reorder(valve, north, 2, 20)
    assert asked() == [("cancelled", "5"), ("requested", "8")], "as much as is free there"
    shop.book(north, (valve, 20))
    buying.propose(valve, north)
    assert asked() == [("cancelled", "5"), ("cancelled", "8")]
    buying.reorder(valve, main, 10, 12)
    assert buying.asked(valve) == [("open", "4", "4")], "the source itself is bought for"


def test_orders_and_transfers_of_the_last_units_at_once_never_take_the_same(
    shop: Shop, main: Warehouse, north: Warehouse
) -> None:
    valve = shop.item("R-VALVE")
    shop.book(main, (valve, 6))
    wanted = [ask(shop, (main, north), (valve, 2)) for _ in range(4)]
    acts = [partial(ship, shop, each) for each in (*wanted, wanted[0])]
    acts += [partial(shop.reserve, f"buyer-{n}", (valve, 1)) for n in range(6)]

    answers = at_once(acts)

    faults = [each for each in answers if isinstance(each, Exception)]
    assert {type(each) for each in faults} <= {TransferShort, TransferStateRefuses}
    gone = sum(2 for each in answers if isinstance(each, Transfer))
    on_hand, reserved = shop.stock(valve)
    assert int(on_hand) == 6 - gone
    assert int(reserved) <= int(on_hand)
    assert gone + int(reserved) == 6, "all of it is taken, by one or the other"


def test_nothing_is_asked_for_to_a_place_where_goods_are_only_under_way(shop: Shop, north: Warehouse) -> None:
    valve, main, buying = shop.item("T-UNDER-WAY"), shop.default_warehouse(), Buying(shop)
    shop.book(main, (valve, 1))
    ship(shop, ask(shop, (main, north), (valve, 1)))
    under_way = shop.database.read(lambda connection: warehouses.transit_to(connection, north.id))
    assert under_way is not None

    for refused in (
        partial(buying.ask, valve, under_way, 1),
        partial(buying.reorder, valve, under_way, 1, 2),
    ):
        with pytest.raises(TransitIsForTransfers) as refusal:
            refused()
        assert refusal.value.field == "warehouse_id"
