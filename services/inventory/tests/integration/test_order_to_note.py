"""From the order to its delivery note: measured, by day, and for what the slowest waited."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from libs.common.envelope import Message
from libs.common.testing.time import ManualClock
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.inventory.app import create_app
from services.inventory.domain.items import Item
from services.inventory.subscribers.sales import (
    OrderConfirmed,
    RequestedLine,
    ReserveRequest,
    order_confirmed,
    reserve_requested,
)
from services.inventory.tests.builders import HARBOR_PUMPS, Shop, line_id, order_id, q

KEYS = SigningKeys.fresh()
PATH = "/api/v1/figures/order-to-delivery-note"
# Half an hour before midnight of the company (Shanghai), which is the next day then.
EVENING = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


@pytest.fixture
def app(shop: Shop) -> Flask:
    return create_app(shop.database, KEYS.verifier())


class Ordering:
    """Sales, speaking to inventory at given moments."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.valve, self.main = shop.item(), shop.warehouse()

    def at(self, moment: datetime) -> None:
        self.shop.database.clock = ManualClock(moment)

    def said(self, moment: datetime) -> Message:
        return Message("m", "t", "event", "sales", moment, "k", 1, "c", {}, moment)

    def reserve(self, name: str, ordered: datetime, quantity: int, *, after_s: float = 0) -> None:
        self.at(ordered + timedelta(seconds=after_s))
        lines = (RequestedLine(line_id(name, 1), self.valve.id, q(quantity)),)
        view = ReserveRequest(order_id(name), f"SO-{name}", HARBOR_PUMPS, lines)
        self.shop.do(lambda tx: reserve_requested(tx, view, self.said(ordered)))

    def confirm(self, name: str, confirmed: datetime, *, after_s: float = 0) -> None:
        self.at(confirmed + timedelta(seconds=after_s))
        view = OrderConfirmed(order_id(name), f"SO-{name}", HARBOR_PUMPS, confirmed.date(), ())
        self.shop.do(lambda tx: order_confirmed(tx, view, self.said(confirmed)))

    def receive(self, moment: datetime, item: Item, quantity: int) -> None:
        self.at(moment)
        self.shop.book(self.main, (item, quantity))
        self.shop.settle()


def look(app: Flask, query: str, role: str = "warehouse", status: int = 200) -> Any:
    answer = api_client(app, KEYS, roles=[role]).get(f"{PATH}?{query}")
    assert answer.status_code == status, answer.text
    return answer.json


def test_r3_7_each_day_shows_how_many_notes_came_within_ten_seconds(shop: Shop, app: Flask) -> None:
    ordering = Ordering(shop)
    ordering.receive(EVENING - timedelta(days=3), ordering.valve, 22)
    for number in range(20):
        ordered = EVENING + timedelta(minutes=number)
        ordering.reserve(f"quick {number}", ordered, 1, after_s=0.1)
        ordering.confirm(f"quick {number}", ordered + timedelta(milliseconds=200), after_s=0.1 * number)
    ordering.reserve("held", EVENING, 1, after_s=1)
    ordering.confirm("held", EVENING + timedelta(seconds=60), after_s=1)
    ordering.reserve("short", EVENING, 5)
    ordering.receive(EVENING + timedelta(hours=9), ordering.valve, 9)
    ordering.confirm("short", EVENING + timedelta(hours=9, seconds=1))

    found = look(app, "from=2026-03-01&to=2026-03-04", "sales_manager")

    assert (found["from"], found["to"], found["goal_ms"]) == ("2026-03-01", "2026-03-04", 10_000)
    days = {
        day["day"]: (day["count"], day["within_goal"], day["p50_ms"], day["p95_ms"]) for day in found["days"]
    }
    assert days == {
        "2026-03-01": (0, 0, None, None),
        "2026-03-02": (21, 20, 1200, 2100),
        "2026-03-03": (1, 0, 32_401_000, 32_401_000),
        "2026-03-04": (0, 0, None, None),
    }
    total = found["total"]
    assert (total["count"], total["within_goal"], total["share_bp"]) == (22, 20, 9090)
    assert (total["p50_ms"], total["p95_ms"]) == (1200, 61_000)
    short, held = found["slowest"][:2]
    assert (short["order_number"], short["took_ms"]) == ("SO-short", 32_401_000)
    assert short["waited"] == [{"for_what": "stock", "ms": 32_400_000}, {"for_what": "release", "ms": 1000}]
    assert held["waited"] == [
        {"for_what": "release", "ms": 59_000},
        {"for_what": "stock", "ms": 1000},
        {"for_what": "note", "ms": 1000},
    ]


def test_a_backorder_is_not_measured_and_a_clock_that_lags_counts_as_nothing(shop: Shop, app: Flask) -> None:
    ordering = Ordering(shop)
    ordering.receive(EVENING, ordering.valve, 9)
    ordering.reserve("ahead", EVENING, 3)
    ordering.confirm("ahead", EVENING, after_s=-0.5)
    (note,) = shop.told("delivery.created")
    shop.ship(shop.delivery(note.data["delivery_id"]), (line_id("ahead", 1), 1))

    (day,) = look(app, "from=2026-03-02&to=2026-03-02")["days"]

    assert (day["count"], day["p50_ms"], day["share_bp"]) == (1, 0, 10_000)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-03-02&to=2026-03-01", "period_backwards"),
        ("from=2026-01-01&to=2026-12-31", "period_too_long"),
    ],
)
def test_a_period_that_is_none_is_refused(app: Flask, query: str, code: str) -> None:
    problem = look(app, query, status=422)
    assert (problem["code"], [each["field"] for each in problem["errors"]]) == (code, ["from"])
    assert look(app, "", "sales", 403)["code"] == "forbidden"
    last_week = look(app, f"to={date(2026, 3, 7)}")
    assert (last_week["from"], len(last_week["days"])) == ("2026-03-01", 7)
