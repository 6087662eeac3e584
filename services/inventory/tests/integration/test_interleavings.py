"""Two people at one item, in every order of their statements: exactly what is there is promised."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from libs.common.errors import Later
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.interleaving import every_order, interleaved
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import DeliveryStateRefuses, ReturnExceedsShipped, ReturnStateRefuses
from services.inventory.domain.returns import GoodsReturn
from services.inventory.tests.builders import MIGRATIONS, Shop, line_id
from services.inventory.use_cases.ask_return import AnswerReturn, cancel_return

pytestmark = pytest.mark.postgres
Pair = tuple[Callable[[], object], Callable[[], object]]


@pytest.fixture
def shop(databases: TestDatabases) -> Shop:
    """Give an inventory on PostgreSQL, where two transactions can write at once."""
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    return Shop(databases.make("inventory", MIGRATIONS, clock=ManualClock()))


def play(shop: Shop, pair: Callable[[int], Pair], check: Callable[[int, object, object], None]) -> int:
    """Play ``pair(n)``, fresh for each order, and check what came of it; return how many orders there were."""
    rounds = iter(range(10_000))

    def one(at: int, swapped: bool) -> bool:
        number = next(rounds)
        first, second = pair(number)
        front, back = (second, first) if swapped else (first, second)
        in_front, behind, stopped = interleaved(shop.database, front, back, at)
        outcome = (behind, in_front) if swapped else (in_front, behind)
        check(number, *outcome)
        shop.assert_sound()
        return stopped

    return every_order(one)


def test_two_orders_for_the_last_piece(shop: Shop) -> None:
    main = shop.warehouse()

    def pair(number: int) -> Pair:
        valve = shop.item(f"VALVE-{number}")
        shop.book(main, (valve, 1))
        return tuple(partial(shop.reserve, f"{side}-{number}", (valve, 1)) for side in "ab")  # type: ignore[return-value]

    def check(number: int, *_outcomes: object) -> None:
        assert sorted(str(shop.state(f"{side}-{number}")) for side in "ab") == ["reserved", "waiting"]

    assert play(shop, pair, check) > 10


def test_an_order_and_its_cancel(shop: Shop) -> None:
    valve = shop.item()
    shop.book(shop.warehouse(), (valve, 1000))

    def pair(number: int) -> Pair:
        return partial(shop.reserve, number, (valve, 1)), partial(shop.release, number)

    def check(number: int, reserving: object, releasing: object) -> None:
        assert not isinstance(reserving, Exception) or isinstance(reserving, Later), reserving
        assert not isinstance(releasing, Exception) or isinstance(releasing, Later), releasing
        shop.release(number)
        assert shop.state(number) == "released"
        assert shop.stock(valve)[1] == "0"

    assert play(shop, pair, check) > 10


def test_a_shipment_and_the_cancel_of_its_order(shop: Shop) -> None:
    valve = shop.item()
    shop.book(shop.warehouse(), (valve, 1000))

    def pair(number: int) -> Pair:
        shop.reserve(number, (valve, 2))
        (note,) = shop.confirm(number)
        return partial(shop.ship, note), partial(shop.release, number)

    def check(number: int, shipping: object, releasing: object) -> None:
        assert releasing is None
        if isinstance(shipping, Delivery):
            assert (shipping.state, shop.state(number)) == ("shipped", "consumed")
        else:
            assert isinstance(shipping, DeliveryStateRefuses)
            assert shop.state(number) == "released"
        assert shop.stock(valve)[1] == "0"

    assert play(shop, pair, check) > 10


def test_two_returns_of_the_same_goods(shop: Shop) -> None:
    valve = shop.item()
    shop.book(shop.warehouse(), (valve, 1000))

    def pair(number: int) -> Pair:
        note = shop.shipped(number, (valve, 3))
        one = partial(shop.ask_back, note, (line_id(number, 1), 2))
        return one, one

    def check(number: int, *outcomes: object) -> None:
        made, refused = sorted(outcomes, key=lambda outcome: isinstance(outcome, Exception))
        assert isinstance(made, GoodsReturn)
        assert isinstance(refused, ReturnExceedsShipped)
        assert made.number == f"RMA-{number + 1:06d}"

    assert play(shop, pair, check) > 5


def test_goods_arrive_while_their_return_is_cancelled(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 1000))

    def pair(number: int) -> Pair:
        note = shop.shipped(number, (valve, 3))
        asked = shop.ask_back(note, (line_id(number, 1), 3), approved=True)
        cancelling = partial(shop.do, lambda tx: cancel_return(tx, AnswerReturn(asked.id, "Kept")))
        return partial(shop.take_back, asked, main), cancelling

    def check(_number: int, taking: object, cancelling: object) -> None:
        refused = [each for each in (taking, cancelling) if isinstance(each, Exception)]
        assert [type(each) for each in refused] == [ReturnStateRefuses]

    assert play(shop, pair, check) > 5


def test_two_inspect_the_same_goods(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 1000))

    def pair(number: int) -> Pair:
        note = shop.shipped(number, (valve, 2))
        asked = shop.take_back(shop.ask_back(note, (line_id(number, 1), 2), approved=True), main)
        return partial(shop.inspect, asked, (1, 2, 0)), partial(shop.inspect, asked, (1, 0, 2))

    def check(number: int, *outcomes: object) -> None:
        refused = [each for each in outcomes if isinstance(each, Exception)]
        assert [type(each) for each in refused] == [ReturnStateRefuses]
        assert len(shop.told("return.inspected")) == number + 1

    assert play(shop, pair, check) > 5
