"""An order's story from five records: every message once, causes before effects, by time where neither binds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.wrappers import Request, Response

from gateway.tests.conftest import MIGRATIONS, House, build
from gateway.tests.upstream import replying
from gateway.timeline.merge import Entry, merge
from gateway.timeline.summaries import summary
from libs.common.envelope import event
from libs.common.outbox import publish
from libs.common.testing import ManualClock
from libs.common.testing.databases import TestDatabases
from libs.common.web import SigningKeys, create_service_app

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ORDER = "0198c1a2-0000-7000-8000-0000000000a1"
TALK = "0198c1a2-0000-7000-8000-0000000000c1"
PATH = f"/api/v1/orders/{ORDER}/timeline"


def _entry(id_: str, service: str, seconds: float, sequence: int = 1, cause: str | None = None) -> Entry:
    at = AT + timedelta(seconds=seconds)
    return Entry(id_, service, f"{service}.thing.done.v1", "event", at, f"{service}-1", sequence, cause)


def _ids(entries: list[Entry]) -> list[str]:
    return [entry.id for entry in entries]


def test_time_orders_what_nothing_else_does() -> None:
    assert _ids(merge([_entry("b", "crm", 2), _entry("a", "sales", 1), _entry("c", "finance", 3)])) == [
        "a",
        "b",
        "c",
    ]


def test_an_effect_waits_for_its_cause_although_its_clock_is_behind() -> None:
    entries = [
        _entry("cause", "sales", 5),
        _entry("effect", "crm", 1, cause="cause"),
        _entry("other", "finance", 3),
    ]
    assert _ids(merge(entries)) == ["other", "cause", "effect"]


def test_a_service_that_set_its_clock_back_keeps_its_sequence() -> None:
    entries = [
        _entry("second", "sales", 1, 2),
        _entry("first", "sales", 9, 1),
        _entry("third", "sales", 5, 3),
    ]
    assert _ids(merge(entries)) == ["first", "second", "third"]


def test_a_cause_outside_the_story_and_a_message_told_twice_do_no_harm() -> None:
    entry = _entry("a", "sales", 1, cause="elsewhere")
    assert merge([entry, entry]) == [entry]


def test_a_ring_of_causes_loses_nobody() -> None:
    ring = [_entry("a", "sales", 2, cause="b"), _entry("b", "crm", 1, cause="a"), _entry("c", "finance", 0)]
    assert _ids(merge(ring)) == ["c", "b", "a"]


@st.composite
def _stories(draw: st.DrawFn) -> list[Entry]:
    entries: list[Entry] = []
    counts: dict[tuple[str, str], int] = {}
    for n in range(draw(st.integers(1, 25))):
        service = draw(st.sampled_from(["crm", "sales", "finance"]))
        aggregate = draw(st.sampled_from(["x", "y"]))
        counts[service, aggregate] = counts.get((service, aggregate), 0) + 1
        cause = draw(st.none() | st.sampled_from(entries)) if entries else None
        entries.append(
            Entry(
                f"m{n}", service, "a.b.c.v1", "event", AT + timedelta(seconds=draw(st.integers(0, 9))), aggregate,
                counts[service, aggregate], cause.id if cause else None,
            )
        )  # fmt: skip
    return draw(st.permutations(entries))


@given(_stories())
def test_whatever_the_clocks_say_the_story_can_have_happened(story: list[Entry]) -> None:
    merged = merge(story)
    places = {entry.id: place for place, entry in enumerate(merged)}
    assert sorted(places) == sorted(entry.id for entry in story)
    for entry in story:
        assert entry.cause is None or places[entry.cause] < places[entry.id]
        for other in story:
            if (other.service, other.aggregate) == (
                entry.service,
                entry.aggregate,
            ) and other.sequence < entry.sequence:
                assert places[other.id] < places[entry.id]
    assert merge(list(reversed(story))) == merged


@pytest.mark.parametrize(
    ("type_", "data", "sentence"),
    [
        (
            "sales.order.placed.v1",
            {"number": "O-1", "total": {"minor": 1234, "currency": "USD"}},
            "Order O-1 placed: 12.34 USD",
        ),
        ("sales.order.placed.v1", {"number": "O-1"}, "Sales order placed"),
        (
            "sales.order.placed.v1",
            {"number": "O-1", "total": {"minor": 1, "currency": "??"}},
            "Order O-1 placed: ?",
        ),
        ("crm.lead.went_cold.v2", {}, "Crm lead went cold"),
        ("odd", {}, "Odd"),
        ("inventory.release_stock.v1", {"reason": "{0.__class__}"}, "Stock to be released: {0.__class__}"),
    ],
)
def test_a_sentence_for_people(type_: str, data: dict[str, Any], sentence: str) -> None:
    assert summary(type_, data) == sentence


@event("finance.credit_hold.granted.v1", key="order_id")
@dataclass(frozen=True)
class Granted:
    order_id: str


def _placed(id_: str, sequence: int, at: str) -> dict[str, Any]:
    return {
        "id": id_, "type": "sales.order.placed.v1", "kind": "event", "recorded_at": at, "partition_key": ORDER,
        "sequence": sequence, "causation_id": None, "actor": "ann", "data": {"number": "O-1"},
    }  # fmt: skip


@pytest.fixture
def told(sqlite_databases: TestDatabases, clock: ManualClock) -> House:
    """Give a gateway whose finance is a real service edge; sales has recorded two events on two pages."""
    keys = SigningKeys.fresh(clock=clock)
    finance = sqlite_databases.make("finance", None, clock=clock)
    edge = create_service_app("finance", finance, [], keys=keys.verifier(), title="Finance")
    database = sqlite_databases.make("gateway", MIGRATIONS, clock=clock)
    house = build(database, clock, keys=keys, real={"finance": edge}, compose_deadline_s=2.0)
    order = {"id": ORDER, "number": "O-1", "state": "confirmed", "conversation_id": TALK}
    house.upstreams["sales"].replies[f"/api/v1/orders/{ORDER}"] = replying(200, order)
    pages = {
        "": {"items": [_placed("m1", 1, "2026-03-02T01:00:09Z")], "next_cursor": "n"},
        "n": {"items": [_placed("m2", 2, "2026-03-02T01:00:05Z")], "next_cursor": None},
    }
    events = "/api/v1/events"
    house.upstreams["sales"].replies[events] = lambda request: replying(
        200, pages[request.args.get("cursor", "")]
    )
    for name in ("crm", "inventory", "service_desk"):
        house.upstreams[name].replies[events] = replying(200, {"items": [], "next_cursor": None})
    finance.transact(lambda tx: publish(tx, Granted(ORDER), correlation_id=TALK, causation_id="m1"))
    finance.transact(lambda tx: publish(tx, Granted("another"), correlation_id="another"))
    return house


def test_the_story_is_told_by_every_service(told: House) -> None:
    answer = told.client("sales").get(PATH)
    assert answer.status_code == 200
    found = answer.json
    assert (found["number"], found["state"], found["conversation_id"]) == ("O-1", "confirmed", TALK)
    shown = [
        (entry["service"], entry["type"], entry["sequence"], entry["cause"]) for entry in found["entries"]
    ]
    assert shown == [
        ("sales", "sales.order.placed.v1", 1, None),
        ("finance", "finance.credit_hold.granted.v1", 1, "m1"),
        ("sales", "sales.order.placed.v1", 2, None),
    ]
    assert {part["status"] for part in found["sections"].values()} == {"ok"}
    assert told.upstreams["crm"].last.query == f"correlation_id={TALK}&limit=200"
    assert set(found["entries"][0]) >= {
        "at",
        "service",
        "type",
        "id",
        "cause",
        "sequence",
        "summary",
        "actor",
        "data",
    }


def test_a_service_that_is_down_is_named_as_missing(told: House) -> None:
    def broken(_request: Request) -> Response:
        raise OSError("down")

    told.upstreams["inventory"].replies["/api/v1/events"] = broken
    told.upstreams["crm"].replies["/api/v1/events"] = replying(500, {})
    found = told.client("sales").get(PATH).json
    assert len(found["entries"]) == 3
    assert found["sections"]["inventory"] == {
        "status": "unavailable",
        "since": "2026-03-02T01:00:00Z",
        "problem": {"code": "service_unreachable", "detail": "It cannot be reached."},
    }
    assert found["sections"]["crm"]["problem"]["code"] == "service_failed"


def _told_data(told: House, role: str, type_: str, data: dict[str, Any]) -> tuple[Any, str]:
    record = _placed("m1", 1, "2026-03-02T01:00:09Z") | {"type": type_, "data": data}
    told.upstreams["sales"].replies["/api/v1/events"] = replying(
        200, {"items": [record], "next_cursor": None}
    )
    client = told.client(role, username=f"{role}.{len(told.upstreams['sales'].asked)}")
    (shown,) = (each for each in client.get(PATH).json["entries"] if each["id"] == "m1")
    return shown["data"], shown["summary"]


COSTS = {"number": "D-1", "shipped_on": "2026-03-02", "lines": [{"sku": "A", "cost": {"minor": 5}}]}
CREDIT = {"amount": "9.00 USD", "exposure": "7.00 USD", "limit": "8.00 USD"}
MOVED = {"direction": "given", "other_order_id": "o", "other_order_number": "O-2", "reason": "swap"}


@pytest.mark.parametrize("role", ["sales", "warehouse", "service"])
def test_what_goods_cost_is_null_in_the_story_to_those_who_may_not_know(told: House, role: str) -> None:
    data, sentence = _told_data(told, role, "inventory.delivery.shipped.v1", COSTS)
    assert data == COSTS | {"lines": [{"sku": "A", "cost": None}]}
    assert sentence == "Delivery D-1 shipped on 2026-03-02"
    for type_ in ("inventory.stock.valued.v1", "inventory.purchase_order.received.v1"):
        data, _ = _told_data(told, role, type_, {"lines": [{"value": 1, "unit_price": 2, "quantity": 3}]})
        assert data == {"lines": [{"value": None, "unit_price": None, "quantity": 3}]}


@pytest.mark.parametrize("role", ["sales_manager", "finance", "admin"])
def test_the_story_tells_what_goods_cost_to_those_who_may_know(told: House, role: str) -> None:
    assert _told_data(told, role, "inventory.delivery.shipped.v1", COSTS)[0] == COSTS
    assert _told_data(told, role, "inventory.reservation.reallocated.v1", MOVED)[0] == MOVED


def test_a_customers_credit_is_null_to_the_warehouse_in_words_too(told: House) -> None:
    granted = "finance.credit_hold.granted.v1"
    data, sentence = _told_data(told, "warehouse", granted, CREDIT)
    assert data == {"amount": "9.00 USD", "exposure": None, "limit": None}
    assert sentence == "Finance credit hold granted"
    assert _told_data(told, "service", granted, CREDIT)[0] == CREDIT
    held = {"number": "O-1", "code": "credit", "figures": {"limit": "8.00 USD"}}
    assert _told_data(told, "warehouse", "sales.order.held.v1", held)[0]["figures"] is None
    gone = {"number": "O-1", "reason": "credit_refused", "detail": "limit 8.00 USD"}
    assert _told_data(told, "warehouse", "sales.order.cancelled.v1", gone)[0]["detail"] is None
    waits = held | {"code": "stock", "figures": {"missing": "3"}}
    assert _told_data(told, "warehouse", "sales.order.held.v1", waits)[0] == waits


def test_a_salesperson_does_not_learn_whose_order_the_stock_went_to(told: House) -> None:
    data, sentence = _told_data(told, "sales", "inventory.reservation.reallocated.v1", MOVED)
    assert (data["other_order_id"], data["other_order_number"], data["reason"]) == (None, None, "swap")
    assert "O-2" not in sentence


@pytest.mark.parametrize(("status", "told_status"), [(404, 404), (403, 403), (500, 503), (401, 503)])
def test_sales_decides_who_may_see_an_order(told: House, status: int, told_status: int) -> None:
    told.upstreams["sales"].replies[f"/api/v1/orders/{ORDER}"] = replying(status, {"code": "x"})
    assert told.client("sales").get(PATH).status_code == told_status
    assert not told.upstreams["crm"].asked


def test_the_order_is_asked_for_as_the_caller_and_the_records_as_the_gateway(told: House) -> None:
    client = told.client("sales")
    me = client.get("/api/v1/auth/me").json["id"]
    client.get(PATH)
    verifier = told.keys.verifier()
    asked = {
        seen.path: seen.headers["authorization"].removeprefix("Bearer ")
        for seen in told.upstreams["sales"].asked
    }
    assert verifier.verify(asked[f"/api/v1/orders/{ORDER}"], audience="sales").subject == me
    by_itself = verifier.verify(asked["/api/v1/events"], audience="sales")
    assert (by_itself.subject, by_itself.roles) == ("meridian-gateway", frozenset())
