"""One page from five services: each section stands for itself, and only crm may say that there is nobody."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from gateway.clients.section import Finding, Said, Silent, section
from gateway.customer360.compose import compose
from gateway.customer360.sections import CALLS, OF_CRM, SOURCES
from gateway.customer360.split import split
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
PROFILE = f"/api/v1/customers/{ID}"
RELATIONSHIP = f"/api/v1/customers/{ID}/relationship-summary"
OVERVIEW = f"/api/v1/customers/{ID}/overview"
SUGGESTIONS = f"/api/v1/customers/{ID}/suggestions"
NAMES = {name: source.service for name, source in SOURCES.items()}


@pytest.fixture
def full(house: House) -> House:
    for service, address in ADDRESSES.items():
        house.upstreams[service].replies[address] = replying(200, {"from": service})
    of_crm = {key: {"from": "crm"} for key in OF_CRM}
    house.upstreams["crm"].replies[ADDRESSES["crm"]] = replying(200, of_crm)
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


def test_each_service_is_asked_once(full: House) -> None:
    assert {name: call.address(ID) for name, call in CALLS.items()} == {
        "customer": ADDRESSES["crm"],
        "sales": ADDRESSES["sales"],
        "deliveries": ADDRESSES["inventory"],
        "credit": ADDRESSES["finance"],
        "service": ADDRESSES["service_desk"],
    }
    assert full.client("sales").get(PATH).status_code == 200
    asked = {name: [each.path for each in upstream.asked] for name, upstream in full.upstreams.items()}
    assert asked == {name: [address] for name, address in ADDRESSES.items()}


def test_two_sections_of_one_service_stand_for_themselves(full: House) -> None:
    replies = full.upstreams["crm"].replies
    replies[ADDRESSES["crm"]] = replying(500, {"code": "internal"})
    for address in (PROFILE, OVERVIEW, SUGGESTIONS):
        replies[address] = replying(200, {"from": "crm"})
    replies[RELATIONSHIP] = replying(500, {"code": "internal"})
    answer = full.client("sales").get(PATH)
    assert _statuses(answer) == dict.fromkeys(NAMES, "ok") | {"relationship": "unavailable"}
    assert answer.json["sections"]["overview"]["data"] == {"from": "crm"}


@pytest.mark.parametrize("status", [403, 503])
def test_what_crm_says_of_the_whole_it_says_of_each_part(full: House, status: int) -> None:
    full.upstreams["crm"].replies[ADDRESSES["crm"]] = replying(status, {"code": "told", "detail": "So."})
    sections = full.client("sales").get(PATH).json["sections"]
    assert {sections[name]["problem"]["code"] for name in OF_CRM} == {"told"}
    assert len(full.upstreams["crm"].asked) == 1


def test_crm_down_costs_its_sections_and_no_other(full: House) -> None:
    def broken(_request: Request) -> Response:
        raise OSError("down")

    full.upstreams["crm"].replies[ADDRESSES["crm"]] = broken
    answer = full.client("sales").get(PATH)
    assert _statuses(answer) == dict.fromkeys(NAMES, "ok") | dict.fromkeys(OF_CRM, "unavailable")
    assert {answer.json["sections"][name]["since"] for name in OF_CRM} == {"2026-03-02T01:00:00Z"}


def test_a_part_that_crm_does_not_show_is_denied() -> None:
    parts = split(Said(200, {"profile": {"a": 1}, "overview": None}, AT), ("profile", "overview"))
    shown = {name: section("crm", said) for name, said in parts.items()}
    assert (shown["profile"].status, shown["profile"].data) == ("ok", {"a": 1})
    assert (shown["overview"].status, shown["overview"].as_of) == ("denied", AT)
    assert shown["overview"].problem == {"code": "forbidden", "detail": "Your role does not allow this."}


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


@pytest.mark.parametrize("told", [["odd"], {"profile": {"a": 1}}])
def test_a_part_that_is_not_there_is_missing_and_costs_no_other_section(full: House, told: Any) -> None:
    full.upstreams["crm"].replies[ADDRESSES["crm"]] = replying(200, told)
    sections = full.client("sales").get(PATH).json["sections"]
    missing = {name for name, part in sections.items() if part["status"] == "unavailable"}
    assert missing == set(OF_CRM) - (set(told) & {"profile"})
    assert {sections[name]["problem"]["code"] for name in missing} == {"service_unreadable"}
