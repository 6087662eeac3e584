"""Deliveries of another system, brought in against recorded orders: they count, and move no stock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from libs.common.db import Transaction
from libs.common.errors import EntriesRefused
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import NoWarehouse
from services.inventory.domain.history import PastDelivery, PastLine
from services.inventory.domain.items import Item
from services.inventory.reports.natural_keys import delivery_numbers, orders_by_number, recorded_lines
from services.inventory.store import reservations
from services.inventory.store.tables import reservation, reservation_line
from services.inventory.tests.builders import HARBOR_PUMPS, TODAY, Shop, line_id, order_id, q
from services.inventory.use_cases.bring_in_deliveries import bring_in_deliveries
from services.inventory.use_cases.open_warehouse import OpenWarehouse, open_warehouse
from services.inventory.use_cases.record_order import RecordedLine, RecordOrder, record_order
from services.inventory.use_cases.release_stock import ReleaseStock, release_stock

SHIPPED_ON = date(2025, 11, 18)


@pytest.fixture
def valve(shop: Shop) -> Item:
    """Give a valve that lies in the default warehouse."""
    main = shop.do(lambda tx: open_warehouse(tx, OpenWarehouse("MAIN", "Main", is_default=True)))
    item = shop.item("VALVE")
    shop.book(main, (item, 10), kind="opening")
    return item


def an_order(name: str, *lines: tuple[Item, int]) -> RecordOrder:
    wanted = tuple(
        RecordedLine(line_id(name, number), number * 10, item.id, q(quantity))
        for number, (item, quantity) in enumerate(lines, start=1)
    )
    return RecordOrder(order_id(name), name, HARBOR_PUMPS, order_id(name), wanted, SHIPPED_ON, None)


def record(shop: Shop, name: str, *lines: tuple[Item, int]) -> None:
    shop.do(lambda tx: record_order(tx, an_order(name, *lines)))


def a_past(number: str, order: str, *parts: tuple[int, str | int], lot: str | None = None) -> PastDelivery:
    lines = tuple(PastLine(line_id(order, line), q(quantity), lot) for line, quantity in parts)
    return PastDelivery(number, order_id(order), SHIPPED_ON, lines)


def bring_in(shop: Shop, *past: PastDelivery) -> list[Delivery]:
    return shop.do(lambda tx: bring_in_deliveries(tx, past, TODAY))


def refused(shop: Shop, *past: PastDelivery) -> list[tuple[int, str, str | None]]:
    """Return place, code and field of everything that was refused."""
    with pytest.raises(EntriesRefused) as caught:
        bring_in(shop, *past)
    return [(place, fault.code, fault.field) for place, fault in caught.value.refusals]


def test_a_recorded_order_reserves_nothing(shop: Shop, valve: Item) -> None:
    record(shop, "P-1", (valve, 500))
    record(shop, "P-1", (valve, 500))
    assert shop.state("P-1") == "recorded"
    assert shop.stock(valve) == ("10", "0")
    shop.do(lambda tx: release_stock(tx, ReleaseStock(order_id("P-1"), "why not", order_id("P-1"))))
    assert shop.state("P-1") == "recorded"
    assert shop.database.read(lambda c: orders_by_number(c, ["P-1", "none"])) == {"P-1": order_id("P-1")}
    assert shop.database.read(lambda c: recorded_lines(c, ["P-1", "none"])) == {
        ("P-1", 10): line_id("P-1", 1)
    }
    shop.assert_sound()


def test_orders_of_one_transaction_are_each_recorded_once(shop: Shop, valve: Item) -> None:
    record(shop, "P-1", (valve, 500))

    def record_several(tx: Transaction) -> None:
        for order in (an_order("P-2", (valve, 1)), an_order("P-1", (valve, 7)), an_order("P-2", (valve, 9))):
            record_order(tx, order)

    shop.do(record_several)
    query = select(reservation.c.order_number, reservation_line.c.quantity_milli).join(
        reservation_line, reservation_line.c.reservation_id == reservation.c.id
    )
    found = shop.database.read(lambda c: sorted(tuple(row) for row in c.execute(query)))
    assert found == [("P-1", q(500)), ("P-2", q(1))]


def test_deliveries_count_towards_their_order_and_move_no_stock(shop: Shop, valve: Item) -> None:
    record(shop, "P-1", (valve, 5), (valve, 2))
    first, last = bring_in(shop, a_past("L-1", "P-1", (1, 3)), a_past("L-2", "P-1", (1, 2), (2, 2)))
    assert shop.delivery(first.id) == first
    assert (first.state, first.shipped_on, first.number) == ("shipped", SHIPPED_ON, "L-1")
    assert shop.state("P-1") == "consumed"
    assert shop.stock(valve) == ("10", "0")
    assert shop.database.read(lambda c: delivery_numbers(c, ["L-1", "L-2", "L-3"])) == {"L-1", "L-2"}
    told = shop.told("delivery.recorded")
    assert [message.data["order_fully_shipped"] for message in told] == [False, True]
    assert {message.correlation_id for message in told} == {order_id("P-1")}
    assert told[1].data["delivery_id"] == last.id
    shop.assert_sound()


def test_the_rest_may_come_in_a_later_import(shop: Shop, valve: Item) -> None:
    record(shop, "P-1", (valve, 5))
    bring_in(shop, a_past("L-1", "P-1", (1, 3)))
    assert shop.state("P-1") == "recorded"
    bring_in(shop, a_past("L-2", "P-1", (1, 2)))
    assert shop.state("P-1") == "consumed"
    shop.assert_sound()


def test_every_bad_delivery_is_named_and_none_is_taken(shop: Shop, valve: Item) -> None:
    record(shop, "P-1", (valve, 5))
    shop.reserve("LIVE", (valve, 1))
    good = a_past("L-1", "P-1", (1, 3))
    assert refused(
        shop,
        good,
        a_past("L-2", "P-1", (1, 1), (9, 1)),
        a_past("L-3", "P-1", (1, 2), (1, 1)),
        a_past("L-4", "P-1", (1, "0.5")),
        a_past("L-5", "P-1", (1, 1), lot="LOT"),
        a_past("L-6", "LIVE", (1, 1)),
        a_past("DN-000001", "P-1", (1, 1)),
        replace(good, number="L-8", shipped_on=date(2999, 1, 1)),
        replace(good, number="L-9", lines=()),
        good,
    ) == [
        (9, "delivery_number_taken", "number"),
        (1, "line_not_on_order", "lines.1.order_line_id"),
        (2, "more_than_ordered", "lines.1.quantity"),
        (3, "quantity_too_fine", "lines.0.quantity"),
        (4, "lot_not_tracked", "lines.0.lot"),
        (5, "order_not_recorded", "order_id"),
        (6, "number_of_series", "number"),
        (7, "date_in_future", "shipped_on"),
        (7, "more_than_ordered", "lines.0.quantity"),
        (8, "nothing_shipped", "number"),
        (9, "more_than_ordered", "lines.0.quantity"),
    ]
    assert shop.database.read(lambda c: delivery_numbers(c, ["L-1", "L-2", "L-3"])) == set()
    assert shop.told("delivery.recorded") == []


def test_the_table_itself_refuses_more_than_was_ordered(shop: Shop, valve: Item) -> None:
    record(shop, "P-1", (valve, 5))
    before = shop.reservation("P-1")
    assert before is not None
    after = replace(before, lines=(replace(before.lines[0], shipped=q(6)),))
    with pytest.raises(IntegrityError):
        shop.do(
            lambda tx: reservations.save_many(
                tx.connection, {before.order_id: before}, {before.order_id: after}, tx.now
            )
        )


def test_without_a_default_warehouse_there_is_no_place_for_them(shop: Shop) -> None:
    with pytest.raises(NoWarehouse):
        bring_in(shop)
