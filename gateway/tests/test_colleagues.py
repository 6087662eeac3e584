"""Everybody who works here may know the names of the others and of programs, and nothing more of them."""

from __future__ import annotations

import base64

import pytest

from gateway.tests.conftest import House

PATH = "/api/v1/colleagues"


@pytest.mark.parametrize("role", ["sales", "sales_manager", "warehouse", "finance", "service", "admin"])
def test_r7_4_everybody_is_told_the_names_and_whoever_has_left_keeps_theirs(
    any_house: House, role: str
) -> None:
    ann = any_house.add("ann", "finance", name="Ann Gray")
    left = any_house.add("zoe", "sales", name="Zoe Left")
    any_house.client("admin", username="root").delete(f"/api/v1/users/{left}")
    items = any_house.client(role).get(PATH).json["items"]
    assert {"id": ann, "name": "Ann Gray", "kind": "person", "active": True} in items
    assert {"id": left, "name": "Zoe Left", "kind": "person", "active": False} in items
    assert all(set(each) == {"id", "name", "kind", "active"} for each in items)


def test_r7_4_a_key_is_called_as_its_program_also_when_it_is_revoked(any_house: House) -> None:
    admin = any_house.client("admin", username="root")
    used, gone = (admin.post("/api/v1/api-keys", json={"name": name}).json for name in ("Shop", "Old shop"))
    admin.delete(f"/api/v1/api-keys/{gone['id']}")
    items = any_house.client("warehouse").get(PATH).json["items"]
    assert {"id": used["id"], "name": "Shop", "kind": "program", "active": True} in items
    assert {"id": gone["id"], "name": "Old shop", "kind": "program", "active": False} in items


def test_a_page_begins_where_the_last_one_ended_and_its_cursor_tells_no_login_name(any_house: House) -> None:
    for name in ("ann", "bob", "cid"):
        any_house.add(f"{name}-logs-in", "finance", name=name)
    client = any_house.client("sales", username="zed")
    page = client.get(f"{PATH}?limit=2").json
    rest = client.get(f"{PATH}?limit=2&cursor={page['next_cursor']}").json
    names = [each["name"] for each in (*page["items"], *rest["items"])]
    assert sorted(names) == ["Somebody", "ann", "bob", "cid"]
    assert page["items"][-1]["id"] in _read(page["next_cursor"])
    assert "logs-in" not in _read(page["next_cursor"])


def _read(cursor: str) -> str:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("latin-1")


def test_a_program_and_a_stranger_are_told_nobody(house: House) -> None:
    admin = house.client("admin", username="root")
    key = admin.post("/api/v1/api-keys", json={"name": "Shop"}).json["key"]
    stranger = house.app.test_client()
    assert stranger.get(PATH, headers={"X-API-Key": key}).status_code == 403
    assert stranger.get(PATH).status_code == 401
