"""Who is above whom: set by an administrator, never in a circle, and named in the token."""

from __future__ import annotations

import itertools
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from gateway.auth.users import SuperiorInCircle, add_user, change_user
from gateway.tests.conftest import MIGRATIONS, House
from libs.common.db import Database
from libs.common.errors import MeridianError
from libs.common.testing.interleaving import every_order, interleaved
from libs.common.testing.plugin import MakeDatabase

_LONG = timedelta(hours=1)
NOBODY = "00000000-0000-7000-8000-0000000000ff"


def _superiors_in(house: House, username: str) -> tuple[str, ...]:
    token = house.login(username).json["access_token"]
    return house.keys.verifier().verify(token, audience="meridian-gateway", max_lifetime=_LONG).superiors


def test_an_administrator_says_who_is_above_whom_and_the_next_token_names_them(any_house: House) -> None:
    admin = any_house.client("admin", username="root")
    amy, bob, cyn = (any_house.add(name, "sales") for name in ("amy", "bob", "cyn"))
    assert admin.get(f"/api/v1/users/{amy}").json["superior_id"] is None
    assert _superiors_in(any_house, "amy") == ()
    for user, above in ((amy, bob), (bob, cyn)):
        answer = admin.patch(f"/api/v1/users/{user}", json={"superior_id": above})
        assert (answer.status_code, answer.json["superior_id"]) == (200, above)
    assert _superiors_in(any_house, "amy") == (bob, cyn)
    admin.patch(f"/api/v1/users/{bob}", json={"active": False})
    assert _superiors_in(any_house, "amy") == (cyn,), "who has left is passed over"
    assert admin.patch(f"/api/v1/users/{amy}", json={"superior_id": None}).json["superior_id"] is None
    assert admin.patch(f"/api/v1/users/{amy}", json={"name": "Amy"}).json["superior_id"] is None
    new = {"username": "dan", "name": "Dan", "roles": ["sales"], "password": "a long sentence"}
    made = admin.post("/api/v1/users", json=new | {"superior_id": cyn})
    assert (made.status_code, made.json["superior_id"]) == (201, cyn)
    assert _superiors_in(any_house, "dan") == (cyn,)


def test_a_circle_and_a_superior_who_is_not_there_are_refused_with_the_field(any_house: House) -> None:
    admin = any_house.client("admin", username="root")
    amy, bob, cyn = (any_house.add(name, "sales") for name in ("amy", "bob", "cyn"))
    admin.patch(f"/api/v1/users/{amy}", json={"superior_id": bob})
    admin.patch(f"/api/v1/users/{bob}", json={"superior_id": cyn})
    for user, above in ((cyn, amy), (bob, amy), (amy, amy)):
        answer = admin.patch(f"/api/v1/users/{user}", json={"superior_id": above})
        assert (answer.status_code, answer.json["code"], answer.json["errors"][0]["field"]) == (
            422,
            "superior_in_circle",
            "superior_id",
        )
    assert admin.patch(f"/api/v1/users/{cyn}", json={"superior_id": amy}).json["way"] == (
        "cyn > amy > bob > cyn"
    )
    admin.delete(f"/api/v1/users/{cyn}")
    new = {"username": "dan", "name": "Dan", "roles": ["sales"], "password": "a long sentence"}
    for above in (NOBODY, cyn):
        refused = admin.patch(f"/api/v1/users/{amy}", json={"superior_id": above})
        assert (refused.status_code, refused.json["code"]) == (422, "unknown_superior")
        assert admin.post("/api/v1/users", json=new | {"superior_id": above}).status_code == 422
    assert admin.get(f"/api/v1/users/{amy}").json["superior_id"] == bob


@pytest.mark.postgres
def test_of_two_administrators_who_would_close_a_circle_together_one_is_refused(
    make_database: MakeDatabase,
) -> None:
    """Each sees no circle in what was there before: whoever comes second must see what the first has done."""
    database = make_database("gateway", MIGRATIONS)
    if database.is_sqlite:
        pytest.skip("SQLite lets one write at a time: there is nothing to interleave")
    names = itertools.count()
    _user(database, "root", "admin")

    def put(user: str, above: str) -> Any:
        return database.transact(lambda tx: change_user(tx, user, expected_version=None, superior_id=above))

    def one(at: int, swapped: bool) -> bool:
        amy, bob = (_user(database, f"u{next(names)}", "sales") for _ in range(2))
        acts = [partial(put, amy, bob), partial(put, bob, amy)]
        first, second = reversed(acts) if swapped else acts
        *outcomes, stopped = interleaved(database, first, second, at)
        assert [isinstance(each, MeridianError) for each in outcomes].count(True) == 1, outcomes
        assert any(isinstance(each, SuperiorInCircle) for each in outcomes)
        return stopped

    assert every_order(one) > 3


def _user(database: Database, username: str, role: str) -> str:
    return database.transact(
        lambda tx: add_user(tx, username=username, name=username, roles=[role], password_hash="x")
    ).id
