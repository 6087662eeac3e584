"""One page from five services: each section stands for itself, and only crm may say that there is nobody."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from gateway.clients.section import Finding, Said, Silent, section
from gateway.customer360.compose import compose
from gateway.customer360.sections import SOURCES
from gateway.tests.conftest import House
from gateway.tests.upstream import replying
from libs.common.errors import NotFound

ID = "0198c1a2-0000-7000-8000-000000000001"
PATH = f"/api/v1/customers/{ID}/360"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ADDRESSES = {
    "crm": f"/api/v1/customers/{ID}/page",
    "sales": f"/api/v1/customers/{ID}/sales-summary",
    "inventory": f"/api/v1/customers/{ID}/delivery-summary",
    "finance": f"/api/v1/accounts/{ID}",
    "service_desk": f"/api/v1/customers/{ID}/service-summary",
}
OF_CRM = ("profile", "overview", "relationship", "recommendations")
NAMES = {name: source.service for name, source in SOURCES.items()}


@pytest.fixture
def full(house: House) -> House:
    for service, address in ADDRESSES.items():
        part = {"from": service}
        told = dict.fromkeys(OF_CRM, part) if service == "crm" else part
        house.upstreams[service].replies[address] = replying(200, told)
    return house


def _statuses(answer: Any) -> dict[str, str]:
    return {name: part["status"] for name, part in answer.json["sections"].items()}


@pytest.mark.parametrize(
    ("finding", "status", "code"),
    [
        (Said(200, {"a": 1}, AT), "ok", None),
        (Said(404, {"code": "not_found"}, AT), "ok", None),
        (Said(403, {"code": "forbidden", "detail": "No."}, AT), "denied", "forbidden"),
        (Said(401, None, AT), "denied", "http_401"),
        (Said(500, {"code": "internal"}, AT), "unavailable", "internal"),
        (Said(503, "busy", AT), "unavailable", "http_503"),
        (Said(422, ["odd"], AT), "unavailable", "http_422"),
        (Silent("service_slow", "Late.", AT), "unavailable", "service_slow"),
    ],
)
def test_what_a_service_said_makes_its_section(finding: Finding, status: str, code: str | None) -> None:
    part = section("sales", finding)
    assert (part.status, part.source, part.problem and part.problem["code"]) == (status, "sales", code)
    assert (part.data is not None) == (isinstance(finding, Said) and finding.status == 200)
    assert part.since == (AT if isinstance(finding, Silent) else None)


def test_only_crm_may_say_that_there_is_nobody() -> None:
    nobody, fine, silent = Said(404, None, AT), Said(200, {}, AT), Silent("x", "y", AT)
    with pytest.raises(NotFound):
        compose(NAMES, dict.fromkeys(NAMES, fine) | {"profile": nobody})
    parts = compose(NAMES, dict.fromkeys(NAMES, nobody) | {"profile": silent})
    assert {name: part.status for name, part in parts.items()} == dict.fromkeys(NAMES, "ok") | {
        "profile": "unavailable"
    }


def test_all_five_answer(full: House) -> None:
    answer = full.client("sales").get(PATH)
    assert (answer.status_code, answer.json["customer_id"]) == (200, ID)
    parts = answer.json["sections"]
    assert {name: part["data"]["from"] for name, part in parts.items()} == NAMES
    assert {part["as_of"] for part in parts.values()} == {"2026-03-02T01:00:00Z"}
    traces = {full.upstreams[service].last.headers["traceparent"].split("-")[1] for service in ADDRESSES}
    assert traces == {answer.headers["traceparent"].split("-")[1]}


def test_one_service_down_costs_its_section_only_and_since_when_is_told(full: House) -> None:
    client = full.client("sales")

    def broken(_request: Request) -> Response:
        raise OSError("down")

    full.upstreams["service_desk"].replies[ADDRESSES["service_desk"]] = broken
    answer = client.get(PATH)
    assert _statuses(answer) == dict.fromkeys(NAMES, "ok") | {"service": "unavailable"}
    part = answer.json["sections"]["service"]
    assert (part["since"], part["problem"]["code"], part["data"]) == (
        "2026-03-02T01:00:00Z",
        "service_unreachable",
        None,
    )
    full.clock.advance(datetime(2026, 3, 2, 1, 5, tzinfo=UTC) - AT)
    again = client.get(PATH).json["sections"]
    assert (again["service"]["since"], again["profile"]["as_of"]) == (
        "2026-03-02T01:00:00Z",
        "2026-03-02T01:05:00Z",
    )


def test_what_crm_keeps_from_a_role_is_marked_and_the_profile_is_shown(full: House) -> None:
    told = {"profile": {"name": "Harbor"}} | dict.fromkeys(OF_CRM[1:])
    full.upstreams["crm"].replies[ADDRESSES["crm"]] = replying(200, told)
    answer = full.client("warehouse").get(PATH)
    assert _statuses(answer) == dict.fromkeys(NAMES, "ok") | dict.fromkeys(OF_CRM[1:], "denied")
    assert answer.json["sections"]["overview"]["problem"]["code"] == "forbidden"


def test_every_service_is_asked_once(full: House) -> None:
    full.client("sales").get(PATH)
    assert {name: len(full.upstreams[name].asked) for name in ADDRESSES} == dict.fromkeys(ADDRESSES, 1)


def test_a_fault_of_crm_costs_its_sections_only(full: House) -> None:
    full.upstreams["crm"].replies[ADDRESSES["crm"]] = replying(500, {"code": "internal"})
    answer = full.client("sales").get(PATH)
    assert _statuses(answer) == dict.fromkeys(NAMES, "ok") | dict.fromkeys(OF_CRM, "unavailable")


def test_a_slow_service_is_not_waited_for(full: House) -> None:
    release = threading.Event()

    def slow(_request: Request) -> Response:
        release.wait(2)
        return replying(200, {})

    full.upstreams["finance"].replies[ADDRESSES["finance"]] = slow
    answer = full.client("sales").get(PATH)
    release.set()
    assert _statuses(answer) == dict.fromkeys(NAMES, "ok") | {"credit": "unavailable"}
    assert answer.json["sections"]["credit"]["problem"]["code"] == "service_slow"


def test_what_one_may_not_see_is_marked(full: House) -> None:
    full.upstreams["finance"].replies[ADDRESSES["finance"]] = replying(
        403, {"code": "forbidden", "detail": "No."}
    )
    assert _statuses(full.client("warehouse").get(PATH))["credit"] == "denied"


def test_an_answer_that_is_no_json_is_a_section_that_is_missing(full: House) -> None:
    full.upstreams["sales"].replies[ADDRESSES["sales"]] = Response("<html>", 200)
    assert full.client("sales").get(PATH).json["sections"]["sales"]["problem"]["code"] == "service_unreadable"


def test_unknown_customers_and_strangers(full: House) -> None:
    assert full.app.test_client().get(PATH).status_code == 401
    full.upstreams["crm"].replies.clear()
    assert full.client("sales").get(PATH).status_code == 404
