"""Taking in new work only as fast as work taken in before gets on."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from libs.common.db import Database, Transaction
from libs.common.testing.web import ApiClient, api_client
from libs.common.web import Intake, Noun, SigningKeys, Strict, create_service_app, fields
from libs.common.web import intake as intake_module

BODY = {"name": "lamp"}


class ThingIn(Strict):
    name = fields.Text(max=20, required=True)


class Unanswered:
    """How many are unanswered, as the test says, and how often somebody looked."""

    def __init__(self) -> None:
        self.number = 0
        self.looks = 0

    def __call__(self, _connection: object) -> int:
        self.looks += 1
        return self.number


@pytest.fixture
def unanswered() -> Unanswered:
    return Unanswered()


@pytest.fixture
def client(store: Database, keys: SigningKeys, unanswered: Unanswered) -> ApiClient:
    app = _app(store, keys, Intake(unanswered, easy=100, most=200))
    return api_client(app, keys, roles=("sales",))


def _app(store: Database, keys: SigningKeys, intake: Intake) -> Flask:
    things = Noun("things", "/api/v1/things")

    @things.command("POST", "/", body=ThingIn, roles=("sales",), intake=True)
    def begin(tx: Transaction, body: dict[str, Any]) -> None:
        """Begin a thing."""

    @things.command("POST", "/more", body=ThingIn, roles=("sales",))
    def go_on(tx: Transaction, body: dict[str, Any]) -> None:
        """Go on with a thing."""

    return create_service_app("things", store, [things], keys=keys.verifier(), title="Things", intake=intake)


@pytest.mark.parametrize(
    ("number", "status", "share"),
    [
        (0, 204, None),
        (100, 204, None),
        (150, 204, "0.50"),
        (199, 204, "0.99"),
        (200, 503, "1.00"),
        (900, 503, "1.00"),
    ],
)
def test_the_answer_tells_how_much_is_refused_and_from_the_bound_on_it_is_all(
    client: ApiClient, unanswered: Unanswered, number: int, status: int, share: str | None
) -> None:
    unanswered.number = number
    answer = client.post("/api/v1/things", json=BODY)
    assert (answer.status_code, answer.headers.get("Meridian-Intake")) == (status, share)


def test_work_that_is_begun_goes_on(client: ApiClient, unanswered: Unanswered) -> None:
    unanswered.number = 900
    assert client.post("/api/v1/things/more", json=BODY).status_code == 204


def test_the_database_is_looked_at_only_now_and_then(
    client: ApiClient, unanswered: Unanswered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_module, "LOOK_EVERY_S", 3600.0)
    for _ in range(5):
        client.post("/api/v1/things", json=BODY)
    assert unanswered.looks == 1
