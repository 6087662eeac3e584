"""Files as answers, secrets that are shown once, and routes for visitors, whom only the gateway brings."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, select

from libs.common.db import Database, Transaction
from libs.common.db.idempotency import idempotency
from libs.common.errors import NotFound
from libs.common.testing.web import ApiClient, api_client
from libs.common.tests.web.sample import PARCEL
from libs.common.web import VISITORS, File, Noun, SigningKeys, Strict, create_service_app, document_of, fields
from libs.common.web.principal import GATEWAY

PATH = "/api/v1/labels"


class LabelFilter(Strict):
    language = fields.Choice("en", "zh-CN")


class KeyOut(Strict):
    id = fields.IdField()
    key = fields.Text(max=40, allow_none=True)


def _labels(looks: list[bool]) -> Noun:
    labels = Noun("labels", PATH)

    @labels.file("/<uuid:label_id>", media_type="text/plain", roles=VISITORS, filters=LabelFilter)
    def label(connection: Connection, filters: dict[str, Any], label_id: str) -> File:
        if label_id != PARCEL:
            raise NotFound("There is no such label.")

        def make() -> bytes:
            looks.append(connection.closed)
            return filters.get("language", "en").encode()

        return File('Étiquette "1".txt', make)

    @labels.command(
        "POST", "/<uuid:label_id>/keys", answer=KeyOut, status=201, roles=("sales",), shown_once=("key",)
    )
    def key(tx: Transaction, label_id: str) -> dict[str, str]:
        return {"id": label_id, "key": tx.new_id()}

    return labels


@pytest.fixture
def looks() -> list[bool]:
    return []


@pytest.fixture
def labels(store: Database, keys: SigningKeys, looks: list[bool]) -> Flask:
    return create_service_app("sample", store, [_labels(looks)], keys=keys.verifier(), title="Labels")


@pytest.fixture
def gateway(labels: Flask, keys: SigningKeys) -> ApiClient:
    return api_client(labels, keys, subject=GATEWAY, roles=())


def test_a_file_is_made_after_the_look_at_the_database(gateway: ApiClient, looks: list[bool]) -> None:
    answer = gateway.get(f"{PATH}/{PARCEL}?language=zh-CN")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"zh-CN", "text/plain")
    assert answer.headers["Content-Disposition"].startswith("inline; filename")
    assert answer.headers["Cache-Control"] == "no-store"
    assert looks == [True]


@pytest.mark.parametrize("query", ["language=fr", "colour=red"])
def test_a_file_is_asked_for_as_strictly_as_anything(gateway: ApiClient, query: str) -> None:
    refused = gateway.get(f"{PATH}/{PARCEL}?{query}")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, query.partition("=")[0])
    assert gateway.get(f"{PATH}/00000000-0000-7000-8000-00000000dead").status_code == 404


def test_a_visitor_is_believed_to_the_gateway_alone(labels: Flask, keys: SigningKeys) -> None:
    admin = api_client(labels, keys, roles=("admin",))
    assert admin.get(f"{PATH}/{PARCEL}").status_code == 401
    assert labels.test_client().get(f"{PATH}/{PARCEL}").status_code == 401
    operation = document_of(labels)["paths"][f"{PATH}/{{label_id}}"]["get"]
    assert operation["security"] == []
    assert operation["responses"]["200"]["content"] == {
        "text/plain": {"schema": {"type": "string", "format": "binary"}}
    }


def test_what_is_shown_once_is_not_kept_with_the_key(
    labels: Flask, keys: SigningKeys, store: Database
) -> None:
    client, again = api_client(labels, keys, roles=("sales",)), {"Idempotency-Key": "k"}
    first = client.post(f"{PATH}/{PARCEL}/keys", headers=again)
    second = client.post(f"{PATH}/{PARCEL}/keys", headers=again)
    assert first.json["key"]
    assert second.json == {"id": PARCEL, "key": None}
    assert second.headers["Idempotency-Replayed"] == "true"
    kept = store.read(lambda connection: connection.execute(select(idempotency.c.body)).scalar_one())
    assert first.json["key"] not in kept
