"""Two who decide of one recommendation, or hear of and look at one customer, in every order of statements."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from libs.common.testing.interleaving import every_order, interleaved
from services.crm.domain.buying_model import NOTHING
from services.crm.domain.ground import Ground
from services.crm.domain.idea import Shelf
from services.crm.store.buying_tables import customer_buying
from services.crm.tests.builders import NANCY
from services.crm.tests.buying import ZONE, Buying, numbered
from services.crm.tests.pipeline import CABLE, Pipeline, money
from services.crm.use_cases.decide_recommendation import (
    AboutRecommendation,
    accept_recommendation,
    dismiss_recommendation,
)
from services.crm.use_cases.look_at_customers import look_at_customers

ONE_AT_A_TIME = "SQLite lets one write at a time: there is nothing to interleave"


@pytest.fixture
def buying(pipeline: Pipeline) -> Buying:
    """Give crm as it hears of orders, on an engine where two can write at once."""
    if pipeline.desk.database.is_sqlite:
        pytest.skip(ONE_AT_A_TIME)
    return Buying(pipeline)


def test_of_two_who_decide_at_once_one_is_told_that_it_is_decided(buying: Buying) -> None:
    database = buying.desk.database

    def play(at: int, swapped: bool) -> bool:
        about = AboutRecommendation(buying.only(buying.regular())["id"], NANCY)
        works: list[Any] = [
            lambda: database.transact(lambda tx: accept_recommendation(tx, about)),
            lambda: database.transact(lambda tx: dismiss_recommendation(tx, about, "other", None)),
        ]
        first, second = works[::-1] if swapped else works
        *outcomes, stopped = interleaved(database, first, second, at)
        refused = [each for each in outcomes if isinstance(each, Exception)]
        assert [getattr(each, "code", each) for each in refused] == ["recommendation_decided"], outcomes
        return stopped

    assert every_order(play) > 10


def test_what_is_heard_while_a_customer_is_looked_at_is_looked_at_too(buying: Buying) -> None:
    database = buying.desk.database
    shelf = Shelf({CABLE: None}, {})
    ground = Ground(NOTHING, shelf, {}, buying.today, ZONE)

    def play(at: int, swapped: bool) -> bool:
        who = buying.regular(times=1)
        buying.orders += 1
        order = numbered("b", buying.orders)
        line = {
            "order_line_id": buying.line(order),
            "item_id": CABLE,
            "quantity": "1",
            "amount": money("1.00"),
        }
        data = {
            "order_id": order,
            "number": "SO-9",
            "customer_id": who,
            "ordered_on": buying.today.isoformat(),
        }
        message = buying.pipeline.message(
            "sales.order.placed.v1", order, data | {"total": money("1.00"), "lines": [line]}, sequence=1
        )
        works: list[Any] = [
            lambda: database.transact(lambda tx: look_at_customers(tx, [who], ground)),
            lambda: buying.pipeline.receiver.receive([message]),
        ]
        first, second = works[::-1] if swapped else works
        *outcomes, stopped = interleaved(database, first, second, at)
        assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
        query = select(customer_buying).where(customer_buying.c.customer_id == who)
        row = database.read(lambda connection: connection.execute(query).one())
        assert row.due or row.orders == 2, row
        return stopped

    assert every_order(play) > 10
