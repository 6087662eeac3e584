"""Two people at one need or at one purchase order, in every order of their statements."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from libs.common.errors import VersionMismatch
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.testing.interleaving import every_order, interleaved
from services.inventory.domain.purchase import MoreThanAwaited, PurchaseOrder, PurchaseStateRefuses
from services.inventory.domain.requisition import RequisitionStateRefuses
from services.inventory.domain.reservation import Reservation
from services.inventory.tests.builders import MIGRATIONS, Shop
from services.inventory.tests.buying import Buying
from services.inventory.use_cases.book_stock import StockDocument

pytestmark = pytest.mark.postgres
Pair = tuple[Callable[[], object], Callable[[], object]]


@pytest.fixture
def buying(databases: TestDatabases) -> Buying:
    """Give the buyers of an inventory on PostgreSQL, where two transactions can write at once."""
    if databases.engine == "sqlite":
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    return Buying(Shop(databases.make("inventory", MIGRATIONS, clock=ManualClock())))


def play(buying: Buying, pair: Callable[[int], Pair], check: Callable[[int, object, object], None]) -> int:
    """Play ``pair(n)``, fresh for each order, and check what came of it; return how many orders there were."""
    rounds = iter(range(10_000))

    def one(at: int, swapped: bool) -> bool:
        number = next(rounds)
        first, second = pair(number)
        front, back = (second, first) if swapped else (first, second)
        in_front, behind, stopped = interleaved(buying.shop.database, front, back, at)
        outcome = (behind, in_front) if swapped else (in_front, behind)
        check(number, *outcome)
        buying.shop.assert_sound()
        return stopped

    return every_order(one)


def test_two_orders_that_go_short_at_once_are_one_requisition(buying: Buying) -> None:
    shop, foundry = buying.shop, buying.supplier()
    shop.warehouse()
    items = {}

    def pair(number: int) -> Pair:
        items[number] = shop.item(f"VALVE-{number}")
        buying.buys(items[number], foundry)
        wants = [(f"{side}-{number}", (items[number], quantity)) for side, quantity in (("a", 3), ("b", 4))]
        return tuple(partial(shop.reserve, *each) for each in wants)  # type: ignore[return-value]

    def check(number: int, *outcomes: object) -> None:
        assert {type(each) for each in outcomes} == {Reservation}
        assert buying.asked(items[number]) == [("open", "7", "7")]

    assert play(buying, pair, check) > 10


def test_an_order_that_goes_short_and_one_that_is_cancelled(buying: Buying) -> None:
    shop, foundry = buying.shop, buying.supplier()
    shop.warehouse()
    items = {}

    def pair(number: int) -> Pair:
        items[number] = shop.item(f"VALVE-{number}")
        buying.buys(items[number], foundry)
        shop.reserve(f"a-{number}", (items[number], 5))
        return partial(shop.reserve, f"b-{number}", (items[number], 2)), partial(shop.release, f"a-{number}")

    def check(number: int, *_outcomes: object) -> None:
        assert [each for each in buying.asked(items[number]) if each[0] == "open"] == [("open", "2", "2")]

    assert play(buying, pair, check) > 10


def test_two_receipts_of_the_last_units(buying: Buying) -> None:
    shop, foundry = buying.shop, buying.supplier()
    valve, main = shop.item(), shop.warehouse()
    buying.buys(valve, foundry)
    buying.rules(over_receipt_bp=1000)
    orders = {}

    def pair(number: int) -> Pair:
        orders[number] = buying.ordered(valve, foundry, main, 10)
        buying.receive(orders[number], (0, 8))
        take = partial(buying.receive, orders[number], (0, 2))
        return take, take

    def check(number: int, *outcomes: object) -> None:
        assert sorted(type(each).__name__ for each in outcomes) == [
            MoreThanAwaited.__name__,
            StockDocument.__name__,
        ]
        assert str(buying.order_now(orders[number]).lines[0].received) == "10"

    assert play(buying, pair, check) > 10


def test_a_receipt_and_the_close_of_its_order(buying: Buying) -> None:
    shop, foundry = buying.shop, buying.supplier()
    valve, main = shop.item(), shop.warehouse()
    buying.buys(valve, foundry)
    orders = {}

    def pair(number: int) -> Pair:
        orders[number] = buying.ordered(valve, foundry, main, 10)
        return partial(buying.receive, orders[number], (0, 4)), partial(buying.close, orders[number])

    def check(number: int, receiving: object, closing: object) -> None:
        assert not isinstance(closing, Exception), closing
        assert isinstance(receiving, StockDocument | PurchaseStateRefuses), receiving
        order = buying.order_now(orders[number])
        came = "4" if isinstance(receiving, StockDocument) else "0"
        assert (order.state, str(order.lines[0].received)) == ("closed", came)

    assert play(buying, pair, check) > 10


def test_one_requisition_is_ordered_once(buying: Buying) -> None:
    shop, foundry = buying.shop, buying.supplier()
    valve, main = shop.item(), shop.warehouse()
    buying.buys(valve, foundry)

    def pair(_number: int) -> Pair:
        wanted = buying.ask(valve, main, 3)
        buying.approve(wanted.id)
        order = partial(buying.draft, foundry, wanted.id)
        return order, order

    def check(_number: int, *outcomes: object) -> None:
        assert sorted(type(each).__name__ for each in outcomes) == [
            PurchaseOrder.__name__,
            RequisitionStateRefuses.__name__,
        ]

    assert play(buying, pair, check) > 10


def test_one_purchase_order_is_sent_once(buying: Buying) -> None:
    shop, foundry = buying.shop, buying.supplier()
    valve, main = shop.item(), shop.warehouse()
    buying.buys(valve, foundry)

    def pair(_number: int) -> Pair:
        wanted = buying.ask(valve, main, 3)
        buying.approve(wanted.id)
        order = buying.draft(foundry, wanted.id)
        return partial(buying.send, order), partial(buying.give_up, order)

    def check(_number: int, sending: object, giving_up: object) -> None:
        assert not isinstance(giving_up, Exception), giving_up
        assert not isinstance(sending, Exception) or isinstance(
            sending, PurchaseStateRefuses | VersionMismatch
        ), sending

    assert play(buying, pair, check) > 5


def test_a_reorder_point_looked_at_twice_at_once_asks_once(buying: Buying) -> None:
    shop = buying.shop
    main, items = shop.warehouse(), {}

    def pair(number: int) -> Pair:
        items[number] = shop.item(f"VALVE-{number}")
        shop.book(main, (items[number], 10))
        buying.reorder(items[number], main, 5, 20)
        shop.book(main, (items[number], -6), kind="adjustment", reference="used")
        look = partial(buying.propose, items[number], main)
        return look, look

    def check(number: int, *outcomes: object) -> None:
        assert outcomes == (None, None)
        assert buying.asked(items[number]) == [("open", "16", "16")]

    assert play(buying, pair, check) > 5
