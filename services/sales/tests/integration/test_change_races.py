"""Changes of one order at once: one is taken in, and what crosses it finds it as it is."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import func, select

from libs.common.db import Database
from libs.common.errors import MeridianError
from libs.common.testing.interleaving import every_order, interleaved
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from services.sales.domain.line_pricing import Pen
from services.sales.domain.order import Order
from services.sales.sagas.changing import WithdrawChange, propose_and_check, withdraw_change
from services.sales.store.change_tables import order_change
from services.sales.tests.builders import MIGRATIONS, NANCY, TERMS, Desk, qty
from services.sales.tests.changing import confirmed, line, propose
from services.sales.tests.integration.test_races import at_once
from services.sales.use_cases.change_order import ProposeChange
from services.sales.use_cases.draw_up_change import Wanted, WantedLine


@pytest.fixture
def sales(make_database: MakeDatabase) -> Database:
    """Give a database with a connection for everybody."""
    return make_database("sales", MIGRATIONS, pool_size=10)


@pytest.fixture
def desk(sales: Database, keys: SigningKeys) -> Desk:
    return Desk(sales, keys)


def change(desk: Desk, order: Order, quantity: int) -> object:
    wanted = Wanted(Pen(NANCY, may_override=False), (WantedLine(1, qty(quantity)),))
    command = ProposeChange(order.id, "the customer called", wanted)
    return desk.database.transact(lambda tx: propose_and_check(tx, command, TERMS))


def withdraw(desk: Desk, order: Order) -> object:
    command = WithdrawChange(order.id, 1, "never mind")
    return desk.database.transact(lambda tx: withdraw_change(tx, command))


def open_changes(desk: Desk, order: Order) -> int:
    query = select(func.count()).where(order_change.c.order_id == order.id, order_change.c.ended_at.is_(None))
    return int(desk.database.read(lambda connection: connection.execute(query).scalar_one()))


def test_of_ten_changes_at_once_one_is_taken_in(desk: Desk):
    order = confirmed(desk)
    answers = at_once(lambda n: propose(desk, order, lines=[line(1, quantity=str(11 + n))]), 10)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert {answer.json["code"] for answer in answers if answer.status_code == 409} == {"order_change_open"}
    assert open_changes(desk, order) == 1


@pytest.mark.postgres
def test_two_changes_and_a_change_and_a_cancel_in_every_order(desk: Desk):
    if desk.database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")

    def twice(at: int, swapped: bool) -> bool:
        order = confirmed(desk)
        acts = (partial(change, desk, order, 12), partial(change, desk, order, 14))
        *outcomes, stopped = interleaved(desk.database, acts[swapped], acts[not swapped], at)
        assert [isinstance(each, MeridianError) for each in outcomes].count(True) == 1, outcomes
        assert open_changes(desk, order) == 1
        return stopped

    def cancelled(at: int, swapped: bool) -> bool:
        order = confirmed(desk)
        acts = (partial(change, desk, order, 12), partial(desk.cancel, order))
        *outcomes, stopped = interleaved(desk.database, acts[swapped], acts[not swapped], at)
        faults = [each for each in outcomes if isinstance(each, Exception)]
        assert all(isinstance(each, MeridianError) for each in faults), faults
        assert desk.look(order).cancel_requested_at is not None
        stops = [message for message in desk.messages(kind="command") if "release_stock" in message.type]
        taken_in = open_changes(desk, order)
        # A change that was taken in before the cancel is stopped by it; one that comes after it is refused.
        assert taken_in == 1 or len(faults) == 1
        assert stops
        return stopped

    assert every_order(twice) > 10
    assert every_order(cancelled) > 10
