"""No bad token opens anything, anywhere, and none is told why; guessing passwords gets slow and tells nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from libs.common.db import Database
from libs.common.web import TokenKeys
from meridian.topography import SERVICES
from meridian.wiring import PARTS
from tests.security.served import Served
from tests.security.shelf import PASSWORD, Shelf
from tests.security.tokens import Smith, bad_tokens
from tests.security.wire import Answer, Wire

ID = "00000000-0000-7000-8000-00000000dead"
GROUPS = (
    ("GET", "/api/v1/auth/me"),
    ("POST", "/api/v1/auth/password"),
    ("GET", "/api/v1/users"),
    ("DELETE", f"/api/v1/users/{ID}"),
    ("POST", "/api/v1/api-keys"),
    ("GET", "/api/v1/customers"),
    ("GET", f"/api/v1/customers/{ID}/360"),
    ("POST", "/api/v1/quotations"),
    ("GET", f"/api/v1/orders/{ID}/timeline"),
    ("POST", f"/api/v1/orders/{ID}/cancel"),
    ("GET", "/api/v1/stock"),
    ("POST", f"/api/v1/deliveries/{ID}/ship"),
    ("PUT", f"/api/v1/accounts/{ID}/credit-limit"),
    ("POST", f"/api/v1/tickets/{ID}/take"),
)
AT_A_SERVICE = {
    "crm": ("GET", "/api/v1/customers"),
    "sales": ("POST", "/api/v1/quotations"),
    "inventory": ("POST", "/api/v1/receipts"),
    "finance": ("GET", "/api/v1/trial-balance"),
    "service_desk": ("GET", "/api/v1/tickets"),
}


@pytest.fixture(scope="module")
def wire(target: Served) -> Iterator[Wire]:
    opened = Wire(target.url)
    yield opened
    opened.close()


def _told(problem: Any) -> tuple[Any, ...]:
    return (
        problem["status"],
        problem["code"],
        problem["title"],
        problem["detail"],
        json.dumps(problem["errors"]),
    )


def _send(wire: Wire, method: str, path: str, **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value.replace("\x00", "") for name, value in headers.items()}
    return wire.send(method, path, sent, None if method in ("GET", "DELETE") else b"{}")


def test_no_bad_token_opens_the_gateway(target: Served, wire: Wire) -> None:
    smith = Smith.of(target.system.target)
    assert _send(wire, "GET", "/api/v1/auth/me", Authorization=f"Bearer {smith.token()}").status == 200
    tokens = bad_tokens(smith)
    assert len(tokens) >= 40
    told = set()
    for kind, token in tokens.items():
        for method, path in GROUPS:
            answer = _send(wire, method, path, Authorization=f"Bearer {token}")
            assert answer.status == 401, f"{kind} at {method} {path}: {answer.status} {answer.body[:200]!r}"
            assert answer.headers["www-authenticate"] == 'Bearer realm="meridian"'
            told.add(_told(answer.json()))
    assert len(told) == 1, "the answers differ, so they tell something"


@pytest.fixture(scope="module")
def apps(target: Served) -> Iterator[dict[str, Flask]]:
    """Each service as it is behind the gateway, with the public keys that it has there."""
    databases = {name: Database("sqlite://", service=name) for name in SERVICES}
    keys = TokenKeys.from_file(target.system.target.token_keys)
    yield {name: PARTS[name].create_app(database, keys) for name, database in databases.items()}
    for database in databases.values():
        database.close()


@pytest.mark.parametrize("service", SERVICES)
def test_no_bad_token_opens_a_service(target: Served, apps: dict[str, Flask], service: str) -> None:
    smith = Smith.of(target.system.target, audience=service)
    tokens = bad_tokens(smith)
    tokens |= {"a user's, for the gateway": target.system["admin"]._bearer()}
    others = (name for name in SERVICES if name != service)
    tokens |= {f"for {name}": Smith.of(target.system.target, name).token() for name in others}
    method, path = AT_A_SERVICE[service]
    client = apps[service].test_client()
    told = set()
    for kind, token in tokens.items():
        answer = client.open(path, method=method, headers={"Authorization": f"Bearer {token}"}, json=None)
        assert answer.status_code == 401, f"{kind} at {service}: {answer.status_code}"
        told.add(_told(answer.json))
    assert len(told) == 1
    opened = client.open("/openapi.json", headers={"Authorization": f"Bearer {smith.token()}"})
    assert opened.status_code == 200


def test_a_services_token_is_nothing_at_the_gateway(target: Served, wire: Wire) -> None:
    for service in SERVICES:
        token = Smith.of(target.system.target, service).token()
        assert _send(wire, "GET", "/api/v1/users", Authorization=f"Bearer {token}").status == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "bearer",
        "Basic YWRtaW46YWRtaW4=",
        "Digest x",
        "Token x",
        "mk_x",
        "Bearer mk_",
        "Bearer a, Bearer b",
    ],
)
def test_other_ways_to_present_oneself_are_refused(wire: Wire, header: str) -> None:
    assert _send(wire, "GET", "/api/v1/users", Authorization=header).status == 401


@pytest.mark.parametrize(
    "key", ["", "mk_", "mk_" + "a" * 43, "mk_" + "a" * 5_000, "' OR 1=1 --", "mk_\u00e9", "mr_x"]
)
def test_a_bad_key_is_refused_beside_a_good_token_too(target: Served, wire: Wire, key: str) -> None:
    good = f"Bearer {target.system['admin']._bearer()}"
    if key:
        assert _send(wire, "GET", "/api/v1/users", X_API_Key=key, Authorization=good).status == 401
    assert _send(wire, "GET", "/api/v1/users", X_API_Key=key).status == 401


def test_an_ended_session_is_over(shelf: Shelf, wire: Wire) -> None:
    tokens = shelf.login(shelf.user["username"])
    used = shelf.post("admin", "/auth/refresh", {"refresh_token": tokens["refresh_token"]})
    assert _refresh(wire, tokens["refresh_token"]) == 401, "a refresh token serves once"
    assert _refresh(wire, used["refresh_token"]) == 401, "a token that came twice ends its session"
    again = shelf.login(shelf.user["username"])
    shelf.post("admin", "/auth/logout", {"refresh_token": again["refresh_token"]})
    assert _refresh(wire, again["refresh_token"]) == 401
    for token in (again["refresh_token"], again["refresh_token"].removeprefix("mr_")):
        assert _send(wire, "GET", "/api/v1/auth/me", Authorization=f"Bearer {token}").status == 401


def test_a_revoked_key_is_over(shelf: Shelf, wire: Wire) -> None:
    made = shelf.post("admin", "/api-keys", {"name": "Shop"})
    assert _send(wire, "GET", "/api/v1/auth/me", X_API_Key=made["key"]).status == 200
    admin = {"Authorization": f"Bearer {shelf.system['admin']._bearer()}"}
    assert wire.send("DELETE", f"/api/v1/api-keys/{made['id']}", admin).status == 204
    assert _send(wire, "GET", "/api/v1/auth/me", X_API_Key=made["key"]).status == 401


def _refresh(wire: Wire, token: str) -> int:
    body = json.dumps({"refresh_token": token}).encode()
    return wire.send("POST", "/api/v1/auth/refresh", {"Content-Type": "application/json"}, body).status


def _login(wire: Wire, username: str, password: str) -> Answer:
    body = json.dumps({"username": username, "password": password}).encode()
    return wire.send("POST", "/api/v1/auth/login", {"Content-Type": "application/json"}, body)


def test_guessing_gets_slow_for_known_and_unknown_names_alike(shelf: Shelf, wire: Wire) -> None:
    told = []
    for username in (shelf.fresh_user()["username"], "nobody-of-this-name"):
        answers = [_login(wire, username, f"wrong password {number}") for number in range(8)]
        assert [answer.status for answer in answers] == [401] * 5 + [429] * 3
        assert int(answers[-1].headers["retry-after"]) >= 1
        told.append([_told(answer.json())[:3] for answer in answers])
    assert told[0] == told[1]


def test_the_right_password_does_not_help_while_guessing_is_stopped(shelf: Shelf, wire: Wire) -> None:
    username = shelf.fresh_user()["username"]
    for number in range(5):
        _login(wire, username, f"wrong password {number}")
    assert _login(wire, username, PASSWORD).status == 429
    assert _login(wire, username.upper(), PASSWORD).status == 429


def test_an_unknown_name_costs_as_much_work_as_a_known_one(shelf: Shelf, wire: Wire) -> None:
    """A ratio of the best of four: without a hash to compare with, an unknown name would cost a tenth."""
    known, unknown = [], []
    for number in range(4):
        known.append(_login(wire, shelf.fresh_user()["username"], "wrong password").seconds)
        unknown.append(_login(wire, f"nobody-{number}", "wrong password").seconds)
    assert min(unknown) > min(known) / 4
