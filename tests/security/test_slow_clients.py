"""Slow, silent and malformed callers: everybody else is answered, and the connection of the caller is closed."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from libs.common.db import Database, migrate
from meridian.demo.child import free_port
from meridian.topography import GATEWAY, ROOT, migrations_of
from tests.security.served import served

SLOW = int(os.environ.get("MERIDIAN_SLOW_CLIENTS", "60"))
THREADS = 16
REFUSED = re.compile(rb"HTTP/1\.[01] (4[0-9][0-9]) ")
HEAD = b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: "
BODY = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
CHUNK = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"


@dataclass
class Front:
    """A server, and what kind it is."""

    name: str
    port: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def health(self, timeout_s: float) -> float:
        """Return how long an answer to /health/live took; ``TimeoutError`` when none came."""
        started = time.monotonic()
        with urllib3.PoolManager(retries=False, timeout=timeout_s) as pool:
            answer = pool.request(
                "GET", f"http://127.0.0.1:{self.port}/health/live", headers={"Connection": "close"}
            )
        assert answer.status == 200
        return time.monotonic() - started

    def answer(self, request: bytes, timeout_s: float = 30.0) -> bytes:
        """Send bytes and return everything until the server closes; empty when it does so without a word."""
        with self.connect() as opened:
            opened.settimeout(timeout_s)
            sender = threading.Thread(target=_send, args=(opened, request), daemon=True)
            sender.start()
            found = b""
            while True:
                try:
                    data = opened.recv(65536)
                except (ConnectionResetError, TimeoutError):
                    return found
                if not data:
                    return found
                found += data


def _send(opened: socket.socket, request: bytes) -> None:
    try:
        opened.sendall(request)
    except OSError:
        return


@contextmanager
def gunicorn(home: Path, *more: str) -> Iterator[Front]:
    """Serve the gateway as the containers do."""
    url = f"sqlite:///{home / 'gateway.db'}"
    database = Database(url, service=GATEWAY)
    migrate(database, migrations_of(GATEWAY))
    database.close()
    port = free_port()
    environment = os.environ | {
        "MERIDIAN_APPLICATION": "gateway.app:application()",
        "MERIDIAN_DATABASE_URL": url,
        "MERIDIAN_SIGNING_KEYS_FILE": str(home / "signing.json"),
        "MERIDIAN_TOKEN_KEYS_FILE": str(home / "public.json"),
        "MERIDIAN_WEB_WORKERS": "1",
        "MERIDIAN_WEB_THREADS": str(THREADS),
        "MERIDIAN_WEB_DRAIN_S": "0",
        "PROMETHEUS_MULTIPROC_DIR": str(home / "meters"),
        "PYTHONPATH": str(ROOT),
    }
    conf = str(ROOT / "deploy" / "gunicorn.conf.py")
    command = [sys.executable, "-m", "gunicorn", "--config", conf, "--bind", f"127.0.0.1:{port}", *more]
    with (home / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        front = Front("gunicorn", port)
        try:
            _until_ready(front)
            yield front
        finally:
            process.terminate()
            process.wait(30)


def _until_ready(front: Front) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            front.health(2)
        except (urllib3.exceptions.HTTPError, AssertionError):
            assert time.monotonic() < until, f"{front.name} did not start"
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="module", params=["gunicorn", "embedded"])
def front(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    home = tmp_path_factory.mktemp("front")
    if request.param == "gunicorn":
        with gunicorn(home) as found:
            yield found
    else:
        with served("embedded", home) as running:
            yield Front("embedded", int(running.url.rpartition(":")[2]))


def _crowd(front: Front) -> list[socket.socket]:
    """Open slow heads, slow bodies, slow chunks and silent connections."""
    opened = []
    for beginning in (HEAD, BODY, CHUNK, b""):
        for _ in range(SLOW):
            opened.append(front.connect())
            opened[-1].sendall(beginning)
    return opened


def test_a_crowd_of_slow_callers_stops_nobody(front: Front) -> None:
    crowd = _crowd(front)
    try:
        times = []
        for _ in range(12):
            times.append(front.health(10))
            for each in crowd:
                _send(each, b"a")
        print(f"{front.name}: {len(crowd)} slow callers, /health/live took at most {max(times):.2f} s")
    finally:
        for each in crowd:
            each.close()


def test_gthread_alone_would_be_stopped(tmp_path: Path) -> None:
    """The control: what the crowd does to the server without what stands in front of it."""
    with gunicorn(tmp_path, "--worker-class", "gthread") as bare:
        crowd = _crowd(bare)
        with pytest.raises(urllib3.exceptions.TimeoutError):
            bare.health(3)
        for each in crowd:
            each.close()


def test_a_request_that_drips_in_is_given_up(front: Front) -> None:
    with front.connect() as slow:
        slow.sendall(HEAD)
        begun = time.monotonic()
        while time.monotonic() - begun < 60:
            try:
                slow.sendall(b"a")
                slow.settimeout(0.5)
                if (data := slow.recv(4096)) == b"" or b" 408 " in data:
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
    pytest.fail("it could drip for a minute")


def test_a_request_in_small_pieces_is_answered(front: Front) -> None:
    body = b'{"username": "nobody", "password": "wrong password"}'
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
    plain = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    chunks = b"".join(b"%x\r\n%b\r\n" % (1, bytes([byte])) for byte in body)
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
    for whole in (plain, chunked):
        with front.connect() as opened:
            for place in range(0, len(whole), 7):
                opened.sendall(whole[place : place + 7])
            assert opened.recv(4096).startswith(b"HTTP/1.1 401")


def test_two_requests_in_one_packet_are_both_answered(front: Front) -> None:
    one = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert front.answer(one + last).count(b"HTTP/1.1 200") == 2


def test_a_caller_who_asks_before_sending_is_told_to_go_on(front: Front) -> None:
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
    with front.connect() as opened:
        opened.sendall(head + b"Expect: 100-continue\r\nConnection: close\r\n\r\n")
        assert opened.recv(4096).startswith(b"HTTP/1.1 100")
        opened.sendall(b"{}")
        said = b""
        while b"HTTP/1.1 422" not in said:
            data = opened.recv(4096)
            assert data, said
            said += data


MALFORMED = {
    "both length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length list": b"Content-Length: 2, 3\r\n\r\n{}",
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a length with a sign": b"Content-Length: +2\r\n\r\n{}",
    "a length in hex": b"Content-Length: 0x2\r\n\r\n{}",
    "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "identity, then chunks": b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk size that is none": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk longer than it says": b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}}}}}\r\n0\r\n\r\n",
    "a header without a colon": b"Nothing\r\n\r\n",
    "a space before the colon": b"Content-Length : 2\r\n\r\n{}",
    "a NUL in a header": b"X-A: b\x00c\r\n\r\n",
    "a header name with a space": b"X A: b\r\n\r\n",
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_request_that_two_readers_may_read_differently_is_refused(front: Front, kind: str) -> None:
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    smuggled = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    said = front.answer(head + MALFORMED[kind] + smuggled)
    assert REFUSED.match(said), said[:300]
    assert b"alive" not in said, "the rest was taken for a request of its own"


def test_bare_line_feeds_do_not_smuggle(front: Front) -> None:
    said = front.answer(
        b"GET /health/live HTTP/1.1\nHost: x\nContent-Length: 0\n\nGET /x HTTP/1.1\nHost: x\n\n",
        timeout_s=5.0,
    )
    assert said == b"" or REFUSED.match(said), said[:300]


def test_a_bomb_of_headers_is_refused(front: Front) -> None:
    many = b"".join(b"X-%d: y\r\n" % number for number in range(10_000))
    long = b"X-Long: " + b"y" * 300_000 + b"\r\n"
    for bomb in (many, long):
        said = front.answer(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + bomb + b"\r\n")
        assert said == b"" or REFUSED.match(said), said[:300]


def test_a_body_of_100_mb_is_refused_without_being_kept(front: Front) -> None:
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    said = front.answer(head + b"Content-Length: 100000000\r\n\r\n" + b"a" * 100_000_000)
    assert said == b"" or REFUSED.match(said)[1] == b"413", said[:300]
    chunk = b"f4240\r\n" + b"a" * 1_000_000 + b"\r\n"
    said = front.answer(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 20 + b"0\r\n\r\n")
    assert said == b"" or REFUSED.match(said)[1] == b"413", said[:300]
    front.health(10)
