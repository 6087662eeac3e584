"""Taking in new work only as fast as work taken in before gets on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from libs.common.db import Database, Transaction
from libs.common.testing import ManualClock
from libs.common.testing.web import ApiClient, api_client
from libs.common.web import Intake, Noun, SigningKeys, Strict, create_service_app, fields
from libs.common.web.intake import FEW, LOOK_EVERY_S, STALLED_S

BODY = {"name": "lamp"}
LONGEST_S = 12.0


class ThingIn(Strict):
    name = fields.Text(max=20, required=True)


class Line:
    """Work that waits: how much of it, and for how long, as the test says; with a clock for short times."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.number = 0
        self.lag_s = 0.0
        self.looks = 0
        self.now = 0.0

    def read(self, _connection: object, most: int) -> Sequence[datetime]:
        self.looks += 1
        self.now += LOOK_EVERY_S  # the next look is a fresh one
        return [self.clock.now() - timedelta(seconds=self.lag_s)] * min(self.number, most)

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def line(clock: ManualClock) -> Line:
    return Line(clock)


@pytest.fixture
def client(store: Database, keys: SigningKeys, line: Line) -> ApiClient:
    things = Noun("things", "/api/v1/things")

    @things.command("POST", "/", body=ThingIn, roles=("sales",), intake=True)
    def begin(tx: Transaction, body: dict[str, Any]) -> None:
        """Begin a thing."""

    @things.command("POST", "/more", body=ThingIn, roles=("sales",))
    def go_on(tx: Transaction, body: dict[str, Any]) -> None:
        """Go on with a thing."""

    intake = Intake(line.read, longest_lag_s=LONGEST_S, monotonic=line.monotonic)
    app = create_service_app("things", store, [things], keys=keys.verifier(), title="Things", intake=intake)
    return api_client(app, keys, roles=("sales",))


def begin(client: ApiClient) -> tuple[int, str | None]:
    answer = client.post("/api/v1/things", json=BODY)
    return answer.status_code, answer.headers.get("Meridian-Intake")


@pytest.mark.parametrize(
    ("lag_s", "wanted"),
    [
        (0.0, (204, None)),
        (4.0, (204, None)),
        (8.0, (204, "0.50")),
        (12.0, (503, "1.00")),
        (90.0, (503, "1.00")),
    ],
)
def test_the_longer_work_waits_the_more_is_refused(
    client: ApiClient, line: Line, lag_s: float, wanted: tuple[int, str | None]
) -> None:
    line.number, line.lag_s = FEW + 1, lag_s
    assert begin(client) == wanted


def test_a_few_may_wait_for_ever(client: ApiClient, line: Line) -> None:
    line.number, line.lag_s = FEW, 3600.0
    assert begin(client) == (204, None)


def test_while_nothing_at_all_is_answered_work_is_taken_in(client: ApiClient, line: Line) -> None:
    line.number, line.lag_s = FEW + 1, 60.0
    assert begin(client) == (503, "1.00")
    line.now += STALLED_S
    assert begin(client) == (204, None)
    line.lag_s = 61.0  # it moves again: another one is the older now
    assert begin(client) == (503, "1.00")


def test_work_that_is_begun_goes_on(client: ApiClient, line: Line) -> None:
    line.number, line.lag_s = FEW + 1, 60.0
    assert client.post("/api/v1/things/more", json=BODY).status_code == 204


def test_a_refusal_says_when_to_come_again_and_is_counted(client: ApiClient, line: Line) -> None:
    line.number, line.lag_s = FEW + 1, 60.0
    answer = client.post("/api/v1/things", json=BODY)
    assert (answer.json["code"], int(answer.headers["Retry-After"]) in range(1, 5)) == ("busy", True)
    assert 'meridian_http_refused_total{reason="busy",service="sample"} 1.0' in client.get("/metrics").text


def test_the_database_is_looked_at_only_now_and_then(client: ApiClient, line: Line) -> None:
    begin(client)
    line.now -= LOOK_EVERY_S  # no time has passed
    for _ in range(5):
        begin(client)
    assert line.looks == 1
