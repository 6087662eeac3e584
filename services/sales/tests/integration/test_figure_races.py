"""Counting at once: the sums are those of all orders, whoever counts which of them when."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from libs.common.db import Database
from libs.common.testing.interleaving import every_order, interleaved
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from services.sales.reports.counting_proof import orders_counted_wrong
from services.sales.store.figure_tables import buyer, buyer_month, day_figure, item_month, seller_month
from services.sales.tests.answering import Others
from services.sales.tests.builders import MIGRATIONS, Desk, chai_line
from services.sales.tests.integration.test_races import at_once
from services.sales.use_cases.count_orders import count_order

ORDERS = 12
DAY = date(2026, 3, 2)


@pytest.fixture
def sales(make_database: MakeDatabase) -> Database:
    """Give a database with a connection for everybody."""
    return make_database("sales", MIGRATIONS, pool_size=ORDERS * 2)


@pytest.fixture
def desk(sales: Database, keys: SigningKeys) -> Desk:
    return Desk(sales, keys)


def sums(desk: Desk) -> list[tuple[int, ...]]:
    """Return what every table of sums comes to."""
    queries = (
        select(func.sum(day_figure.c.orders), func.sum(day_figure.c.net_minor)),
        select(func.sum(buyer_month.c.orders), func.sum(buyer_month.c.net_minor)),
        select(func.sum(seller_month.c.orders), func.sum(seller_month.c.net_minor)),
        select(func.sum(buyer.c.orders), func.sum(item_month.c.net_minor)).join(
            item_month, item_month.c.month != ""
        ),
    )
    return desk.database.read(
        lambda connection: [tuple(int(value) for value in connection.execute(each).one()) for each in queries]
    )


def test_orders_of_one_day_and_customer_counted_twice_at_once_are_counted_once(desk: Desk) -> None:
    ids = []
    for _ in range(ORDERS):
        order = desk.order(chai_line(1))
        Others(desk, order).play("reserved", "granted")
        ids.append(order.id)

    at_once(lambda n: desk.database.transact(lambda tx: count_order(tx, ids[n % ORDERS], DAY)), ORDERS * 2)

    assert sums(desk) == [(ORDERS, 1800 * ORDERS)] * 4
    assert desk.database.read(lambda connection: list(orders_counted_wrong(connection))) == []


@pytest.mark.postgres
def test_whatever_two_who_count_see_of_each_other_the_sums_are_right(desk: Desk) -> None:
    """One counts an order, the other the same and one more of the same customer and day, from every statement on."""
    if desk.database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    counted = 0

    def confirmed() -> str:
        order = desk.order(chai_line(1))
        Others(desk, order).play("reserved", "granted")
        return order.id

    def count(*order_ids: str) -> object:
        def work(tx: Any) -> None:
            for order_id in order_ids:
                count_order(tx, order_id, DAY)

        return desk.database.transact(work)

    def one(at: int, swapped: bool) -> bool:
        nonlocal counted
        both, other = confirmed(), confirmed()
        first, second = partial(count, both), partial(count, both, other)
        if swapped:
            first, second = second, first
        front, behind, stopped = interleaved(desk.database, first, second, at)
        assert (front, behind) == (None, None)
        counted += 2
        assert sums(desk) == [(counted, 1800 * counted)] * 4
        return stopped

    assert every_order(one) > 10
    assert desk.database.read(lambda connection: list(orders_counted_wrong(connection))) == []
