"""What administrators do about parked messages over HTTP."""

from __future__ import annotations

import pytest
from flask import Flask

from libs.common.db import Database
from libs.common.inbox import Receipt, Receiver, Subscriptions, dead
from libs.common.testing.plugin import MakeDatabase
from libs.common.testing.web import ApiClient, api_client
from libs.common.tests.inbox.test_receiver import sale
from libs.common.tests.messaging import sample
from libs.common.tests.web.sample import sample_app
from libs.common.web import SigningKeys

PATH = "/api/v1/parked-messages/sample"
NOBODY = "00000000-0000-7000-8000-00000000dead"


@pytest.fixture
def store(make_database: MakeDatabase) -> Database:
    return sample.create_effects(make_database("room"))


@pytest.fixture
def receiver(store: Database) -> Receiver:
    receiver = Receiver(store, sample.Room().subscriptions())
    receiver.receive([sale("a", 1, data={"sale_id": "a", "n": "one"}), sale("a", 2), sale("b", 1)])
    return receiver


@pytest.fixture
def admin(store: Database, keys: SigningKeys) -> ApiClient:
    return api_client(sample_app(store, keys), keys, roles=("admin",), subject="ann")


def test_parked_messages_are_listed_with_their_reason(receiver: Receiver, admin: ApiClient) -> None:
    first, second = admin.get(PATH).json["items"]
    assert (first["event_id"], first["state"], first["reason"]) == ("a-1", "dead", "unreadable")
    assert first["error"] == "n must be int, not str"
    assert (second["event_id"], second["state"], second["reason"]) == ("a-2", "retry", "behind")
    assert [each["event_id"] for each in admin.get(f"{PATH}?state=dead").json["items"]] == ["a-1"]
    page = admin.get(f"{PATH}?limit=1").json
    rest = admin.get(f"{PATH}?limit=1&cursor={page['next_cursor']}").json
    assert [each["event_id"] for each in (*page["items"], *rest["items"])] == ["a-1", "a-2"]
    assert "envelope" not in first
    assert '"n":"one"' in admin.get(f"{PATH}/{first['id']}").json["envelope"].replace(" ", "")


def test_a_mended_service_takes_what_is_sent_again(
    receiver: Receiver, admin: ApiClient, store: Database
) -> None:
    (first, _) = admin.get(PATH).json["items"]
    answer = admin.post(f"{PATH}/{first['id']}/retry", json={"comment": "the field is read now"})
    assert (answer.status_code, answer.json["state"], answer.json["reason"]) == (200, "retry", "by_hand")
    (act,) = store.read(dead.acts)
    assert (act.actor, act.act, act.reason) == ("ann", "retry", "the field is read now")
    assert receiver.retry_due() == Receipt(dead=1), "it is tried at once, and is as bad as before"


def test_why_must_be_said_and_the_message_must_be_there(receiver: Receiver, admin: ApiClient) -> None:
    (first, _) = admin.get(PATH).json["items"]
    answer = admin.post(f"{PATH}/{first['id']}/retry", json={})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "comment")
    assert admin.get(PATH).json["items"][0]["state"] == "dead"
    assert admin.get(f"{PATH}/{NOBODY}").status_code == 404
    assert admin.post(f"{PATH}/{NOBODY}/retry", json={"comment": "x"}).status_code == 404


def test_nobody_but_an_administrator_sees_them(store: Database, app: Flask, keys: SigningKeys) -> None:
    Receiver(store, Subscriptions(store.service)).receive([sale("c", 1)])
    (parked,) = store.read(lambda connection: dead.list_parked(connection, state=None))
    manager = api_client(app, keys, roles=("sales_manager", "finance", "warehouse", "service", "api_client"))
    for path in (PATH, f"{PATH}/{parked.id}"):
        assert manager.get(path).status_code == 403
    assert manager.post(f"{PATH}/{parked.id}/retry", json={"comment": "x"}).status_code == 403
