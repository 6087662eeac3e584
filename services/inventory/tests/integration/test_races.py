"""Many at once: exactly what is there is promised, and nobody sees a lock error."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from libs.common.errors import Later
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import DeliveryStateRefuses
from services.inventory.domain.stock import StockKey
from services.inventory.store import stock
from services.inventory.tests.builders import Shop, q


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run ``works`` from as many threads, all released by one barrier; return answers and exceptions."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return work()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_fifty_buyers_of_ten_units_ten_get_them_and_forty_wait(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))

    answers = at_once([partial(shop.reserve, name, (valve, 1)) for name in range(50)])

    assert Counter(answer.state for answer in answers) == {"reserved": 10, "waiting": 40}
    assert shop.stock(valve) == ("10", "10")
    positions = [told.data["queue_position"] for told in shop.told("reservation.waiting")]
    assert sorted(positions) == list(range(1, 41))
    shop.assert_sound()


def test_lines_in_opposite_order_never_surface_a_deadlock(shop: Shop) -> None:
    valve, pump, main = shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse()
    shop.book(main, (valve, 100), (pump, 100))
    there, back = ((valve, 1), (pump, 1)), ((pump, 1), (valve, 1))

    answers = at_once([partial(shop.reserve, name, *(there if name % 2 else back)) for name in range(20)])

    assert Counter(answer.state for answer in answers) == {"reserved": 20}
    assert (shop.stock(valve), shop.stock(pump)) == (("100", "20"), ("100", "20"))
    shop.assert_sound()


def test_one_lot_is_not_promised_twice_while_it_is_counted(shop: Shop) -> None:
    serial, main = shop.item("SERIAL", lot_tracked=True), shop.warehouse()
    shop.book(main, (serial, 1, "S1"))

    def recount() -> None:
        shop.book(main, (serial, 1, "S1"), kind="adjustment", reference="found one")
        shop.book(main, (serial, -1, "S1"), kind="adjustment", reference="it was not there")

    buyers = [partial(shop.reserve, name, (serial, 1)) for name in range(20)]
    *answers, _ = at_once([*buyers, recount])

    reserved = Counter(answer.state for answer in answers)["reserved"]
    on_hand, promised = shop.stock(serial)
    assert promised == str(q(reserved))
    assert reserved <= q(on_hand).decimal
    shop.assert_sound()


def test_cancelling_and_shipping_at_once_ends_in_one_of_both(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 100))
    for name in range(6):
        shop.reserve(name, (valve, 2))
        (delivery,) = shop.confirm(name)

        cancel = partial(shop.release, name)
        cancelled, also, shipped = at_once([cancel, cancel, partial(shop.ship, delivery)])

        assert (cancelled, also) == (None, None)
        if shop.state(name) == "consumed":
            assert (shipped.state, shop.delivery(delivery.id).state) == ("shipped", "shipped")
        else:
            assert isinstance(shipped, DeliveryStateRefuses)
            assert (shop.state(name), shop.delivery(delivery.id).state) == ("released", "cancelled")
    shop.assert_sound()


def test_shipping_one_note_from_ten_threads_ships_it_once(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 100))
    shop.reserve(1, (valve, 2))
    (delivery,) = shop.confirm(1)

    answers = at_once([partial(shop.ship, delivery)] * 10)

    assert [answer.state for answer in answers if isinstance(answer, Delivery)] == ["shipped"]
    assert sum(isinstance(answer, DeliveryStateRefuses) for answer in answers) == 9
    assert shop.stock(valve) == ("98", "0")
    shop.assert_sound()


def test_a_release_and_its_request_at_once_leave_nothing_held(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 100))

    for name in range(6):
        answers = at_once([partial(shop.release, name), partial(shop.reserve, name, (valve, 2))])
        assert [
            answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, Later)
        ] == []
        shop.release(name)
        assert shop.state(name) == "released"

    assert shop.stock(valve) == ("100", "0")
    shop.assert_sound()


def test_receipts_and_requests_at_once_serve_everybody_whom_the_stock_suffices_for(shop: Shop) -> None:
    valve, pump, main = shop.item("A-VALVE"), shop.item("PUMP"), shop.warehouse()
    wants = [(name, ((valve, 1), (pump, 1)) if name % 2 else ((pump, 1), (valve, 1))) for name in range(20)]
    orders = [partial(shop.reserve, name, *lines) for name, lines in wants]
    receipts = [partial(shop.book, main, (item, 5)) for item in (valve, pump, pump, valve)]

    answers = at_once([*orders, *receipts])
    shop.settle()

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert Counter(shop.state(name) for name, _ in wants) == {"reserved": 10, "waiting": 10}
    shop.assert_sound()


def test_the_update_itself_guards_a_row_against_whoever_forgot_to_lock(shop: Shop) -> None:
    valve, main = shop.item(), shop.warehouse()
    shop.book(main, (valve, 10))
    shop.reserve(1, (valve, 4))
    key = StockKey(valve.id, main.id, "")

    def change(how: Callable[..., bool], quantity: int) -> bool:
        return bool(shop.do(lambda tx: how(tx.connection, {key: q(quantity)})))

    assert not change(stock.reserve, 7)
    assert not change(stock.unreserve, 5)
    assert not change(stock.consume, 5)
    assert shop.stock(valve) == ("10", "4")
    assert change(stock.reserve, 6)
    assert shop.stock(valve) == ("10", "10")
