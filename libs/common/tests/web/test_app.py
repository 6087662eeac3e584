"""What every service's application does the same way: roles, health, metrics, headers, traces, history, OpenAPI."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate
from sqlalchemy import insert, text

from libs.common.db import Database
from libs.common.outbox import event_log, publish
from libs.common.testing.time import ManualClock
from libs.common.testing.web import ApiClient, api_client
from libs.common.tests.web.sample import PARCEL, ParcelSent, sample_app, sample_noun
from libs.common.web import (
    ANY,
    Noun,
    Principal,
    SigningKeys,
    Strict,
    create_service_app,
    document_of,
    drain,
    fields,
)
from libs.common.web.principal import GATEWAY

PATH = "/api/v1/parcels"
TRACE = "0af7651916cd43dd8448eb211c80319c"


def _anonymous(app: Flask) -> Any:
    return app.test_client()


@pytest.mark.parametrize(
    ("roles", "post", "patch", "drop", "look"),
    [
        (("sales",), 201, 412, 403, 200),
        (("warehouse",), 201, 403, 403, 200),
        (("finance",), 403, 403, 403, 200),
        (("admin",), 201, 412, 204, 200),
        (("sales", "finance"), 201, 412, 403, 200),
        ((), 403, 403, 403, 403),
        (("root",), 403, 403, 403, 403),
    ],
)
def test_roles(
    app: Flask, keys: SigningKeys, roles: tuple[str, ...], post: int, patch: int, drop: int, look: int
) -> None:
    client = api_client(app, keys, roles=roles)
    assert client.post(PATH, json={"weight": "1"}).status_code == post
    assert client.patch(f"{PATH}/{PARCEL}", headers={"If-Match": '"1"'}).status_code == patch
    assert client.delete(f"{PATH}/{PARCEL}").status_code == drop
    assert client.get(PATH).status_code == look


def test_the_body_of_a_stranger_is_not_even_read(app: Flask, keys: SigningKeys) -> None:
    assert api_client(app, keys, roles=("finance",)).post(PATH, data=b"{").status_code == 403
    assert _anonymous(app).post(PATH, data=b"{").status_code == 401


def test_a_public_route_needs_no_token(app: Flask) -> None:
    assert _anonymous(app).get(f"{PATH}/open").status_code == 200


def test_a_route_must_name_roles_that_exist() -> None:
    noun = Noun("things", "/things")
    for roles in ((), ("boss",), ("sales", "boss")):
        with pytest.raises(TypeError, match="names its roles"):
            noun.query("/", answer=Strict, roles=roles)(lambda connection: None)


@pytest.mark.parametrize(
    ("roles", "owner_only"),
    [
        (("sales",), True),
        (("sales", "sales_manager"), False),
        (("sales", "admin"), False),
        (("finance",), False),
    ],
)
def test_who_sees_only_what_is_theirs(
    app: Flask, keys: SigningKeys, roles: tuple[str, ...], owner_only: bool
) -> None:
    answer = api_client(app, keys, roles=roles, subject="s7", name="Ann").get(f"{PATH}/me")
    assert answer.json == {"subject": "s7", "name": "Ann", "owner_only": owner_only}


def test_principals_know_their_roles() -> None:
    assert Principal("a", "A", frozenset({"admin"})).has("finance")
    assert not Principal("a", "A", frozenset({"sales"})).has("finance")
    assert Principal(GATEWAY, "", frozenset()).is_gateway
    assert not Principal(GATEWAY, "", frozenset()).owner_only
    assert Principal("a", "A", frozenset({"sales", "guest"})).owner_only


def test_an_application_may_know_its_callers_otherwise(store: Database) -> None:
    class Out(Strict):
        name = fields.Text(max=10)

    noun = Noun("me", "/me")
    noun.query("/", answer=Out, roles=ANY)(lambda connection: {"name": "x"})
    known = Principal("u", "U", frozenset({"finance"}))
    app = create_service_app(
        "other", store, [noun], identify=lambda request: known, title="Other", with_messages=False
    )
    assert _anonymous(app).get("/me").json == {"name": "x"}
    with pytest.raises(TypeError, match="either"):
        create_service_app("other", store, [noun], title="Other")


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nope", 404), ("DELETE", PATH, 405), ("PUT", PATH, 405)]
)
def test_addresses_and_methods_that_are_not_there(
    client: ApiClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    if status == 405:
        assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_health_tells_life_and_readiness_and_leaving(app: Flask) -> None:
    client = _anonymous(app)
    assert client.get("/health/live").json == {"status": "alive", "service": "sample"}
    assert client.get("/health/ready").json["status"] == "ready"
    drain(app)
    leaving = client.get("/health/ready")
    assert (leaving.status_code, leaving.json["code"], leaving.headers["Connection"]) == (
        503,
        "draining",
        "close",
    )
    assert client.get("/health/live").status_code == 200
    assert client.get(f"{PATH}/open").status_code == 200


def test_not_ready_without_tables(keys: SigningKeys) -> None:
    app = sample_app(Database("sqlite://", service="sample"), keys)
    assert _anonymous(app).get("/health/ready").json["code"] == "database_unavailable"
    assert 'meridian_database_up{service="sample"} 0.0' in _anonymous(app).get("/metrics").text


def test_metrics_count_by_route_and_tell_the_outbox(
    app: Flask, client: ApiClient, clock: ManualClock
) -> None:
    for _ in range(2):
        client.post(PATH, json={"weight": "1"})
    client.get(f"{PATH}/{PARCEL}")
    client.get("/nope/1")
    client.open("/nope/1", method="BREW")
    clock.advance(timedelta(seconds=90))
    text = _anonymous(app).get("/metrics").text
    assert (
        f'meridian_http_requests_total{{method="POST",route="{PATH}",service="sample",status="201"}} 2.0'
        in text
    )
    assert f'route="{PATH}/<uuid:parcel_id>"' in text
    assert 'method="other",route="unmatched"' in text
    assert PARCEL not in text
    assert 'meridian_outbox_depth{service="sample"} 2.0' in text
    assert 'meridian_outbox_oldest_seconds{service="sample"} 90.0' in text
    assert "meridian_http_request_seconds_bucket" in text


def test_answers_carry_security_headers(client: ApiClient) -> None:
    for path, cache in ((PATH, "private, no-cache"), ("/nope", "no-store"), ("/health/live", "no-store")):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Cache-Control"] == cache


def test_the_callers_trace_is_continued_into_the_log_of_events(client: ApiClient, store: Database) -> None:
    answer = client.post(
        PATH, json={"weight": "1"}, headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    )
    assert answer.headers["traceparent"].split("-")[1] == TRACE
    assert answer.headers["traceparent"].split("-")[2] != "b7ad6b7169203331"
    envelope = store.read(lambda connection: connection.execute(event_log.select()).one().envelope)
    assert f'"traceparent":"{answer.headers["traceparent"]}"' in envelope
    assert '"actor":"00000000-0000-7000-8000-0000000000aa"' in envelope


@pytest.mark.parametrize(
    "header", [None, "", "garbage", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "x" * 5000]
)
def test_a_trace_begins_here_when_none_came(client: ApiClient, header: str | None) -> None:
    answer = client.get(PATH, headers={} if header is None else {"traceparent": header})
    assert answer.status_code == 200
    assert len(answer.headers["traceparent"]) == 55


def test_the_problem_names_the_trace(client: ApiClient) -> None:
    answer = client.get("/nope", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
    assert answer.json["request_id"] == TRACE


def test_two_requests_are_two_traces(client: ApiClient) -> None:
    assert len({client.get(PATH).headers["traceparent"].split("-")[1] for _ in range(3)}) == 3


def _say(database: Database, count: int, conversation: str) -> None:
    for number in range(count):
        database.transact(
            lambda tx, number=number: publish(
                tx, ParcelSent(PARCEL, str(number)), correlation_id=conversation
            )  # type: ignore[misc]
        )


def test_the_gateway_reads_a_conversation_in_order(database: Database, keys: SigningKeys) -> None:
    app = sample_app(database, keys)
    _say(database, 5, "one")
    _say(database, 2, "two")
    client = api_client(app, keys, roles=(), subject=GATEWAY)
    first = client.get("/api/v1/events?correlation_id=one&limit=3").json
    rest = client.get(f"/api/v1/events?correlation_id=one&limit=3&cursor={first['next_cursor']}").json
    rows = first["items"] + rest["items"]
    assert [row["sequence"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["data"]["weight"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert rest["next_cursor"] is None
    found = rows[0]
    assert (found["type"], found["kind"], found["source"]) == ("sample.parcel.sent.v1", "event", "sample")
    assert (found["time"], found["partition_key"], found["causation_id"]) == (
        "2026-03-02T01:00:00Z",
        PARCEL,
        None,
    )


def test_the_gateway_reads_what_is_new(database: Database, keys: SigningKeys) -> None:
    app = sample_app(database, keys)
    client = api_client(app, keys, roles=(), subject=GATEWAY)
    assert client.get("/api/v1/events").json["items"] == []
    _say(database, 3, "one")
    (last,) = client.get("/api/v1/events").json["items"]
    assert last["sequence"] == 3
    _say(database, 2, "two")
    new = client.get(f"/api/v1/events?since={last['seq']}").json["items"]
    assert [each["correlation_id"] for each in new] == ["two", "two"]
    assert client.get(f"/api/v1/events?since={new[-1]['seq']}").json["items"] == []


def test_nobody_else_reads_it(app: Flask, keys: SigningKeys) -> None:
    for roles in (("admin",), ("api_client",)):
        answer = api_client(app, keys, roles=roles).get("/api/v1/events?correlation_id=one")
        assert answer.status_code == 403


def test_a_database_that_is_gone_is_503(client: ApiClient, store: Database) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE number_series"))
    answer = client.post(PATH, json={"weight": "1"})
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert "number_series" not in answer.text


def test_a_collision_that_nobody_foresaw_is_409(store: Database) -> None:
    noun = Noun("twins", "/twins")
    row = {"partition_key": "x", "last_sequence": 1}

    @noun.command("POST", "/", roles=("admin",))
    def twice(tx: Any) -> None:
        from libs.common.outbox import event_stream

        for _ in range(2):
            tx.connection.execute(insert(event_stream).values(row))

    known = Principal("u", "U", frozenset({"admin"}))
    app = create_service_app("twins", store, [noun], identify=lambda request: known, title="Twins")
    answer = _anonymous(app).post("/twins")
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")
    assert "event_stream" not in answer.text


def test_the_document_is_valid_openapi_and_says_what_counts(app: Flask, client: ApiClient) -> None:
    document = client.get("/openapi.json").json
    validate(document)
    assert document == document_of(app)
    assert document["openapi"] == "3.1.0"
    send = document["paths"][PATH]["post"]
    assert send["x-roles"] == ["admin", "sales", "warehouse"]
    assert {"Idempotency-Key", "If-Match", "Prefer"} <= {entry["name"] for entry in send["parameters"]}
    assert {"201", "401", "403", "409", "422", "500"} <= send["responses"].keys()
    assert document["security"] == [{"bearer": []}]
    assert document["paths"][f"{PATH}/open"]["get"]["security"] == []
    schemas = document["components"]["schemas"]
    assert schemas["ParcelIn"]["additionalProperties"] is False
    assert schemas["ParcelIn"]["properties"]["lines"]["maxItems"] == 50
    assert schemas["ParcelIn"]["properties"]["value"]["properties"]["amount"]["type"] == "string"
    assert schemas["ParcelPage"]["properties"]["next_cursor"]["type"] == ["string", "null"]
    problem = document["components"]["responses"]["Problem422"]
    assert "application/problem+json" in problem["content"]


def test_each_operation_has_a_name_for_its_people(app: Flask) -> None:
    for path in document_of(app)["paths"].values():
        for operation in (entry for name, entry in path.items() if name != "parameters"):
            assert operation["summary"]
            assert operation["tags"]


def test_one_noun_serves_in_several_applications(store: Database, keys: SigningKeys) -> None:
    noun = sample_noun()
    apps = [
        create_service_app("sample", store, [noun], keys=keys.verifier(), title="Sample") for _ in range(2)
    ]
    for app in apps:
        assert api_client(app, keys).get(f"{PATH}/{PARCEL}").status_code == 200
    assert document_of(apps[0]) == document_of(apps[1])


def test_worker_processes_share_their_metrics(tmp_path: Path) -> None:
    script = (
        "import sys; from prometheus_client import Counter;"
        "from libs.common.observability import exposition, new_registry; registry = new_registry();"
        "Counter('parcels', 'Sent.', registry=registry).inc(int(sys.argv[1]));"
        "print(exposition(registry, shared_folder=sys.argv[2])[0].decode())"
    )
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    said = [
        subprocess.run(
            [sys.executable, "-c", script, count, str(tmp_path)],
            env=environment,
            check=True,
            capture_output=True,
        ).stdout.decode()
        for count in ("2", "3")
    ]
    assert "parcels_total 2.0" in said[0]
    assert "parcels_total 5.0" in said[1]
