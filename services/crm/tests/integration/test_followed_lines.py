"""The lines of orders as crm follows them: changed, cancelled, closed short, and sent back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services.crm.store.bought import of_customers
from services.crm.store.buying_tables import followed_line
from services.crm.tests.buying import Buying, numbered
from services.crm.tests.pipeline import CABLE, PUMP, Pipeline, money


@pytest.fixture
def buying(pipeline: Pipeline) -> Buying:
    """Give crm as it hears of orders."""
    return Buying(pipeline)


def kept(buying: Buying, customer: str) -> list[tuple[str, int, int]]:
    """Return what a customer kept: item, thousandths, minor units."""
    lines = buying.desk.database.read(lambda connection: of_customers(connection, [customer])).get(
        customer, []
    )
    return sorted((line.item_id, line.milli, line.minor) for line in lines)


def back(buying: Buying, who: str, order: str, quantity: str) -> None:
    """Let inventory say that a part of an order's first line came back."""
    line = {"order_line_id": buying.line(order), "item_id": PUMP, "quantity": quantity}
    data = {"order_id": order, "customer_id": who, "lines": [line]}
    buying.hears("inventory.return.inspected.v1", order, data)


def test_a_change_replaces_adds_and_takes_away_lines(buying: Buying) -> None:
    who = buying.customer()
    order = buying.buys(who, 3, (PUMP, 4, "40.00"), (CABLE, 1, "5.00"))
    changed = [
        {
            "order_line_id": buying.line(order),
            "item_id": PUMP,
            "after": {"quantity": "6", "net": money("60.00")},
        },
        {"order_line_id": buying.line(order, 1), "item_id": CABLE, "after": None},
        {
            "order_line_id": buying.line(order, 2),
            "item_id": CABLE,
            "after": {"quantity": "3", "net": money("9.00")},
        },
    ]
    data = {"order_id": order, "customer_id": who, "total": money("69.00"), "lines": changed}
    buying.hears("sales.order.amended.v1", order, data, 2)
    assert kept(buying, who) == [(PUMP, 6000, 6000), (CABLE, 3000, 900)]
    days = buying.desk.database.read(
        lambda connection: set(connection.execute(select(followed_line.c.ordered_on)).scalars())
    )
    assert len(days) == 1, "the new line is of the order's day"


def test_nothing_of_a_cancelled_order_was_bought(buying: Buying) -> None:
    who = buying.customer()
    order = buying.buys(who, 3, (PUMP, 4, "40.00"))
    buying.hears("sales.order.cancelled.v1", order, {"order_id": order, "number": "SO-1", "reason": "x"}, 2)
    assert kept(buying, who) == []


def test_of_what_was_closed_short_the_rest_was_bought(buying: Buying) -> None:
    who = buying.customer()
    order = buying.buys(who, 3, (PUMP, 4, "40.00"))
    lines = [{"order_line_id": buying.line(order), "item_id": PUMP, "quantity": "3"}]
    data = {"order_id": order, "number": "SO-1", "reason": "x", "lines": lines}
    buying.hears("sales.order.closed_short.v1", order, data, 2)
    assert kept(buying, who) == [(PUMP, 1000, 1000)]


@pytest.mark.parametrize("first", ["order", "return"])
def test_what_came_back_was_not_kept_whoever_speaks_first(buying: Buying, first: str) -> None:
    who = buying.customer()
    if first == "return":
        back(buying, who, numbered("b", 1), "1")
        assert kept(buying, who) == []
    order = buying.buys(who, 3, (PUMP, 4, "40.00"))
    if first == "order":
        back(buying, who, order, "1")
    assert kept(buying, who) == [(PUMP, 3000, 3000)]


def test_what_is_heard_twice_counts_once(buying: Buying) -> None:
    who = buying.customer()
    order = buying.buys(who, 3, (PUMP, 4, "40.00"))
    line = {"order_line_id": buying.line(order), "item_id": PUMP, "quantity": "1"}
    data = {"order_id": order, "customer_id": who, "lines": [line]}
    message = buying.pipeline.message("inventory.return.inspected.v1", order, data, sequence=1)
    for _ in range(2):
        buying.pipeline.receiver.receive([message])
    assert kept(buying, who) == [(PUMP, 3000, 3000)]
