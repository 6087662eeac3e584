"""R3.6: the place of a page that was closed is free at once, for any server that shows the connection."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.api.parts import EXTENSION
from gateway.auth.passwords import Passwords
from gateway.auth.users import add_user
from libs.common.db import Database
from meridian.embedded import EmbeddedSystem, Serving
from meridian.target import embedded_target
from meridian.topography import GATEWAY
from tests.security.test_slow_clients import Front, gunicorn

PASSWORD = "a long sentence"
PEOPLE = ("first", "second")


def _people(url: str) -> None:
    hashed = Passwords(memory_kib=64, rounds=1).hash(PASSWORD)
    database = Database(url, service=GATEWAY)
    for name in PEOPLE:
        database.transact(
            lambda tx, name=name: add_user(
                tx, username=name, name=name, roles=["warehouse"], password_hash=hashed
            )
        )
    database.close()


def _embedded(home: Path) -> Iterator[Front]:
    target = embedded_target(home)
    system = EmbeddedSystem(target)
    _people(target.database_urls[GATEWAY])
    system.gateway.extensions[EXTENSION].changes._most = 1
    serving = Serving(system, port=0)
    serving.start()
    yield Front("embedded", serving.port)
    serving.stop()


@pytest.fixture(params=["gunicorn", "embedded"])
def front(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    """Serve the gateway with room for one listener, and two people who could be it."""
    if request.param == "embedded":
        yield from _embedded(tmp_path)
        return
    monkeypatch.setenv("MERIDIAN_MOST_STREAMS", "1")
    with gunicorn(tmp_path) as found:
        _people(f"sqlite:///{tmp_path / 'gateway.db'}")
        yield found


def _cookie(front: Front, name: str) -> bytes:
    body = json.dumps({"username": name, "password": PASSWORD}).encode()
    head = (
        f"POST /api/v1/auth/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    (said,) = [
        line
        for line in front.answer(head.encode() + body).split(b"\r\n")
        if line.lower().startswith(b"set-cookie:")
    ]
    return said.split(b":", 1)[1].split(b";")[0].strip()


def _listen(front: Front, cookie: bytes) -> tuple[bytes, socket.socket]:
    """Return the status of a listener's answer, and the connection on which it goes on."""
    opened = front.connect()
    opened.sendall(b"GET /api/v1/changes HTTP/1.1\r\nHost: x\r\nCookie: " + cookie + b"\r\n\r\n")
    said = b""
    while b"\r\n" not in said:
        said += opened.recv(4096)
    return said.split()[1], opened


def test_r3_6_the_place_of_a_page_that_was_closed_is_free_at_once(front: Front) -> None:
    first, second = (_cookie(front, name) for name in PEOPLE)
    status, page = _listen(front, first)
    assert status == b"200"
    refused, other = _listen(front, second)
    assert refused == b"503"
    other.close()
    page.close()
    status, page = _listen(front, second)
    page.close()
    assert status == b"200"
