"""Getting in and staying in: no stranger learns which names exist, and a stolen refresh token ends its session."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from gateway.auth import throttle
from gateway.auth.passwords import Passwords
from gateway.store.tables import session, user_account
from gateway.tests.conftest import PASSWORD, Client, House, build, minutes
from libs.common.testing import ManualClock
from libs.common.web import SigningKeys


def _refresh(house: House, token: str) -> tuple[int, Any]:
    answer = house.app.test_client().post("/api/v1/auth/refresh", json={"refresh_token": token})
    return answer.status_code, answer.json


def _me(house: House, token: str) -> int:
    return int(Client(house.app.test_client(), token).get("/api/v1/auth/me").status_code)


def test_login_gives_tokens_that_say_who_one_is(any_house: House) -> None:
    user_id = any_house.add("Ann.Lee", "sales", "finance", name="Ann Lee")
    answer = any_house.login("ANN.lee")
    assert answer.status_code == 200
    assert (answer.json["expires_in"], answer.json["token_type"]) == (600, "Bearer")
    assert answer.headers["Cache-Control"] == "no-store"
    me = Client(any_house.app.test_client(), answer.json["access_token"]).get("/api/v1/auth/me").json
    assert me == {"id": user_id, "username": "ann.lee", "name": "Ann Lee", "roles": ["finance", "sales"]}


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(any_house: House) -> None:
    any_house.add("ann", "sales")
    answers = [any_house.login("ann", "not the password"), any_house.login("nobody", "not the password")]
    assert answers[0].status_code == answers[1].status_code == 401
    known, unknown = ({**answer.json, "request_id": ""} for answer in answers)
    assert known == unknown
    assert known["code"] == "login_failed"


def test_an_unknown_name_costs_a_hash_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str | None] = []
    matches = Passwords.matches

    def watched(self: Passwords, stored: str | None, password: str) -> bool:
        tried.append(stored)
        return matches(self, stored, password)

    monkeypatch.setattr(Passwords, "matches", watched)
    house.login("nobody")
    assert tried == [None]


def test_an_inactive_user_cannot_log_in(house: House) -> None:
    user_id = house.add("ann", "sales")
    admin = house.client("admin", username="root")
    assert admin.delete(f"/api/v1/users/{user_id}").status_code == 204
    assert house.login("ann").status_code == 401


def test_failures_are_slowed_down_per_name_and_address(any_house: House) -> None:
    any_house.add("ann", "sales")
    for _ in range(throttle.FREE_FAILURES):
        assert any_house.login("ann", "wrong password").status_code == 401
    blocked = any_house.login("ann")
    assert (blocked.status_code, blocked.headers["Retry-After"]) == (429, "30")
    assert any_house.login("ann", address="10.0.0.2").status_code == 200
    for _ in range(throttle.FREE_FAILURES):
        any_house.login("nobody", "wrong password")
    assert any_house.login("nobody").status_code == 429
    any_house.clock.advance(timedelta(seconds=30))
    assert any_house.login("ann").status_code == 200
    assert any_house.login("ann", "wrong password").status_code == 401


def test_tries_at_once_count_each(any_house: House) -> None:
    any_house.add("ann", "sales")
    barrier = threading.Barrier(8)

    def guess(_: int) -> int:
        barrier.wait()
        return int(any_house.login("ann", "wrong password").status_code)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(8)))
    assert answers.count(401) <= throttle.FREE_FAILURES
    assert set(answers) == {401, 429}


def test_pauses_double_to_a_quarter_of_an_hour() -> None:
    seconds = [throttle.pause_after(failures).total_seconds() for failures in (4, 5, 6, 7, 9, 10, 1000)]
    assert seconds == [0, 30, 60, 120, 480, 900, 900]


def test_an_access_token_expires(house: House) -> None:
    house.add("ann", "sales")
    token = house.login("ann").json["access_token"]
    house.clock.advance(minutes(9.9))
    assert _me(house, token) == 200
    house.clock.advance(minutes(0.1))
    assert _me(house, token) == 401


def test_a_refresh_token_serves_once_and_its_second_use_ends_the_session(any_house: House) -> None:
    any_house.add("ann", "sales")
    first = any_house.login("ann").json["refresh_token"]
    other_session = any_house.login("ann").json["refresh_token"]
    status, renewed = _refresh(any_house, first)
    assert (status, _me(any_house, renewed["access_token"])) == (200, 200)
    assert _refresh(any_house, first)[0] == 401
    assert _refresh(any_house, renewed["refresh_token"])[0] == 401
    assert _refresh(any_house, other_session)[0] == 200
    reasons = any_house.database.read(lambda c: set(c.execute(select(session.c.end_reason)).scalars()))
    assert reasons == {"token_reused", None}


def test_a_refresh_token_used_twice_at_once_serves_at_most_once(any_house: House) -> None:
    any_house.add("ann", "sales")
    token = any_house.login("ann").json["refresh_token"]
    with ThreadPoolExecutor(6) as pool:
        answers = [status for status, _ in pool.map(lambda _: _refresh(any_house, token), range(6))]
    assert sorted(answers) == [200] + [401] * 5


def test_a_session_ends_after_its_time(house: House) -> None:
    house.add("ann", "sales")
    token = house.login("ann").json["refresh_token"]
    house.clock.advance(timedelta(days=14))
    assert _refresh(house, token)[0] == 401
    house.login("ann")
    assert house.database.read(lambda c: len(c.execute(select(session.c.id)).all())) == 1


def test_logout_ends_the_session_only(any_house: House) -> None:
    any_house.add("ann", "sales")
    tokens, other = any_house.login("ann").json, any_house.login("ann").json
    client = any_house.app.test_client()
    for _ in range(2):
        gone = client.post("/api/v1/auth/logout", json={"refresh_token": tokens["refresh_token"]})
        assert gone.status_code == 204
    assert _refresh(any_house, tokens["refresh_token"])[0] == 401
    assert _refresh(any_house, other["refresh_token"])[0] == 200


def test_no_secret_is_stored(house: House) -> None:
    house.add("ann", "sales")
    tokens = house.login("ann").json
    with house.database.reading() as connection:
        names = (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        )
        stored = str([connection.execute(text(f"SELECT * FROM {name}")).all() for name in names])
    assert "argon2id" in stored
    for secret in (PASSWORD, tokens["access_token"], tokens["refresh_token"]):
        assert secret not in stored


def test_changing_ones_password_ends_every_session(any_house: House) -> None:
    client = any_house.client("sales", username="ann")
    tokens = any_house.login("ann").json
    path, new = "/api/v1/auth/password", "another long sentence"
    assert client.post(path, json={"current": "not it", "password": new}).status_code == 401
    assert client.post(path, json={"current": PASSWORD, "password": "short"}).status_code == 422
    assert client.post(path, json={"current": PASSWORD, "password": new}).status_code == 204
    assert _refresh(any_house, tokens["refresh_token"])[0] == 401
    assert any_house.login("ann").status_code == 401
    assert any_house.login("ann", new).status_code == 200


def test_an_old_hash_is_renewed_at_the_next_login(house: House, clock: ManualClock) -> None:
    house.add("ann", "sales")
    stronger = build(house.database, clock, password_rounds=2)
    assert stronger.login("ann").status_code == 200
    stored = house.database.read(lambda c: c.execute(select(user_account.c.password_hash)).scalar_one())
    assert "t=2" in stored
    assert stronger.login("ann").status_code == 200


@pytest.mark.parametrize(
    "bad", ["", "x.y.z", "Bearer", "mk_", "mk_" + "0" * 32 + "_x", "mk_zz_x", "mk_" + "x" * 500]
)
def test_what_is_no_token_is_refused(house: House, bad: str) -> None:
    client = house.app.test_client()
    by_bearer = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {bad}"})
    by_header = client.get("/api/v1/auth/me", headers={"X-API-Key": bad})
    assert {by_bearer.status_code, by_header.status_code} == {401}
    assert by_bearer.json["code"] == "unauthorized"


def test_tokens_of_other_keys_audiences_and_lives_are_refused(house: House) -> None:
    stranger = SigningKeys.fresh(clock=house.clock)
    forged = [
        stranger.sign(subject="x", audience="meridian-gateway", roles=["admin"]),
        house.keys.sign(subject="x", audience="sales", roles=["admin"]),
        house.keys.sign(subject="x", audience="meridian-gateway", roles=["admin"], lifetime=minutes(11)),
    ]
    assert [_me(house, token) for token in forged] == [401, 401, 401]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "ann"}, 422),
        ({"username": "ann", "password": "x", "admin": True}, 422),
        ({"username": ["ann"], "password": "x"}, 422),
        ({"username": "a\x00", "password": "x"}, 422),
        ({"username": "a" * 65, "password": "x"}, 422),
    ],
)
def test_a_bad_login_is_named(house: House, body: object, status: int) -> None:
    assert house.app.test_client().post("/api/v1/auth/login", json=body).status_code == status
