"""Two at one component, one production order or one circle of bills, in every order of their statements."""

from __future__ import annotations

from functools import partial

import pytest

from libs.common.errors import VersionMismatch
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from services.inventory.domain.bom import Bom
from services.inventory.domain.production_errors import BomCycle, MoreThanPlanned, ProductionStateRefuses
from services.inventory.domain.production_order import ProductionOrder
from services.inventory.tests.builders import MIGRATIONS, Shop
from services.inventory.tests.integration.test_buying_races import Pair, play
from services.inventory.tests.making import Making

pytestmark = pytest.mark.postgres


@pytest.fixture
def making(databases: TestDatabases) -> Making:
    """Give the makers of an inventory on PostgreSQL, where two transactions can write at once."""
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    return Making(Shop(databases.make("inventory", MIGRATIONS, clock=ManualClock())))


def test_a_customer_and_a_production_order_for_the_last_piece(making: Making) -> None:
    shop, main = making.shop, making.shop.warehouse()
    made = {}

    def pair(number: int) -> Pair:
        pump, housing = shop.item(f"PUMP-{number}"), shop.item(f"HOUSING-{number}")
        making.bom(pump, (housing, 1))
        shop.book(main, (housing, 1))
        made[number] = making.wish(pump, main, 1).id
        return partial(shop.reserve, f"a-{number}", (housing, 1)), partial(making.release, made[number])

    def check(number: int, *outcomes: object) -> None:
        assert not any(isinstance(each, Exception) for each in outcomes), outcomes
        got = (shop.state(f"a-{number}"), making.now(made[number]).state)
        assert got in (("reserved", "waiting"), ("waiting", "assigned"))

    assert play(making, pair, check) > 20


def test_two_reports_of_the_last_piece(making: Making) -> None:
    shop, main = making.shop, making.shop.warehouse()
    pump, housing = shop.item("PUMP"), shop.item("HOUSING")
    making.bom(pump, (housing, 1))
    shop.book(main, (housing, 1000))
    orders = {}

    def pair(number: int) -> Pair:
        orders[number] = making.running(pump, main, 1).id
        last = partial(making.report, orders[number], 1)
        return last, last

    def check(number: int, *outcomes: object) -> None:
        assert sorted(type(each).__name__ for each in outcomes) == [
            ProductionOrder.__name__,
            ProductionStateRefuses.__name__,
        ], outcomes
        assert str(making.now(orders[number]).finished) == "1"

    assert play(making, pair, check) > 20


def test_a_cancel_and_the_components_that_come_in(making: Making) -> None:
    shop, main = making.shop, making.shop.warehouse()
    orders, parts = {}, {}

    def pair(number: int) -> Pair:
        pump, parts[number] = shop.item(f"PUMP-{number}"), shop.item(f"HOUSING-{number}")
        making.bom(pump, (parts[number], 1))
        orders[number] = making.release(making.wish(pump, main, 2).id).id
        shop.book(main, (parts[number], 2))
        return partial(making.drop, orders[number]), shop.settle

    def check(number: int, *outcomes: object) -> None:
        assert not any(isinstance(each, Exception) for each in outcomes), outcomes
        assert making.now(orders[number]).state == "cancelled"
        assert shop.stock(parts[number]) == ("2", "0")

    assert play(making, pair, check) > 10


def test_a_release_and_a_cancel_of_one_order(making: Making) -> None:
    shop, main = making.shop, making.shop.warehouse()
    pump, housing = shop.item("PUMP"), shop.item("HOUSING")
    making.bom(pump, (housing, 1))
    shop.book(main, (housing, 5))
    orders = {}

    def pair(number: int) -> Pair:
        orders[number] = making.wish(pump, main, 1).id
        return partial(making.release, orders[number]), partial(making.drop, orders[number])

    def check(number: int, releasing: object, dropping: object) -> None:
        assert isinstance(releasing, ProductionOrder | ProductionStateRefuses), releasing
        assert isinstance(dropping, ProductionOrder | VersionMismatch), dropping
        if isinstance(dropping, VersionMismatch):
            making.drop(orders[number])
        assert making.now(orders[number]).state == "cancelled"
        assert shop.stock(housing) == ("5", "0")

    assert play(making, pair, check) > 5


def test_two_bills_that_would_go_into_each_other(making: Making) -> None:
    shop = making.shop

    def pair(number: int) -> Pair:
        one, other = shop.item(f"ONE-{number}"), shop.item(f"OTHER-{number}")
        return partial(making.bom, one, (other, 1)), partial(making.bom, other, (one, 1))

    def check(_number: int, *outcomes: object) -> None:
        assert sorted(type(each).__name__ for each in outcomes) == [Bom.__name__, BomCycle.__name__], outcomes

    assert play(making, pair, check) > 5
