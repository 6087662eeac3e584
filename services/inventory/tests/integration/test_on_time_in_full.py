"""On time in full: which lines count, and as what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from libs.common.testing.time import ManualClock
from libs.common.testing.web import api_client
from libs.common.web import SigningKeys
from services.inventory.api.company_day import COMPANY_CLOCK
from services.inventory.app import create_app
from services.inventory.tests.builders import TODAY, Shop, line_id

KEYS = SigningKeys.fresh()
PATH = "/api/v1/figures/on-time-in-full"
PERIOD = f"from={TODAY}&to={TODAY}"


@pytest.fixture
def app(shop: Shop) -> Flask:
    return create_app(shop.database, KEYS.verifier())


def get(app: Flask, path: str, role: str = "sales_manager", subject: str = "mia") -> Any:
    answer = api_client(app, KEYS, roles=[role], subject=subject).get(path)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_each_line_that_was_due_counts_once_as_what_became_of_it(shop: Shop, app: Flask) -> None:
    valve, pump, main = shop.item(), shop.item("PUMP"), shop.warehouse()
    shop.customer(owner_id="ann")
    shop.book(main, (valve, 100), (pump, 100))
    both = ((valve, 4), (pump, 2))
    for name in ("on time", "late", "half", "open", "cancelled", "closed short"):
        shop.reserve(name, *both)
    notes = {name: shop.confirm(name)[0] for name in ("on time", "late", "half", "closed short")}
    # Two parcels, both in time: together the line is full.
    shop.ship(notes["on time"], (line_id("on time", 1), 3), on=TODAY - timedelta(days=2))
    shop.ship(shop.delivery(shop.told("delivery.created")[-1].data["delivery_id"]), on=TODAY)
    shop.ship(notes["late"], on=TODAY + timedelta(days=1))
    shop.ship(notes["half"], (line_id("half", 1), 4), (line_id("half", 2), 1))
    shop.ship(notes["closed short"], (line_id("closed short", 1), 4))
    shop.release("closed short")
    shop.release("cancelled")

    today = get(app, f"{PATH}?{PERIOD}")
    share = {"due": 10, "on_time_in_full": 4, "late": 2, "short": 1, "open": 3, "share_bp": 4000}
    assert (today["from"], today["to"], today["lines"]) == (str(TODAY), str(TODAY), share)
    assert today["orders"] | {"share_bp": 0} == {
        "due": 5, "on_time_in_full": 1, "late": 1, "short": 1, "open": 2, "share_bp": 0,
    }  # fmt: skip

    clock = ManualClock()
    clock.advance(timedelta(days=1))
    app.config[COMPANY_CLOCK] = clock
    tomorrow = get(app, f"{PATH}?{PERIOD}", "sales", "ann")
    assert (tomorrow["lines"]["short"], tomorrow["lines"]["open"]) == (4, 0)
    assert (tomorrow["orders"]["short"], tomorrow["orders"]["share_bp"]) == (3, 2000)
    assert get(app, f"{PATH}?{PERIOD}", "sales", "bob")["lines"]["due"] == 0

    seen: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = get(app, f"{PATH}/lines?{PERIOD}&outcome=short&limit=3{cursor and '&cursor='}{cursor}")
        seen += page["items"]
        cursor = page["next_cursor"]
    assert {(line["order_number"], line["sku"], line["shipped_in_time"]) for line in seen} == {
        ("SO-half", "PUMP", "1"),
        ("SO-open", "A-VALVE", "0"),
        ("SO-open", "PUMP", "0"),
        ("SO-closed short", "PUMP", "0"),
    }
    assert len(seen) == 4
