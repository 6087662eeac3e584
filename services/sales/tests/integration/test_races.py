"""Many at once: one quotation becomes one order, one key has one answer, numbers have no gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from libs.common.db import Database
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from services.sales.store.tables import order_hold, quotation, sales_order
from services.sales.tests.answering import Others
from services.sales.tests.builders import CHAI, HARBOR, MIGRATIONS, Desk

THREADS = 20


@pytest.fixture
def sales(make_database: MakeDatabase) -> Database:
    """Give a database with a connection for everybody."""
    return make_database("sales", MIGRATIONS, pool_size=THREADS)


@pytest.fixture
def desk(sales: Database, keys: SigningKeys) -> Desk:
    return Desk(sales, keys)


def at_once(act: Callable[[int], Any], times: int = THREADS) -> list[Any]:
    """Do ``act`` in as many threads, started together."""
    barrier = Barrier(times)

    def run(n: int) -> Any:
        barrier.wait()
        return act(n)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def count(desk: Desk, table: Any) -> int:
    query = select(func.count()).select_from(table)
    return int(desk.database.read(lambda connection: connection.execute(query).scalar_one()))


def test_twenty_accept_at_once_and_one_order_comes_of_it(desk: Desk):
    path = f"/api/v1/quotations/{desk.quote()}/accept"

    answers = at_once(lambda n: desk.nancy.post(path, json={}, headers={"Idempotency-Key": f"click-{n}"}))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: THREADS - 1}
    assert count(desk, sales_order) == 1
    assert desk.said().count("inventory.reserve_stock.v1") == 1


def test_the_same_key_twenty_times_at_once_has_one_answer(desk: Desk):
    path = f"/api/v1/quotations/{desk.quote()}/accept"

    answers = at_once(lambda n: desk.nancy.post(path, json={}, headers={"Idempotency-Key": "click"}))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert count(desk, sales_order) == 1


def test_accept_decline_and_cancel_of_the_same_thing_end_in_one_state(desk: Desk):
    quotation_id = desk.quote()
    acts = ("accept", "decline")

    answers = at_once(
        lambda n: desk.nancy.post(f"/api/v1/quotations/{quotation_id}/{acts[n % 2]}", json={}), 10
    )

    assert sum(answer.status_code < 300 for answer in answers) == 1
    assert {answer.status_code for answer in answers} <= {200, 201, 409}


def test_quotations_issued_at_once_are_numbered_without_a_gap(desk: Desk):
    body = {"customer_id": HARBOR.id, "lines": [{"item_id": CHAI.id, "quantity": "1"}]}

    answers = at_once(lambda n: desk.nancy.post("/api/v1/quotations", json=body))

    assert sorted(answer.json["number"] for answer in answers) == [
        f"Q-{n:06d}" for n in range(1, THREADS + 1)
    ]
    assert count(desk, quotation) == THREADS


def test_two_authors_of_one_policy_take_turns(desk: Desk):
    tier = {"item_id": CHAI.id, "min_quantity": "1", "unit_price": {"amount": "17.00", "currency": "USD"}}
    body = {"name": "Summer", "currency": "USD", "lines": [tier]}

    answers = at_once(lambda n: desk.mike.post("/api/v1/price-policies", json=body), 8)

    assert sorted(answer.json["revision"] for answer in answers) == list(range(1, 9))
    current = desk.mike.get("/api/v1/price-policies", query_string={"name": "Summer"}).json["items"]
    assert [row["revision"] for row in current] == [8]


def test_an_answer_and_a_cancel_at_once_leave_one_course(desk: Desk):
    placed = [desk.order() for _ in range(4)]
    messages = [Others(desk, order).short() for order in placed]

    def act(n: int) -> None:
        if n % 2:
            desk.cancel(placed[n // 2])
        else:
            desk.hear(messages[n // 2])

    at_once(act, 8)
    for order in placed:
        Others(desk, order).play("stock_released")

    assert [desk.look(order).state for order in placed] == ["cancelled"] * 4
    still_open = order_hold.c.released_at.is_(None)
    query = select(func.count()).select_from(order_hold).where(still_open)
    assert desk.database.read(lambda connection: connection.execute(query).scalar_one()) == 0
