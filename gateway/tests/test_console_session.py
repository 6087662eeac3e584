"""The console's cookie: who it is, what must go with it, and what a foreign page cannot do with it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.tests.conftest import PASSWORD, House, minutes

ADDRESS = "/api/v1/auth/session"
KEYS = "/api/v1/api-keys"


def begin(house: House, username: str = "ada", **headers: str) -> tuple[FlaskClient, Any]:
    """Return a browser that has logged in, and the answer to its login."""
    browser = house.app.test_client()
    body = {"username": username, "password": PASSWORD}
    return browser, browser.post(ADDRESS, json=body, headers=headers)


@pytest.fixture
def browser(any_house: House) -> FlaskClient:
    any_house.add("ada", "admin")
    return begin(any_house)[0]


def csrf(browser: FlaskClient) -> dict[str, str]:
    return {"X-CSRF-Token": browser.get(ADDRESS).json["csrf_token"]}


def test_a_login_sets_a_cookie_that_no_script_and_no_other_site_gets(house: House) -> None:
    user_id = house.add("ada", "admin", name="Ada Admin")
    client, answer = begin(house)
    cookie = answer.headers["Set-Cookie"]

    assert answer.status_code == 200
    assert answer.json["user"] == {"id": user_id, "username": "ada", "name": "Ada Admin", "roles": ["admin"]}
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert answer.json["csrf_token"] not in cookie
    assert answer.json["company_zone"] == client.get(ADDRESS).json["company_zone"] == "Asia/Shanghai"


def test_a_cookie_of_a_page_over_tls_is_never_sent_without(house: House) -> None:
    house.add("ada", "admin")
    _, answer = begin(house, Origin="https://localhost")

    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


def test_a_cookie_reads_and_with_its_token_writes(browser: FlaskClient) -> None:
    assert browser.get("/api/v1/auth/me").json["username"] == "ada"
    assert browser.post(KEYS, json={"name": "Shop"}, headers=csrf(browser)).status_code == 201


@pytest.mark.parametrize(
    "sent", [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": "é"}]
)
def test_nothing_is_changed_without_the_token(browser: FlaskClient, sent: dict[str, str]) -> None:
    answer = browser.post(KEYS, json={"name": "Shop"}, headers=sent)

    assert (answer.status_code, answer.json["code"]) == (403, "csrf_token")
    assert answer.json["errors"][0]["field"] == "X-CSRF-Token"
    assert browser.get(KEYS).json["items"] == []


@pytest.mark.parametrize(
    "foreign",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_foreign_page_changes_nothing_even_with_the_token(
    browser: FlaskClient, foreign: dict[str, str]
) -> None:
    answer = browser.post(KEYS, json={"name": "Shop"}, headers=csrf(browser) | foreign)

    assert (answer.status_code, answer.json["code"]) == (403, "foreign_origin")
    assert browser.get(KEYS).json["items"] == []


def test_a_foreign_page_logs_nobody_in(house: House) -> None:
    house.add("ada", "admin")
    _, answer = begin(house, Origin="https://evil.example")

    assert (answer.status_code, answer.json["code"]) == (403, "foreign_origin")
    assert "Set-Cookie" not in answer.headers


def test_the_token_of_another_session_does_not_serve(house: House) -> None:
    house.add("ada", "admin")
    one, other = begin(house)[0], begin(house)[0]

    assert one.post(KEYS, json={"name": "Shop"}, headers=csrf(other)).json["code"] == "csrf_token"


def test_a_logout_ends_the_session_on_the_server_too(browser: FlaskClient, any_house: House) -> None:
    secret = browser.get_cookie("meridian_session")
    assert secret is not None
    assert browser.delete(ADDRESS, headers=csrf(browser)).status_code == 204
    assert browser.get_cookie("meridian_session") is None

    thief = any_house.app.test_client()
    thief.set_cookie("meridian_session", secret.value)
    assert thief.get("/api/v1/auth/me").status_code == 401


def test_a_session_ends_with_its_time_and_with_its_user(browser: FlaskClient, any_house: House) -> None:
    any_house.add("eve", "admin")
    second = begin(any_house, "eve")[0]
    eve = second.get("/api/v1/auth/me").json["id"]
    assert browser.delete(f"/api/v1/users/{eve}", headers=csrf(browser)).status_code in (200, 204)
    assert second.get("/api/v1/auth/me").status_code == 401

    any_house.clock.advance(minutes(14 * 24 * 60))
    assert browser.get("/api/v1/auth/me").status_code == 401


def test_a_cookie_is_no_refresh_token_and_a_refresh_token_is_no_cookie(house: House) -> None:
    house.add("ada", "admin")
    browser = begin(house)[0]
    secret = browser.get_cookie("meridian_session")
    refresh = house.login("ada").json["refresh_token"]
    assert secret is not None

    other = house.app.test_client()
    assert other.post("/api/v1/auth/refresh", json={"refresh_token": secret.value}).status_code == 401
    other.set_cookie("meridian_session", refresh)
    assert other.get("/api/v1/auth/me").status_code == 401
    other.set_cookie("meridian_session", "x" * 200)
    assert other.get("/api/v1/auth/me").status_code == 401


def test_a_bearer_token_needs_no_csrf_token_and_goes_before_the_cookie(house: House) -> None:
    house.add("sam", "sales")
    browser = begin(house, "sam")[0]
    client = house.client("admin", username="ada")
    bearer = {"Authorization": f"Bearer {client.token}"}

    assert browser.get("/api/v1/auth/me", headers=bearer).json["username"] == "ada"
    assert browser.post(KEYS, json={"name": "Shop"}, headers=bearer).status_code == 201
    assert browser.get("/api/v1/auth/me", headers={"Authorization": "Bearer no"}).status_code == 401


def test_a_wrong_password_is_slowed_down_here_as_well(house: House) -> None:
    house.add("ada", "admin")
    body = {"username": "ada", "password": "not the right one"}
    answers = [house.app.test_client().post(ADDRESS, json=body).status_code for _ in range(7)]

    assert answers[0] == 401
    assert answers[-1] == 429
