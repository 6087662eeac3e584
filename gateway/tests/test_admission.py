"""Who is let in when there is too much to do."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from werkzeug.wrappers import Request, Response

from gateway.clients.intake import Intakes
from gateway.tests.conftest import MIGRATIONS, House, build
from gateway.tests.upstream import replying
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases

NEW = "/quotations"
AT = "/api/v1/quotations"
ID = "0190a1b2-0000-7000-8000-000000000001"


def test_what_a_service_said_is_believed_for_a_second() -> None:
    clock = ManualClock()
    intakes = Intakes((NEW,), clock)
    assert not intakes.refuses(NEW)
    intakes.note(NEW, "1.00")
    assert intakes.refuses(NEW)
    clock.advance(timedelta(seconds=1))
    assert not intakes.refuses(NEW)


def test_a_share_is_refused_by_lot() -> None:
    intakes = Intakes((NEW,), ManualClock())
    intakes.note(NEW, "0.50")
    assert 300 < sum(intakes.refuses(NEW) for _ in range(1000)) < 700


def test_nonsense_about_a_share_changes_nothing() -> None:
    intakes = Intakes((NEW,), ManualClock())
    for nonsense in ("much", "nan", "inf"):
        intakes.note(NEW, nonsense)
        assert not intakes.refuses(NEW)


def test_only_new_work_is_refused_and_the_service_is_not_asked_meanwhile(house: House) -> None:
    client, sales = house.client("sales"), house.upstreams["sales"]
    sales.replies = {AT: declining(), f"{AT}/{ID}/send": replying(200, {})}
    assert client.post(AT, json={}).status_code == 503
    asked = len(sales.asked)
    again = client.post(AT, json={})
    assert (again.status_code, again.json["code"]) == (503, "busy")
    assert 1 <= int(again.headers["Retry-After"]) <= 4
    assert len(sales.asked) == asked
    assert client.post(f"{AT}/{ID}/send", json={}).status_code == 200
    assert 'meridian_http_refused_total{reason="busy",service="gateway"} 1.0' in metrics(house)


def test_a_service_that_declines_new_work_is_not_taken_for_ill(house: House) -> None:
    client, sales = house.client("sales"), house.upstreams["sales"]
    sales.replies = {AT: declining(), "/api/v1/orders": replying(200, {"items": []})}
    for _ in range(8):
        assert client.post(AT, json={}).status_code == 503
        house.clock.advance(timedelta(seconds=1))
    assert len(sales.asked) == 8
    assert client.get("/api/v1/orders").status_code == 200


def test_a_full_house_refuses_at_once_but_answers_who_signs_in(house_of_one: House) -> None:
    house = house_of_one
    inside, go = threading.Event(), threading.Event()

    def slow(_request: Request) -> Response:
        inside.set()
        assert go.wait(10)
        return replying(200, {})

    client = house.client("sales")
    house.upstreams["sales"].replies = {"/api/v1/orders": slow}
    first = threading.Thread(target=client.get, args=("/api/v1/orders",))
    first.start()
    assert inside.wait(10)
    try:
        refused = client.get("/api/v1/orders")
        assert (refused.status_code, refused.json["code"]) == (503, "busy")
        assert house.login("somebody").status_code == 200
        assert 'meridian_http_refused_total{reason="full",service="gateway"} 1.0' in metrics(house)
    finally:
        go.set()
        first.join()
    house.upstreams["sales"].replies = {"/api/v1/orders": replying(200, {})}
    assert client.get("/api/v1/orders").status_code == 200


def declining() -> Response:
    return replying(503, {"code": "busy"}, Meridian_Intake="1.00", Retry_After="2")


def metrics(house: House) -> str:
    return str(house.app.test_client().get("/metrics").text)


@pytest.fixture
def house_of_one(sqlite_databases: TestDatabases, clock: ManualClock) -> House:
    database = sqlite_databases.make("gateway", MIGRATIONS, clock=clock)
    return build(database, clock, most_at_once=1, most_waiting=0)
