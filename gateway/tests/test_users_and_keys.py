"""What administrators do with users and API keys, and the rotation of the keys that sign tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.auth.keys import AUDIENCE, Keyring, rotate_keys
from gateway.tests.conftest import PASSWORD, Client, House, minutes
from libs.common.testing import ManualClock
from libs.common.web import Principal, SigningKeys, TokenKeys
from libs.common.web.tokens import TokenRefused

NEW = {"username": "Bob", "name": "Bob Ray", "roles": ["warehouse"], "password": "a long sentence"}
ANN = Principal("ann", "Ann", frozenset({"sales"}))


def _post(client: Client, **changes: Any) -> Any:
    return client.post("/api/v1/users", json={**NEW, **changes})


def test_a_user_is_added_shown_changed_and_deactivated(any_house: House) -> None:
    admin = any_house.client("admin", username="root")
    made = _post(admin)
    assert made.status_code == 201
    user = made.json
    assert (user["username"], user["roles"], user["active"], user["version"]) == (
        "bob",
        ["warehouse"],
        True,
        1,
    )
    assert "password" not in str(user)
    path = f"/api/v1/users/{user['id']}"
    assert admin.get(path).json == user
    assert [row["username"] for row in admin.get("/api/v1/users?limit=1").json["items"]] == ["bob"]
    cursor = admin.get("/api/v1/users?limit=1").json["next_cursor"]
    assert [row["username"] for row in admin.get(f"/api/v1/users?cursor={cursor}").json["items"]] == ["root"]
    changed = admin.patch(path, json={"roles": ["finance", "warehouse"]}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json["roles"]) == (200, ["finance", "warehouse"])
    assert admin.patch(path, json={"name": "B"}, headers={"If-Match": '"1"'}).status_code == 412
    assert any_house.login("bob").status_code == 200
    assert admin.delete(path).status_code == 204
    assert (admin.get(path).json["active"], any_house.login("bob").status_code) == (False, 401)


def test_a_login_name_is_given_once(any_house: House) -> None:
    admin = any_house.client("admin", username="root")
    assert _post(admin).status_code == 201
    twin = _post(admin, username="BOB")
    assert (twin.status_code, twin.json["code"]) == (409, "username_taken")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"roles": []}, "roles"),
        ({"roles": ["king"]}, "roles.0"),
        ({"roles": ["api_client"]}, "roles.0"),
        ({"password": "short"}, "password"),
        ({"password": "aaaaaaaaaaaa"}, "password"),
        ({"password": "I am Bob, really"}, "password"),
        ({"username": "b b"}, "username"),
        ({"active": True}, "active"),
    ],
)
def test_a_bad_user_is_refused_with_the_field(house: House, changes: dict[str, Any], field: str) -> None:
    answer = _post(house.client("admin", username="root"), **changes)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == field


def test_lesser_rights_end_the_sessions(house: House) -> None:
    admin = house.client("admin", username="root")
    user_id = house.add("bob", "finance", "warehouse")
    token = house.login("bob").json["refresh_token"]
    admin.patch(f"/api/v1/users/{user_id}", json={"roles": ["warehouse"]})
    answer = house.app.test_client().post("/api/v1/auth/refresh", json={"refresh_token": token})
    assert answer.status_code == 401


def test_the_last_administrator_stays(any_house: House) -> None:
    admin = any_house.client("admin", username="root")
    root = admin.get("/api/v1/auth/me").json["id"]
    for answer in (
        admin.delete(f"/api/v1/users/{root}"),
        admin.patch(f"/api/v1/users/{root}", json={"roles": ["sales"]}),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "last_admin")
    _post(admin, roles=["admin"])
    assert admin.delete(f"/api/v1/users/{root}").status_code == 204


def test_an_administrator_sets_a_password(house: House) -> None:
    admin = house.client("admin", username="root")
    user_id = house.add("bob", "sales")
    path = f"/api/v1/users/{user_id}/password"
    assert admin.put(path, json={"password": "bob"}).status_code == 422
    assert admin.put(path, json={"password": "quite another one"}).status_code == 204
    assert (house.login("bob").status_code, house.login("bob", "quite another one").status_code) == (401, 200)
    assert (
        admin.put(
            f"/api/v1/users/{'0' * 8}-0000-7000-8000-000000000000/password", json={"password": PASSWORD}
        ).status_code
        == 404
    )


@pytest.mark.parametrize("role", ["sales", "sales_manager", "warehouse", "finance", "service"])
def test_only_administrators_administer(house: House, role: str) -> None:
    client = house.client(role)
    me = client.get("/api/v1/auth/me").json["id"]
    assert _post(client).status_code == 403
    assert client.patch(f"/api/v1/users/{me}", json={"roles": ["admin"]}).status_code == 403
    assert client.post("/api/v1/api-keys", json={"name": "x"}).status_code == 403
    assert client.get("/api/v1/users").status_code == (200 if role == "sales_manager" else 403)


def test_an_api_key_lets_a_program_in_until_it_is_revoked(any_house: House) -> None:
    admin = any_house.client("admin", username="root")
    made = admin.post("/api/v1/api-keys", json={"name": "web shop"})
    assert made.status_code == 201
    key, key_id = made.json["key"], made.json["id"]
    client = any_house.app.test_client()
    for headers in ({"X-API-Key": key}, {"Authorization": f"Bearer {key}"}):
        me = client.get("/api/v1/auth/me", headers=headers).json
        assert me == {"id": key_id, "username": None, "name": "web shop", "roles": ["api_client"]}
    (shown,) = admin.get("/api/v1/api-keys").json["items"]
    assert (shown["id"], "key" in shown, shown["revoked_at"]) == (key_id, False, None)
    assert client.get("/api/v1/auth/me", headers={"X-API-Key": key + "x"}).status_code == 401
    assert admin.delete(f"/api/v1/api-keys/{key_id}").status_code == 204
    assert client.get("/api/v1/auth/me", headers={"X-API-Key": key}).status_code == 401
    assert admin.delete(f"/api/v1/api-keys/{key_id}").status_code == 404


def test_a_program_has_no_password(house: House) -> None:
    key = house.client("admin", username="root").post("/api/v1/api-keys", json={"name": "x"}).json["key"]
    body = {"current": "x", "password": PASSWORD}
    answer = house.app.test_client().post("/api/v1/auth/password", json=body, headers={"X-API-Key": key})
    assert answer.status_code == 409


def test_rotation_signs_anew_and_still_knows_the_key_before(tmp_path: Path, clock: ManualClock) -> None:
    signing, public = tmp_path / "signing.json", tmp_path / "public.json"
    first = SigningKeys.load_or_create(signing, clock=clock)
    first.publish(public)
    keyring = Keyring(SigningKeys.load(signing, clock=clock), file=signing, clock=clock)
    old = keyring.access_token(ANN, minutes(10))
    new_id = rotate_keys(signing, public)
    assert new_id != first.current
    new = keyring.access_token(ANN, minutes(10))
    services = TokenKeys.from_file(public, clock=clock)
    for token in (old, new):
        assert keyring.verify(token, minutes(10)).subject == "ann"
        assert services.verify(token, audience=AUDIENCE, max_lifetime=minutes(10)).subject == "ann"
    rotate_keys(signing, public)
    with pytest.raises(TokenRefused):
        keyring.verify(old, minutes(10))
    assert keyring.verify(new, minutes(10)).subject == "ann"


def test_internal_tokens_are_reused_while_they_live_and_never_for_another(clock: ManualClock) -> None:
    keyring = Keyring(SigningKeys.fresh(clock=clock), clock=clock)
    first = keyring.internal_token(ANN, "sales")
    assert keyring.internal_token(ANN, "sales") == first
    assert keyring.internal_token(ANN, "crm") != first
    promoted = Principal("ann", "Ann", frozenset({"sales", "admin"}))
    assert keyring.internal_token(promoted, "sales") != first
    clock.advance(minutes(0.75))
    assert keyring.internal_token(ANN, "sales") != first


def test_keys_added_in_memory_are_used_at_once(clock: ManualClock) -> None:
    keys = SigningKeys.fresh(clock=clock)
    keyring = Keyring(keys, clock=clock)
    keys.rotate()
    assert keyring.verify(keyring.access_token(ANN, minutes(10)), minutes(10)).name == "Ann"
