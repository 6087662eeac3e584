"""Bad input gets the right 4xx as problem+json that names the field and the cure, and changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import MetaData, func, select

from libs.common.clock import SystemClock
from libs.common.web import SigningKeys
from meridian.demo.gateway import Person
from tests.e2e.systems import System
from tests.e2e.world import World, usd

UNKNOWN_ID = "00000000-0000-7000-8000-00000000dead"
QUIET = {
    "outbox",
    "inbox",
    "relay_lease",
    "job_lease",
    "login_attempt",
    "login_throttle",
    "session",
    "refresh_token",
}


def _rows(system: System) -> dict[str, int]:
    """Return how many rows each business table has, in every store."""
    counts: dict[str, int] = {}
    with system.target.opened() as databases:
        for store, database in databases.items():
            metadata = MetaData()
            metadata.reflect(database.engine)
            with database.reading() as connection:
                for table in metadata.tables.values():
                    if table.name not in QUIET and not table.name.startswith("event_log_"):
                        query = select(func.count()).select_from(table)
                        counts[f"{store}.{table.name}"] = connection.execute(query).scalar_one()
    return counts


def _send(person: Person, method: str, path: str, body: bytes | None, **headers: str) -> tuple[int, Any, str]:
    gateway = person._gateway
    # A server may close the connection of a body that it did not read to the end, so none is used twice.
    sent = {
        "Authorization": f"Bearer {person._bearer()}",
        "Content-Type": "application/json",
        "Connection": "close",
    } | headers
    answer = gateway.pool.request(method, f"{gateway.base_url}/api/v1{path}", body=body, headers=sent)
    return (
        answer.status,
        json.loads(answer.data) if answer.data else None,
        answer.headers.get("Content-Type", ""),
    )


def _line(**change: Any) -> dict[str, Any]:
    return {"item_id": "ITEM", "quantity": "1"} | change


QUANTITIES = (
    "0",
    "-1",
    "-0",
    "NaN",
    "1e3",
    "1e1000000",
    "1.5",
    "1_000",
    "\uff11\uff12",
    " 1",
    "",
    None,
    True,
    1.5,
    [],
    {},
)
PERCENTS = ("100.01", "-1", "NaN", "5.555", "1e1", 5.5)
PRICES = (
    usd("-0.01"),
    usd("NaN"),
    usd("1.00001"),
    {"amount": "1", "currency": "ZZZ"},
    {"amount": 1.5, "currency": "USD"},
    "1.00",
)
DAYS = ("2026-02-30", "0000-01-01", "9999-12-31", "yesterday", 20260302)


def _body(**change: Any) -> dict[str, Any]:
    return {"customer_id": "CUSTOMER", "lines": [_line()]} | change


# What is sent, and the field that the answer must name.
BODIES: list[Any] = [
    pytest.param(_body(is_admin=True), "is_admin", id="unknown field"),
    pytest.param(_body(lines="no list"), "lines", id="wrong type"),
    pytest.param({"customer_id": "CUSTOMER"}, "lines", id="missing"),
    pytest.param(_body(lines=[]), "lines", id="no lines"),
    pytest.param(_body(customer_id=UNKNOWN_ID), "customer_id", id="unknown customer"),
    pytest.param(_body(customer_id="1 OR 1=1"), "customer_id", id="no id at all"),
    pytest.param(_body(customer_id="OTHERS"), "customer_id", id="another's customer"),
    pytest.param(_body(lines=[_line(item_id=UNKNOWN_ID)]), "item_id", id="unknown item"),
    *(
        pytest.param(_body(lines=[_line(quantity=bad)]), "quantity", id=f"quantity {bad!r}")
        for bad in QUANTITIES
    ),
    *(
        pytest.param(_body(lines=[_line(discount_percent=bad)]), "discount", id=f"discount {bad!r}")
        for bad in PERCENTS
    ),
    *(
        pytest.param(_body(lines=[_line(unit_price=bad)]), "unit_price", id=f"price {bad!r}")
        for bad in PRICES
    ),
    *(pytest.param(_body(issued_on=bad), "issued_on", id=f"day {bad!r}") for bad in DAYS),
]


def _fill(body: Any, names: dict[str, str]) -> bytes:
    text = json.dumps(body, ensure_ascii=False)
    for name, value in names.items():
        text = text.replace(f'"{name}"', f'"{value}"')
    return text.encode()


def _assert_problem(answer: tuple[int, Any, str], status: int, field: str | None = None) -> None:
    got, problem, content_type = answer
    assert got == status, problem
    assert content_type.startswith("application/problem+json")
    assert problem["status"] == status
    assert problem["code"]
    if field is not None:
        named = [error for error in problem["errors"] if field in error["field"]]
        assert named, problem
        assert all(error["message"] and error["cure"] for error in named), problem


@pytest.fixture(scope="module")
def names(system: System) -> dict[str, str]:
    world = World(system)
    return {
        "CUSTOMER": world.customer()["id"],
        "OTHERS": world.customer(owner="ned")["id"],
        "ITEM": world.item(stock="50")["id"],
    }


@pytest.mark.parametrize(("body", "field"), BODIES)
def test_a_bad_quotation_is_refused_by_name(
    system: System, names: dict[str, str], body: Any, field: str
) -> None:
    _assert_problem(_send(system["sam"], "POST", "/quotations", _fill(body, names)), 422, field)


def test_a_long_list_of_bad_quotations_left_nothing(system: System, names: dict[str, str]) -> None:
    before = _rows(system)
    for parameters in BODIES:
        body = parameters.values[0]
        answer = _send(system["sam"], "POST", "/quotations", _fill(body, names), **{"Idempotency-Key": "bad"})
        assert 400 <= answer[0] < 500
    assert _rows(system) == before


RAW: list[Any] = [
    pytest.param(b'{"customer_id":"a","customer_id":"b"}', 400, id="duplicate key"),
    pytest.param(b"[" * 1000 + b"]" * 1000, 400, id="1,000 deep"),
    pytest.param(b'{"lines":' + b'{"a":' * 1000 + b"1" + b"}" * 1000 + b"}", 400, id="1,000 deep objects"),
    pytest.param(b'{"a":"' + b"x" * (1024 * 1024 + 1) + b'"}', 413, id="over 1 MiB"),
    pytest.param(b'{"a": NaN}', 400, id="NaN constant"),
    pytest.param(b'{"a": Infinity}', 400, id="Infinity constant"),
    pytest.param(b'{"a": "\xff"}', 400, id="not UTF-8"),
    pytest.param(b'{"a": ', 400, id="cut off"),
    pytest.param(b"", 400, id="empty"),
    pytest.param(b"[]", 422, id="a list"),
]


@pytest.mark.parametrize(("raw", "status"), RAW)
def test_bytes_that_are_no_proper_json_are_refused(system: System, raw: bytes, status: int) -> None:
    _assert_problem(_send(system["sam"], "POST", "/quotations", raw), status)


def test_another_content_type_is_refused(system: System) -> None:
    answer = _send(system["sam"], "POST", "/quotations", b"<a/>", **{"Content-Type": "application/xml"})
    _assert_problem(answer, 415)


def test_text_with_a_nul_is_refused_on_both_engines(system: System) -> None:
    for name in ("a\u0000b", "a\ud800b", "a\u0007b"):
        _assert_problem(
            _send(system["sam"], "POST", "/customers", json.dumps({"name": name}).encode()), 422, "name"
        )


@pytest.mark.parametrize("path", ["/orders/{}", "/customers/{}", "/customers/{}/360", "/orders/{}/timeline"])
def test_an_unknown_id_is_not_found(system: System, path: str) -> None:
    _assert_problem(_send(system["sam"], "GET", path.format(UNKNOWN_ID), None), 404)


def test_an_unknown_path_and_method_are_refused(system: System) -> None:
    _assert_problem(_send(system["sam"], "GET", "/nothing/here", None), 404)
    _assert_problem(_send(system["sam"], "DELETE", "/orders", None), 405)


def test_a_stale_version_is_refused(system: System, names: dict[str, str]) -> None:
    path = f"/customers/{names['CUSTOMER']}"
    body = json.dumps({"city": "Shanghai"}).encode()
    _assert_problem(_send(system["sam"], "PATCH", path, body), 428)
    _assert_problem(_send(system["sam"], "PATCH", path, body, **{"If-Match": '"99"'}), 412)


def test_the_same_key_with_another_body_is_refused(system: System, names: dict[str, str]) -> None:
    world = World(system)
    key = {"Idempotency-Key": world.name("twice")}
    assert _send(system["sam"], "POST", "/customers", b'{"name":"One"}', **key)[0] == 201
    _assert_problem(_send(system["sam"], "POST", "/customers", b'{"name":"Two"}', **key), 422)


def test_a_role_that_may_not_is_told_so(system: System, names: dict[str, str]) -> None:
    _assert_problem(_send(system["wim"], "POST", "/quotations", _fill({"lines": []}, names)), 403)
    _assert_problem(_send(system["sam"], "GET", "/users", None), 403)
    body = json.dumps({"limit": usd("1.00")}).encode()
    _assert_problem(_send(system["sam"], "PUT", f"/accounts/{names['CUSTOMER']}/credit-limit", body), 403)


def _forged(system: System) -> dict[str, str]:
    stranger = SigningKeys.fresh()
    good = system["sam"]._bearer()
    head, claims, signature = good.split(".")
    moment = SystemClock().now()
    return {
        "nothing": "",
        "no token": "Bearer ",
        "not a token": "Bearer abc",
        "another issuer's key": "Bearer "
        + stranger.sign(audience="meridian-gateway", subject="x", name="x", roles=("admin",)),
        "cut signature": f"Bearer {head}.{claims}.{signature[:-4]}",
        "no algorithm": f"Bearer eyJhbGciOiJub25lIn0.{claims}.",
        "basic": "Basic YWRtaW46YWRtaW4=",
        "long": "Bearer " + "a" * 7000 + str(moment.year),
    }


def test_a_forged_token_is_refused_without_saying_why(system: System) -> None:
    bodies = set()
    for kind, value in _forged(system).items():
        answer = _send(system["sam"], "GET", "/customers", None, Authorization=value)
        _assert_problem(answer, 401)
        bodies.add((answer[1]["title"], answer[1]["code"], answer[1].get("detail")))
        assert kind
    assert len(bodies) == 1


def test_a_wrong_password_and_an_unknown_user_look_the_same(system: System) -> None:
    answers = []
    for username in ("sam", "nobody-here"):
        body = json.dumps({"username": username, "password": "wrong-password-1"}).encode()
        status, problem, _ = _send(system["sam"], "POST", "/auth/login", body)
        answers.append((status, problem["code"], problem.get("detail")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 401
