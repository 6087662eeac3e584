"""One inbox from three services: what waits longest comes first, and a service that is down is named."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from gateway.inbox.gather import SOURCES
from gateway.inbox.merge import merge, part_of
from gateway.tests.conftest import House
from gateway.tests.upstream import replying

PATH = "/api/v1/inbox"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def an_approval(n: int, asked_at: str, document: str = "quotation") -> dict[str, Any]:
    return {
        "id": f"0198c1a2-0000-7000-8000-00000000000{n}",
        "document": document,
        "document_id": f"0198c1a2-0000-7000-8000-00000000001{n}",
        "number": f"N-{n}",
        "requested_by": "amy",
        "requested_at": asked_at,
        "version": 1,
        "said": {"total": {"amount": "1.00", "currency": "USD"}},
        "steps": [],
        "state": "waiting",
        "waits_for_you": True,
    }


def a_page(*approvals: dict[str, Any], more: str | None = None) -> dict[str, Any]:
    return {"items": list(approvals), "next_cursor": more}


@pytest.fixture
def full(house: House) -> House:
    told = {
        "sales": an_approval(1, "2026-03-02T03:00:00Z"),
        "finance": an_approval(2, "2026-03-02T01:00:00Z", "refund"),
        "inventory": an_approval(3, "2026-03-02T02:00:00Z", "stock_count"),
    }
    for service, address in SOURCES.items():
        house.upstreams[service].replies[address] = replying(200, a_page(told[service]))
    return house


def test_r3_2_what_waits_longest_comes_first_whoever_asks(full: House) -> None:
    answer = full.client("finance").get(PATH)
    assert answer.status_code == 200
    shown = [(each["source"], each["number"]) for each in answer.json["items"]]
    assert shown == [("finance", "N-2"), ("inventory", "N-3"), ("sales", "N-1")]
    first = answer.json["items"][0]
    assert first["address"] == f"/api/v1/finance-approvals/{first['id']}"
    assert first["facts"] == {"total": {"amount": "1.00", "currency": "USD"}}
    sections = answer.json["sections"]
    assert {name: (part["status"], part["count"]) for name, part in sections.items()} == dict.fromkeys(
        SOURCES, ("ok", 1)
    )
    for service in SOURCES:
        assert full.upstreams[service].last.query == "state=waiting&limit=100"


def test_each_service_is_asked_with_the_callers_own_token(full: House) -> None:
    client = full.client("finance", username="fay")
    client.get(PATH)
    tokens = {full.upstreams[service].last.headers["authorization"] for service in SOURCES}
    assert len(tokens) == 3, "a token for each"
    verifier = full.keys.verifier()
    for service in SOURCES:
        text = full.upstreams[service].last.headers["authorization"].removeprefix("Bearer ")
        assert verifier.verify(text, audience=service).roles == {"finance"}


def test_a_service_that_is_down_or_late_is_named_and_costs_its_part_only(full: House) -> None:
    def broken(_request: Request) -> Response:
        raise RuntimeError("down")

    held = threading.Event()

    def slow(_request: Request) -> Response:
        held.wait(2)
        return replying(200, a_page())

    full.upstreams["sales"].replies[SOURCES["sales"]] = broken
    full.upstreams["inventory"].replies[SOURCES["inventory"]] = slow
    answer = full.client("finance").get(PATH)
    held.set()
    assert [each["source"] for each in answer.json["items"]] == ["finance"]
    sections = answer.json["sections"]
    assert {name: part["status"] for name, part in sections.items()} == {
        "sales": "unavailable", "finance": "ok", "inventory": "unavailable",
    }  # fmt: skip
    assert sections["inventory"]["problem"]["code"] == "service_slow"
    assert sections["sales"]["since"] is not None


@pytest.mark.parametrize(
    ("status", "page", "wanted", "code"),
    [
        (200, a_page(), "ok", None),
        (403, {"code": "forbidden", "detail": "No."}, "denied", "forbidden"),
        (401, None, "denied", "http_401"),
        (500, "odd", "unavailable", "http_500"),
    ],
)
def test_what_a_service_said_makes_its_part(status: int, page: Any, wanted: str, code: str | None) -> None:
    part = part_of("sales", "/api/v1/approvals", status, page, AT)
    assert (part.status, part.problem and part.problem["code"]) == (wanted, code)


def test_more_than_a_page_is_said() -> None:
    early, late = an_approval(1, "2026-03-02T03:00:00Z"), an_approval(2, "2026-03-02T04:00:00Z")
    part = part_of("sales", "/a", 200, a_page(late, early, more="x"), AT)
    assert part.more
    found = merge({"sales": part})
    assert [each.approval["number"] for each in found.waiting] == ["N-1", "N-2"]


def test_nobody_is_told_without_a_token(full: House) -> None:
    assert full.app.test_client().get(PATH).status_code == 401
    assert full.client("sales").get(f"{PATH}?state=waiting").status_code == 422
