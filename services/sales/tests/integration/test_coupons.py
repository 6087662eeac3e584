"""Coupons over HTTP: borne, used by acceptance, given back, and had no more often than they may be, also in a race."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, select

from libs.common.db import Database
from libs.common.errors import MeridianError
from libs.common.testing.interleaving import every_order, interleaved
from libs.common.testing.plugin import MakeDatabase
from libs.common.web import SigningKeys
from services.sales.domain.order import Order
from services.sales.store import orders, promotions
from services.sales.store.tables import coupon_use
from services.sales.tests.answering import Others
from services.sales.tests.builders import CHAI, MIGRATIONS, MIKE, ROPE, TERMS, Desk
from services.sales.tests.integration.test_quotations_api import problem
from services.sales.tests.integration.test_races import THREADS, at_once
from services.sales.tests.promoting import QUOTATIONS, URL, accept, ask, body, define, had, money, quote, uses
from services.sales.use_cases.accept_quotation import AcceptQuotation, accept_quotation
from services.sales.use_cases.answer_quotation import AboutQuotation


def test_a_coupon_is_for_who_bears_it_and_shown_to_nobody_else(desk: Desk):
    define(desk, coupon="SPRING", max_uses=2)

    plain, special = quote(desk), quote(desk, coupon="SPRING")

    assert (plain["total"], had(plain["lines"][0]), plain["coupon"]) == (money("180.00"), [], None)
    assert (special["total"], special["coupon"]) == (money("162.00"), "SPRING")
    assert uses(desk) == (0, 0, 0), "it is used when the quotation is accepted"
    found = desk.mike.get(URL, query_string={"coupon": "SPRING"}).json["items"]
    assert [(row["max_uses"], row["used"]) for row in found] == [(2, 0)]


@pytest.mark.parametrize(
    ("coupon_given", "status", "code"),
    [("NOWHERE", 422, "unknown_coupon"), ("ROPES", 422, "coupon_without_effect")],
)
def test_a_coupon_that_is_none_or_does_nothing_is_refused(desk: Desk, coupon_given, status, code):
    define(desk, name="Ropes", coupon="ROPES", percent_off={"percent": "10", "items": [ROPE.id]})

    assert problem(ask(desk, coupon=coupon_given), status) == (code, "coupon")
    assert desk.said() == []


def test_a_coupon_is_used_by_acceptance_and_no_more_often_than_it_may_be(desk: Desk):
    define(desk, coupon="SPRING", max_uses=1)
    first, second = quote(desk, coupon="SPRING"), quote(desk, coupon="SPRING")

    assert accept(desk, first).status_code == 201
    assert uses(desk) == (1, 1, 1)
    refused = accept(desk, second)
    assert problem(refused, 409) == ("coupon_used_up", "coupon")
    assert desk.nancy.get(f"{QUOTATIONS}/{second['id']}").json["state"] == "draft"
    assert uses(desk) == (1, 1, 1)
    assert problem(ask(desk, coupon="SPRING"), 409)[0] == "coupon_used_up"
    lines = {"lines": [{"item_id": CHAI.id, "quantity": "10"}]}
    kept = desk.nancy.post(f"{QUOTATIONS}/{second['id']}/revise", json=lines)
    assert problem(kept, 409)[0] == "coupon_used_up"
    without = desk.nancy.post(f"{QUOTATIONS}/{second['id']}/revise", json=lines | {"coupon": None}).json
    assert (without["coupon"], without["total"]) == (None, money("180.00"))
    assert accept(desk, without).status_code == 201


def test_a_revision_keeps_the_coupon(desk: Desk):
    define(desk, coupon="SPRING")
    lines = {"lines": [{"item_id": CHAI.id, "quantity": "20"}]}

    revised = desk.nancy.post(f"{QUOTATIONS}/{quote(desk, coupon='SPRING')['id']}/revise", json=lines).json

    assert (revised["coupon"], revised["total"]) == ("SPRING", money("324.00"))


def ordered(desk: Desk, document: dict[str, Any]) -> Order:
    """Accept a quotation and return the order that came of it."""
    order_id = accept(desk, document).json["id"]
    found = desk.database.read(lambda connection: orders.find(connection, order_id))
    assert found is not None
    return found


def test_a_cancelled_order_gives_its_coupon_back_once(desk: Desk):
    define(desk, coupon="SPRING", max_uses=1)
    order = ordered(desk, quote(desk, coupon="SPRING"))
    others = Others(desk, order)
    others.play("reserved", "granted")
    desk.cancel(order)
    assert uses(desk) == (1, 1, 1), "until nothing is held for the order it may still go on"
    others.play("stock_released", "credit_released", "stock_released")

    assert desk.look(order).state == "cancelled"
    assert uses(desk) == (0, 0, 1)
    assert accept(desk, quote(desk, coupon="SPRING")).status_code == 201
    assert uses(desk) == (1, 1, 2)


def test_an_order_that_is_closed_short_has_used_its_coupon(desk: Desk):
    define(desk, coupon="SPRING", max_uses=1)
    order = ordered(desk, quote(desk, coupon="SPRING"))
    others = Others(desk, order)
    others.play("reserved", "granted")
    desk.cancel(order)
    desk.hear(others.shipped(4, full=False))
    others.play("stock_released", "credit_released", "stock_released")

    assert desk.look(order).lines[0].given_up
    assert uses(desk) == (1, 1, 1)


def test_a_promotion_keeps_its_code_and_a_code_its_promotion(desk: Desk):
    define(desk, coupon="SPRING", max_uses=3)
    for document in [quote(desk, coupon="SPRING") for _ in range(2)]:
        accept(desk, document)

    def refused(**changes: Any) -> tuple[str, str | None]:
        return problem(desk.mike.post(URL, json=body(**changes)), 409)

    assert refused(name="Other", coupon="SPRING") == ("coupon_taken", "coupon")
    assert refused(coupon="AUTUMN") == ("coupon_changed", "coupon")
    assert refused() == ("coupon_changed", "coupon")
    assert refused(coupon="SPRING", max_uses=1) == ("fewer_than_used", "max_uses")
    assert [row["revision"] for row in desk.mike.get(URL).json["items"]] == [1]
    assert define(desk, coupon="SPRING", max_uses=2)["used"] == 2
    assert problem(ask(desk, coupon="SPRING"), 409)[0] == "coupon_used_up"
    define(desk, coupon="SPRING")
    assert accept(desk, quote(desk, coupon="SPRING")).status_code == 201


@pytest.fixture
def crowd(make_database: MakeDatabase, keys: SigningKeys) -> Desk:
    """Give sales with a connection for everybody."""
    return Desk(make_database("sales", MIGRATIONS, pool_size=THREADS), keys)


def test_twenty_accept_at_once_and_as_many_have_the_coupon_as_there_are_uses(crowd: Desk):
    define(crowd, coupon="SPRING", max_uses=7)
    documents = [quote(crowd, coupon="SPRING") for _ in range(THREADS)]

    answers = at_once(lambda n: accept(crowd, documents[n]))

    assert Counter(answer.status_code for answer in answers) == {201: 7, 409: THREADS - 7}
    assert uses(crowd) == (7, 7, 7)


@pytest.mark.postgres
def test_the_last_use_in_every_order_of_two_who_want_it(desk: Desk):
    if desk.database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    rounds = iter(range(1000))

    def one(at: int, swapped: bool) -> bool:
        code = f"LAST-{next(rounds)}"
        define(desk, name=code, coupon=code, max_uses=1)
        documents = [quote(desk, coupon=code) for _ in range(2)]
        acts = [partial(_accepted, desk.database, document["id"]) for document in documents]
        first, second = reversed(acts) if swapped else acts
        *outcomes, stopped = interleaved(desk.database, first, second, at)
        assert sorted(isinstance(outcome, MeridianError) for outcome in outcomes) == [False, True]
        assert uses(desk, code) == (1, 1, 1)
        return stopped

    assert every_order(one) > 10


@pytest.mark.postgres
def test_the_last_use_is_had_once_and_given_back_once_with_nothing_else_to_wait_for(desk: Desk):
    """Two who accept wait for each other's order number already: here the coupon's own statements decide."""
    if desk.database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    rounds = iter(range(1000))
    placed = [desk.order() for _ in range(2)]

    def one(at: int, swapped: bool) -> bool:
        code = f"LAST-{next(rounds)}"
        define(desk, name=code, coupon=code, max_uses=1)
        uses_of = [partial(_use, desk.database, code, order.id) for order in placed]
        first, second = reversed(uses_of) if swapped else uses_of
        *outcomes, stopped = interleaved(desk.database, first, second, at)
        assert sorted(map(str, outcomes)) == ["False", "True"]
        assert uses(desk, code) == (1, 1, 1)
        back = partial(_give_back, desk.database, _who_has(desk, code))
        *outcomes, again = interleaved(desk.database, back, back, at)
        assert sorted(map(str, outcomes)) == [code, "None"]
        assert uses(desk, code) == (0, 0, 1)
        desk.database.transact(lambda tx: tx.connection.execute(delete(coupon_use)))
        return stopped or again

    assert every_order(one) > 4


def _who_has(desk: Desk, code: str) -> str:
    """Return the order that uses the coupon."""
    query = select(coupon_use.c.order_id).where(coupon_use.c.code == code)
    return str(desk.database.read(lambda connection: connection.execute(query).scalar_one()))


def _use(database: Database, code: str, order_id: str) -> object:
    return database.transact(lambda tx: promotions.use_coupon(tx, code, order_id))


def _give_back(database: Database, order_id: str) -> object:
    return database.transact(lambda tx: promotions.give_coupon_back(tx, order_id)) or "None"


def _accepted(database: Database, quotation_id: str) -> object:
    command = AcceptQuotation(AboutQuotation(quotation_id), MIKE)
    return database.transact(lambda tx: accept_quotation(tx, command, TERMS))
