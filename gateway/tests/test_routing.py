"""The table of addresses, and what passes through: as it came, with a token of its own, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from gateway.api.documents import read_contracts
from gateway.clients.breaker import FAILURES
from gateway.clients.routing import BASE, ROUTES, route_of
from gateway.clients.transport import Answer, Call, TooSlow, Unreachable
from gateway.settings import SERVICES, GatewaySettings
from gateway.tests.conftest import Client, House, build, minutes
from gateway.tests.upstream import replying
from libs.common.testing import ManualClock
from libs.common.web import TokenKeys
from libs.common.web.principal import GATEWAY

ID = "0198c1a2-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("customers", "crm"),
        (f"customers/{ID}/contacts", "crm"),
        (f"customers/{ID}/sales-summary", "sales"),
        (f"customers/{ID}/delivery-summary", "inventory"),
        (f"customers/{ID}/service-summary", "service_desk"),
        (f"orders/{ID}/cancel", "sales"),
        ("order-revenue", "sales"),
        ("stock", "inventory"),
        ("stock-moves", "inventory"),
        ("stock-adjustments", "inventory"),
        ("suppliers", "inventory"),
        (f"accounts/{ID}/credit-limit", "finance"),
        (f"tickets/{ID}/resolve", "service_desk"),
        ("company-profile", "sales"),
        (f"public/quotations/{ID}/accept", "sales"),
        (f"public/tickets/{ID}/messages", "service_desk"),
        ("satisfaction", "service_desk"),
        ("public", None),
        ("public/orders", None),
        ("events", None),
        ("stockings", None),
        ("customersx", None),
        ("", None),
        ("customers/", None),
        ("customers//x", None),
        ("customers/../../metrics", None),
        ("customers/./x", None),
        ("customers/..\\x", None),
    ],
)
def test_each_address_is_one_services_or_nobodys(path: str, service: str | None) -> None:
    found = route_of(path)
    assert (found.service if found else None) == service


def test_every_route_names_a_service_and_roles() -> None:
    assert {route.service for route in ROUTES} == set(SERVICES)
    assert all(route.roles or route.is_open for route in ROUTES)
    assert [route.prefix for route in ROUTES if route.is_open] == [
        "/public/web-forms",
        "/public/calendars",
        "/public/quotations",
        "/public/tickets",
    ]
    assert len({route.prefix for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("service", SERVICES)
def test_every_documented_address_of_a_service_can_be_reached(service: str) -> None:
    paths = read_contracts(GatewaySettings().contracts_folder, [service])[service]["paths"]
    found = {path: route_of(path.removeprefix(f"{BASE}/")) for path in paths if path != f"{BASE}/events"}
    assert {path: route.service if route else None for path, route in found.items()} == dict.fromkeys(
        found, service
    )


def _claims(house: House, token: str, audience: str) -> Any:
    return TokenKeys(house.keys.public(), clock=house.clock).verify(
        token.removeprefix("Bearer "), audience=audience
    )


def test_a_request_is_passed_on_as_it_came(house: House) -> None:
    client = house.client("sales")
    sales = house.upstreams["sales"]
    sales.replies[f"/api/v1/quotations/{ID}/accept"] = replying(
        201,
        {"id": "x"},
        ETag='"1-ab"',
        Location="/api/v1/orders/x",
        Preference_Applied="wait=5",
        X_Secret="inside",
    )
    body = b'{"ordered_on": "2026-03-02",  "odd": 1.50}'
    answer = client.post(
        f"/api/v1/quotations/{ID}/accept?b=2&a=%C3%BC",
        data=body,
        headers={
            "Content-Type": "application/json",
            "Idempotency-Key": "k1",
            "If-Match": '"7"',
            "If-None-Match": '"x"',
            "Prefer": "wait=5",
            "X-Forwarded-For": "6.6.6.6",
            "Cookie": "a=b",
            "Connection": "close",
            "X-Roles": "admin",
        },
    )
    assert (answer.status_code, answer.json) == (201, {"id": "x"})
    assert (answer.headers["ETag"], answer.headers["Location"]) == ('"1-ab"', "/api/v1/orders/x")
    assert answer.headers["Preference-Applied"] == "wait=5"
    assert answer.headers["Meridian-Service"] == "sales"
    assert "X-Secret" not in answer.headers
    seen = sales.last
    assert (seen.method, seen.path, seen.query, seen.body) == (
        "POST",
        f"/api/v1/quotations/{ID}/accept",
        "b=2&a=%C3%BC",
        body,
    )
    for name, text in {
        "idempotency-key": "k1",
        "if-match": '"7"',
        "if-none-match": '"x"',
        "prefer": "wait=5",
    }.items():
        assert seen.headers[name] == text
    assert not {"x-forwarded-for", "cookie", "connection", "x-roles"} & set(seen.headers)
    assert seen.headers["traceparent"].split("-")[1] == answer.headers["traceparent"].split("-")[1]


def test_the_service_learns_who_asks_by_a_short_token_for_itself_alone(house: House) -> None:
    user_id = house.add("ann", "sales", "finance", name="Ann Lee")
    client = Client(house.app.test_client(), house.login("ann").json["access_token"])
    client.get(f"/api/v1/accounts/{ID}")
    token = house.upstreams["finance"].last.headers["authorization"]
    claims = _claims(house, token, "finance")
    assert (claims.subject, claims.name, claims.roles) == (user_id, "Ann Lee", {"sales", "finance"})
    assert (claims.expires_at - claims.issued_at).total_seconds() <= 60
    assert token.removeprefix("Bearer ") != client.token


def test_problems_pass_through_untouched(house: House) -> None:
    problem = {"code": "credit_exceeded", "status": 409, "detail": "No."}
    house.upstreams["sales"].replies["/api/v1/orders"] = replying(409, problem)
    answer = house.client("sales").get("/api/v1/orders")
    assert (answer.status_code, answer.json, answer.mimetype) == (409, problem, "application/problem+json")


def test_nothing_passes_without_a_token_or_to_nobodys_address(house: House) -> None:
    assert house.app.test_client().get("/api/v1/orders").status_code == 401
    client = house.client("admin")
    for path in (
        "/api/v1/events?correlation_id=x",
        "/api/v1/customers/%2e%2e/%2e%2e/metrics",
        "/api/v1/orders//x",
    ):
        assert client.get(path).status_code == 404
    assert all(not upstream.asked for upstream in house.upstreams.values())


def test_a_visitor_needs_no_token_and_cannot_say_from_where_he_comes(house: House) -> None:
    path = f"/api/v1/public/quotations/{ID}/accept"
    house.upstreams["sales"].replies[path] = replying(200, {"state": "accepted"})
    forged = {"Meridian-Caller-Address": "6.6.6.6", "X-Forwarded-For": "6.6.6.6", "User-Agent": "Firefox"}
    answer = house.app.test_client().post(
        path, json={"name": "Ann"}, headers=forged | {"Authorization": "Bearer x"}
    )
    assert (answer.status_code, answer.json) == (200, {"state": "accepted"})
    seen = house.upstreams["sales"].last
    assert (seen.headers["meridian-caller-address"], seen.headers["user-agent"]) == ("127.0.0.1", "Firefox")
    claims = _claims(house, seen.headers["authorization"], "sales")
    assert (claims.subject, claims.roles) == (GATEWAY, frozenset())
    house.client("sales").get("/api/v1/orders", headers=forged)
    assert not {"meridian-caller-address", "x-forwarded-for"} & set(house.upstreams["sales"].last.headers)


def test_a_body_over_the_limit_is_not_passed_on(house: House) -> None:
    answer = house.client("sales").post("/api/v1/quotations", data=b"x" * (1024 * 1024 + 1))
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert not house.upstreams["sales"].asked


@pytest.mark.parametrize("query", ["a=%ff", "a=%zz", "x=" + "y" * 9000])
def test_a_broken_query_is_not_passed_on(house: House, query: str) -> None:
    assert house.client("sales").get(f"/api/v1/orders?{query}").status_code in (400, 414)
    assert not house.upstreams["sales"].asked


def test_a_service_that_distrusts_the_gateway_does_not_log_the_caller_out(house: House) -> None:
    house.upstreams["sales"].replies["/api/v1/orders"] = replying(401, {"code": "unauthorized"})
    answer = house.client("sales").get("/api/v1/orders")
    assert (answer.status_code, answer.json["code"], answer.json["service"]) == (
        503,
        "service_distrusts",
        "sales",
    )


class Scripted:
    """A transport that fails or answers by a script."""

    def __init__(self, *script: Exception | Answer) -> None:
        self.script = list(script)
        self.calls: list[Call] = []

    def send(self, service: str, call: Call) -> Answer:
        self.calls.append(call)
        step = self.script.pop(0) if self.script else Answer(200, {"content-type": "application/json"}, b"{}")
        if isinstance(step, Exception):
            raise step
        return step


def _scripted(house: House, clock: ManualClock, *script: Exception | Answer) -> tuple[Client, Scripted]:
    transport = Scripted(*script)
    return build(house.database, clock, transport).client("sales"), transport


def test_a_service_that_is_down_is_named_with_when_to_try_again(house: House, clock: ManualClock) -> None:
    client, _ = _scripted(house, clock, Unreachable("a"), Unreachable("b"))
    answer = client.get("/api/v1/orders")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert (answer.json["code"], answer.json["service"]) == ("service_unreachable", "sales")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("method", "headers", "calls"),
    [
        ("get", {}, 2),
        ("post", {}, 1),
        ("patch", {}, 1),
        ("delete", {}, 1),
        ("post", {"Idempotency-Key": "k"}, 2),
    ],
)
def test_only_what_can_do_no_harm_is_tried_again(
    house: House, clock: ManualClock, method: str, headers: dict[str, str], calls: int
) -> None:
    client, transport = _scripted(house, clock, Unreachable("broken off"))
    answer = getattr(client, method)("/api/v1/orders", headers=headers)
    assert answer.status_code == (200 if calls == 2 else 503)
    assert len(transport.calls) == calls


def test_a_slow_call_is_not_tried_again(house: House, clock: ManualClock) -> None:
    client, transport = _scripted(house, clock, TooSlow("slow"))
    answer = client.get("/api/v1/orders")
    assert (answer.status_code, answer.json["code"], len(transport.calls)) == (503, "service_slow", 1)


def test_the_deadline_grows_with_what_the_caller_would_wait(house: House, clock: ManualClock) -> None:
    client, transport = _scripted(house, clock)
    client.get("/api/v1/orders")
    client.get("/api/v1/orders", headers={"Prefer": "wait=12"})
    client.get("/api/v1/orders", headers={"Prefer": "wait=9999"})
    assert [call.deadline_s for call in transport.calls] == [10, 22, 40]


def test_a_service_that_keeps_failing_is_left_alone_then_probed(house: House, clock: ManualClock) -> None:
    client, transport = _scripted(house, clock, *[TooSlow("slow")] * FAILURES)
    for _ in range(FAILURES):
        assert client.get("/api/v1/orders").json["code"] == "service_slow"
    resting = client.get("/api/v1/orders")
    assert (resting.json["code"], resting.headers["Retry-After"]) == ("service_resting", "5")
    assert client.get("/api/v1/customers").status_code == 200
    assert len(transport.calls) == FAILURES + 1
    clock.advance(minutes(0.1))
    assert client.get("/api/v1/orders").status_code == 200
    assert client.get("/api/v1/orders").status_code == 200


def test_an_overloaded_service_is_left_alone_too(house: House, clock: ManualClock) -> None:
    busy = Answer(
        503, {"content-type": "application/problem+json"}, json.dumps({"code": "unavailable"}).encode()
    )
    client, _ = _scripted(house, clock, *[busy] * FAILURES)
    assert {client.get("/api/v1/orders").json["code"] for _ in range(FAILURES)} == {"unavailable"}
    assert client.get("/api/v1/orders").json["code"] == "service_resting"


def test_head_and_not_modified_have_no_body(house: House) -> None:
    def unchanged(request: Request) -> Response:
        return (
            Response(status=304, headers={"ETag": '"1-a"'})
            if "If-None-Match" in request.headers
            else replying(200, {})
        )

    house.upstreams["sales"].replies["/api/v1/orders"] = unchanged
    client = house.client("sales")
    answer = client.get("/api/v1/orders", headers={"If-None-Match": '"1-a"'})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", '"1-a"')
    assert (client.head("/api/v1/orders").status_code, house.upstreams["sales"].last.method) == (200, "HEAD")
