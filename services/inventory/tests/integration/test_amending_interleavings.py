"""A change of an order against whatever crosses it, in every order of their statements: one holds, the other knows."""

from __future__ import annotations

from functools import partial

import pytest

from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from services.inventory.domain.delivery import Delivery
from services.inventory.tests.amending import amend, quantities, take, wanted
from services.inventory.tests.builders import MIGRATIONS, Shop
from services.inventory.tests.integration.test_interleavings import Pair, play
from services.inventory.tests.picking import pick

pytestmark = pytest.mark.postgres


@pytest.fixture
def shop(databases: TestDatabases) -> Shop:
    """Give an inventory on PostgreSQL, where two transactions can write at once."""
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    return Shop(databases.make("inventory", MIGRATIONS, clock=ManualClock()))


def test_a_line_is_lowered_as_it_is_shipped(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 900))

    def pair(number: int) -> Pair:
        shop.reserve(number, (valve, 4))
        (note,) = shop.confirm(number)
        less = wanted(number, 1, valve, 3, shipped=0)
        return partial(amend, shop, f"c{number}", number, less), partial(shop.ship, note)

    def check(number: int, changed: object, shipped: object) -> None:
        if changed == "amended":
            assert quantities(shop, number) == ["3"]
            # The note was read before it became smaller, and is read again under its lock.
            assert isinstance(shipped, Delivery), shipped
            assert [str(line.quantity) for line in shipped.lines] == ["3"]
        else:
            assert changed in ("nothing_left", "shipped_meanwhile")
            assert quantities(shop, number) == ["4"]
        assert shop.state(number) == "consumed"

    assert play(shop, pair, check) > 10


def test_an_order_is_changed_as_it_is_cancelled(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 900))

    def pair(number: int) -> Pair:
        shop.reserve(number, (valve, 4))
        shop.confirm(number)
        take(shop, f"c{number}", number, (1, valve, 2))
        change = partial(amend, shop, f"c{number}", number, wanted(number, 1, valve, 6))
        return change, partial(shop.release, number)

    def check(number: int, changed: object, released: object) -> None:
        assert released is None
        assert changed in ("amended", "order_cancelled"), changed
        if changed == "order_cancelled":
            shop.release(f"c{number}")
        assert (shop.state(number), shop.stock(valve)) == ("released", ("900", "0"))

    assert play(shop, pair, check) > 10


def test_two_changes_of_one_order_at_once(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 900))

    def pair(number: int) -> Pair:
        shop.reserve(number, (valve, 4))
        shop.confirm(number)
        take(shop, f"c{number}", number, (1, valve, 2))
        less = partial(amend, shop, f"d{number}", number, wanted(number, 1, valve, 3, shipped=0), no=2)
        return partial(amend, shop, f"c{number}", number, wanted(number, 1, valve, 6)), less

    def check(number: int, more: object, less: object) -> None:
        assert less == "amended"
        # What was lowered first needs more than was reserved for the raise: that is then not the raise agreed on.
        assert (more, quantities(shop, number)) in (("amended", ["3"]), ("stock_taken_back", ["3"]))
        shop.release(number)
        shop.release(f"c{number}")

    assert play(shop, pair, check) > 10


def test_a_raise_and_another_buyer_of_the_last_of_the_stock(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 6))

    def pair(number: int) -> Pair:
        shop.reserve(number, (valve, 4))
        shop.confirm(number)
        raise_ = partial(take, shop, f"c{number}", number, (1, valve, 2))
        return raise_, lambda: shop.reserve(f"b{number}", (valve, 2)).state

    def check(number: int, *states: object) -> None:
        assert sorted(map(str, states)) == ["reserved", "waiting"]
        for name in (number, f"c{number}", f"b{number}"):
            shop.release(name)

    assert play(shop, pair, check) > 10


def test_goods_are_picked_as_the_change_gives_them_up(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 900))

    def pair(number: int) -> Pair:
        shop.reserve(number, (valve, 4))
        (note,) = shop.confirm(number)
        less = wanted(number, 1, valve, 3, shipped=0)
        return partial(amend, shop, f"c{number}", number, less), partial(pick, shop, note)

    def check(number: int, changed: object, picked: object) -> None:
        assert isinstance(picked, Delivery), picked
        held = [str(line.quantity) for line in picked.lines]
        assert (changed, held) in (("amended", ["3"]), ("picked", ["4"]))

    assert play(shop, pair, check) > 10
