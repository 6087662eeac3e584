"""Commands: one transaction with the idempotency key, versions, waiting, and refusals that change nothing."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, Table, func, select

from libs.common.db import Database, forget_old_keys
from libs.common.db import database as transactions
from libs.common.db.idempotency import idempotency
from libs.common.outbox import event_log
from libs.common.testing.time import ManualClock
from libs.common.testing.web import ApiClient, api_client
from libs.common.tests.web.sample import PARCEL, sample_app, sent_so_far
from libs.common.web import SigningKeys, wait_for

PATH = "/api/v1/parcels"
BODY = {"weight": "2.5"}


def _key(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def _count(database: Database, table: Table) -> int:
    return database.read(
        lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one()
    )


def test_a_command_changes_publishes_and_answers(client: ApiClient, store: Database) -> None:
    answer = client.post(PATH, json=BODY)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"{PATH}/{answer.json['id']}"
    assert answer.headers["ETag"].startswith('"1-')
    assert answer.json["number"] == 1
    assert (_count(store, event_log), _count(store, idempotency)) == (1, 0)


def test_a_route_that_uses_its_body_up_runs_again_after_a_busy_database(
    client: ApiClient, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    real, failures = transactions._commit, [busy]

    def commit(connection: Connection) -> None:
        if failures:
            raise failures.pop()
        real(connection)

    monkeypatch.setattr(transactions, "_commit", commit)
    answer = client.post(PATH, json=BODY, headers=_key("once"))

    assert (answer.status_code, answer.json["number"], failures) == (201, 1, [])
    assert _count(store, event_log) == 1


def test_twenty_at_once_with_one_key_are_one_effect_and_one_answer(
    database: Database, keys: SigningKeys
) -> None:
    app = sample_app(database, keys)
    barrier = threading.Barrier(20)

    def send(_: int) -> tuple[int, str, str | None]:
        client = api_client(app, keys, roles=("sales",))
        barrier.wait()
        answer = client.post(PATH, json=BODY, headers=_key("same"))
        return answer.status_code, answer.get_data(as_text=True), answer.headers.get("Idempotency-Replayed")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert {(status, body) for status, body, _ in answers} == {answers[0][:2]}
    assert answers[0][0] == 201
    assert sorted(str(replayed) for _, _, replayed in answers) == ["None"] + ["true"] * 19
    assert database.read(sent_so_far) == 1
    assert _count(database, event_log) == 1


def test_the_race_bites_without_a_key(database: Database, keys: SigningKeys) -> None:
    app = sample_app(database, keys)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: api_client(app, keys).post(PATH, json=BODY), range(4)))
    assert database.read(sent_so_far) == 4


def test_another_request_with_the_same_key_is_refused(database: Database, keys: SigningKeys) -> None:
    client = api_client(sample_app(database, keys), keys)
    assert client.post(PATH, json=BODY, headers=_key("k")).status_code == 201
    for answer in (
        client.post(PATH, json={"weight": "3"}, headers=_key("k")),
        client.delete(f"{PATH}/{PARCEL}", headers=_key("k")),
    ):
        assert answer.status_code == 422
        assert answer.json["code"] == "idempotency_key_reused"
    assert database.read(sent_so_far) == 1


def test_the_same_key_for_the_same_act_on_another_document_is_refused(app: Flask, keys: SigningKeys) -> None:
    client = api_client(app, keys)
    assert client.delete(f"{PATH}/{PARCEL}", headers=_key("k")).status_code == 204
    answer = client.delete(f"{PATH}/{PARCEL.replace('1', '2')}", headers=_key("k"))
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")


def test_another_caller_may_use_the_same_key(app: Flask, keys: SigningKeys, store: Database) -> None:
    for subject in ("a", "b"):
        answer = api_client(app, keys, subject=subject).post(PATH, json=BODY, headers=_key("k"))
        assert answer.status_code == 201
        assert "Idempotency-Replayed" not in answer.headers
    assert store.read(sent_so_far) == 2


def test_a_refusal_stores_nothing_and_may_be_sent_again(database: Database, keys: SigningKeys) -> None:
    client = api_client(sample_app(database, keys), keys)
    for _ in range(2):
        answer = client.post(PATH, json={"weight": "31"}, headers=_key("k"))
        assert answer.status_code == 409
    assert (_count(database, idempotency), database.read(sent_so_far)) == (0, 0)
    assert client.post(PATH, json=BODY, headers=_key("k")).status_code == 201


def test_an_answer_without_content_is_replayed_too(app: Flask, keys: SigningKeys) -> None:
    client = api_client(app, keys)
    answers = [client.delete(f"{PATH}/{PARCEL}", headers=_key("k")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert answers[1].headers["Idempotency-Replayed"] == "true"


def test_a_replay_carries_the_headers_of_the_first_answer(client: ApiClient) -> None:
    first, second = (client.post(PATH, json=BODY, headers=_key("k")) for _ in range(2))
    assert (first.headers["ETag"], first.headers["Location"]) == (
        second.headers["ETag"],
        second.headers["Location"],
    )


@pytest.mark.parametrize("key", ["", " ", " k", "k ", "x" * 256, "ключ", "a\tb"])
def test_a_key_that_is_no_key_is_refused(client: ApiClient, key: str) -> None:
    answer = client.post(PATH, json=BODY, headers=_key(key))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "Idempotency-Key"


def test_keys_of_255_characters_pass(client: ApiClient) -> None:
    assert client.post(PATH, json=BODY, headers=_key("~" * 255)).status_code == 201


def test_old_keys_are_forgotten(
    client: ApiClient, store: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libs.common.db.idempotency.BATCH", 2)
    for name in ("a", "b", "c"):
        client.post(PATH, json=BODY, headers=_key(name))
    clock.advance(timedelta(days=29))
    client.post(PATH, json=BODY, headers=_key("young"))
    assert forget_old_keys(store) == 0
    clock.advance(timedelta(days=2))
    assert forget_old_keys(store) == 3
    assert client.post(PATH, json=BODY, headers=_key("young")).headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("tag", "status", "code"),
    [
        (None, 428, "precondition_required"),
        ('"2"', 412, "version_mismatch"),
        ('"2-0123456789abcdef"', 412, "version_mismatch"),
        ('W/"3"', 412, "version_mismatch"),
        ("3", 412, "version_mismatch"),
        ("*", 412, "version_mismatch"),
        ('"3", "4"', 412, "version_mismatch"),
        ('"99999999999999999999"', 412, "version_mismatch"),
        ('"３"', 412, "version_mismatch"),
    ],
)
def test_a_change_must_name_the_version_it_is_based_on(
    client: ApiClient, store: Database, tag: str | None, status: int, code: str
) -> None:
    headers = {} if tag is None else {"If-Match": tag.encode().decode("latin-1")}
    answer = client.patch(f"{PATH}/{PARCEL}", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert store.read(sent_so_far) == 0


def test_the_etag_that_was_read_is_the_one_that_is_sent_back(client: ApiClient) -> None:
    tag = client.get(f"{PATH}/{PARCEL}").headers["ETag"]
    changed = client.patch(f"{PATH}/{PARCEL}", headers={"If-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"].startswith('"4-')
    assert client.patch(f"{PATH}/{PARCEL}", headers={"If-Match": '"3"'}).status_code == 200


def test_prefer_wait_answers_with_what_happened_meanwhile(client: ApiClient, store: Database) -> None:
    first = client.post(PATH, json=BODY, headers={"Prefer": "respond-async, wait=0"})
    assert (first.json["state"], first.headers.get("Preference-Applied")) == ("packed", None)
    second = client.post(PATH, json=BODY, headers={"Prefer": "wait=5"} | _key("k"))
    assert (second.status_code, second.json["state"], second.json["number"]) == (201, "sent", 2)
    assert second.headers["Preference-Applied"] == "wait=5"
    assert second.headers["ETag"].startswith('"2-')
    again = client.post(PATH, json=BODY, headers={"Prefer": "wait=5"} | _key("k"))
    assert (again.json, again.headers["Idempotency-Replayed"]) == (second.json, "true")
    assert store.read(sent_so_far) == 2


def test_waiting_ends_when_it_holds_or_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("libs.common.web.waiting.time.monotonic", lambda: now[0])
    monkeypatch.setattr("libs.common.web.waiting.pause", lambda step: now.__setitem__(0, now[0] + step))
    assert wait_for(lambda: now[0] >= 3, 10) is True
    now[0] = 0.0
    assert wait_for(lambda: False, 1_000_000) is False
    assert now[0] == pytest.approx(30)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("invalid", 422, "invalid"),
        ("not_found", 404, "not_found"),
        ("forbidden", 403, "forbidden"),
        ("later", 409, "later"),
        ("currencies", 422, "currency_mismatch"),
        ("bug", 500, "internal"),
    ],
)
def test_each_kind_of_refusal_has_its_status(client: ApiClient, kind: str, status: int, code: str) -> None:
    answer = client.post(f"{PATH}/{PARCEL}/fail/{kind}")
    assert (answer.status_code, answer.json["code"], answer.json["status"]) == (status, code, status)
    assert answer.content_type == "application/problem+json"
    assert answer.json["title"]
    assert len(answer.json["request_id"]) == 32
    assert "secret" not in answer.text


def test_a_business_refusal_carries_its_figures(client: ApiClient) -> None:
    answer = client.post(PATH, json={"weight": "30.5"})
    assert answer.status_code == 409
    assert answer.json["code"] == "over_weight"
    assert answer.json["errors"] == [{"field": "weight", "message": "Too heavy.", "cure": "Send two."}]
    assert answer.json["limit"] == {"amount": "30.00", "currency": "USD"}
    assert answer.json["weight"] == "30.5"


def test_every_fault_of_a_body_is_named_at_once(client: ApiClient, store: Database) -> None:
    body = {
        "weight": "-1",
        "value": {"amount": "1.001", "currency": "USD"},
        "lines": [{"quantity": 1}],
        "role": "admin",
    }
    answer = client.post(PATH, json=body)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == {
        "weight", "value.amount", "lines.0.item_id", "role",
    }  # fmt: skip
    assert store.read(sent_so_far) == 0
