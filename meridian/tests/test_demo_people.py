"""A person of the demo whom several threads act for, and whose token expires under them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from meridian.demo.gateway import ActFailed, Gateway, Person


@dataclass
class Answer:
    """What a door says."""

    status: int
    document: Any

    @property
    def data(self) -> bytes:
        return json.dumps(self.document).encode()


@dataclass
class Door:
    """A gateway that gives numbered tokens, of which only ``good`` ones open."""

    good: set[str]
    person: Person | None = None
    logins: int = 0
    shown: list[str] = field(default_factory=list)

    def request(self, method: str, url: str, **more: Any) -> Answer:
        if url.endswith("/auth/login"):
            self.logins += 1
            return Answer(200, {"access_token": f"t{self.logins}"})
        token = more["headers"]["Authorization"].removeprefix("Bearer ")
        self.shown.append(token)
        if token in self.good:
            return Answer(200, {"ok": True})
        if self.person is not None:
            self.person._token = None  # another thread was refused with the same token a moment before
        return Answer(401, {"code": "unauthorized"})


def someone(door: Door) -> Person:
    """Return a person at the door."""
    gateway = Gateway("http://127.0.0.1:1")
    gateway.pool = door  # type: ignore[assignment]
    return Person(gateway, "sam", "secret")


def test_an_expired_token_is_replaced_though_another_thread_has_dropped_it_already() -> None:
    door = Door(good={"t2"})
    door.person = person = someone(door)
    assert person.get("/orders") == {"ok": True}
    assert (door.shown, door.logins) == (["t1", "t2"], 2)


def test_what_another_thread_has_got_meanwhile_is_kept() -> None:
    door = Door(good={"t2"})
    person = someone(door)
    assert person._bearer() == "t1"
    person._token = "t2"
    person._forget("t1")
    assert person.get("/orders") == {"ok": True}
    assert door.logins == 1


def test_who_may_not_enter_with_a_fresh_token_is_told() -> None:
    door = Door(good=set())
    person = someone(door)
    with pytest.raises(ActFailed, match="401"):
        person.get("/orders")
    assert door.logins == 1
    with pytest.raises(ActFailed, match="401"):
        person.get("/orders")
    assert door.logins == 2, "the token that was refused may only have expired"
