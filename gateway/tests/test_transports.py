"""Over real sockets and within the process: an answer, or a clear word about why there is none."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from gateway.clients.breaker import Breaker
from gateway.clients.fan_out import FanOut
from gateway.clients.http import HttpTransport
from gateway.clients.in_process import InProcessTransport
from gateway.clients.services import ServiceUnavailable
from gateway.clients.transport import Answer, Call, TooSlow, Transport, Unreachable
from gateway.tests.conftest import minutes
from gateway.tests.upstream import Upstream, replying
from libs.common.testing import ManualClock


@pytest.fixture
def upstream() -> Upstream:
    return Upstream(
        {"/moved": Response(status=302, headers={"Location": "/here"}), "/here": replying(200, {"a": 1})}
    )


@pytest.fixture
def address(upstream: Upstream) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, upstream, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["http", "in_process"])
def transport(request: pytest.FixtureRequest, upstream: Upstream, address: str) -> Transport:
    return (
        HttpTransport({"sales": address})
        if request.param == "http"
        else InProcessTransport({"sales": upstream})
    )


def test_both_transports_carry_the_same(transport: Transport, upstream: Upstream) -> None:
    call = Call(
        "PUT", "/here%20too?a=%C3%BC&b=", {"Content-Type": "application/json", "If-Match": '"1"'}, b'{"x": 1}'
    )
    upstream.replies["/here too"] = replying(200, {"y": 2}, ETag='"2"')
    answer = transport.send("sales", call)
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b'{"y": 2}', '"2"')
    seen = upstream.last
    assert (seen.method, seen.path, seen.query, seen.body) == ("PUT", "/here too", "a=%C3%BC&b=", b'{"x": 1}')
    assert (seen.headers["content-type"], seen.headers["if-match"]) == ("application/json", '"1"')


def test_what_the_caller_did_not_say_is_not_added(transport: Transport, upstream: Upstream) -> None:
    upstream.replies["/bare"] = replying(200, {})
    transport.send("sales", Call("POST", "/bare"))
    assert upstream.last.headers.get("content-length") == "0"
    assert not {"accept", "content-type", "expect"} & {
        name for name, text in upstream.last.headers.items() if text
    }
    transport.send("sales", Call("POST", "/bare", {"Accept": "text/csv", "Prefer": ""}, b"x" * 2_000_000))
    assert (upstream.last.headers["accept"], len(upstream.last.body)) == ("text/csv", 2_000_000)
    assert upstream.last.headers.get("expect") is None


def test_dots_in_a_path_are_not_resolved(transport: Transport, upstream: Upstream) -> None:
    upstream.replies["/a/../here"] = replying(200, {"dots": True})
    assert transport.send("sales", Call("GET", "/a/../here")).body == b'{"dots": true}'


def test_a_head_has_no_body(transport: Transport, upstream: Upstream) -> None:
    answer = transport.send("sales", Call("HEAD", "/here"))
    assert (answer.status, answer.body, upstream.last.method) == (200, b"", "HEAD")


def test_redirects_are_answers(transport: Transport, upstream: Upstream) -> None:
    assert transport.send("sales", Call("GET", "/moved")).status == 302
    assert [seen.path for seen in upstream.asked] == ["/moved"]


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable):
        HttpTransport({"sales": f"http://127.0.0.1:{port}"}).send("sales", Call("GET", "/here"))
    with pytest.raises(Unreachable):
        InProcessTransport({}).send("sales", Call("GET", "/here"))


def test_an_application_that_breaks_is_unreachable() -> None:
    def broken(_environ: object, _start: object) -> list[bytes]:
        raise ZeroDivisionError

    with pytest.raises(Unreachable, match="ZeroDivisionError"):
        InProcessTransport({"sales": broken}).send("sales", Call("GET", "/here"))


def _serve_once(*chunks: bytes, pause_s: float) -> tuple[str, threading.Thread]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with listener, connection:
            connection.recv(65536)
            for chunk in chunks:
                try:
                    connection.sendall(chunk)
                except OSError:
                    return
                time.sleep(pause_s)

    thread = threading.Thread(target=serve)
    thread.start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}", thread


@pytest.mark.parametrize(
    ("chunks", "pause_s"),
    [
        ((b"",), 0.2),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n", *[b"x"] * 9), 0.02),
    ],
    ids=["silent", "dripping"],
)
def test_silence_and_dripping_end_at_the_deadline(chunks: tuple[bytes, ...], pause_s: float) -> None:
    url, thread = _serve_once(*chunks, pause_s=pause_s)
    started = time.monotonic()
    with pytest.raises(TooSlow):
        HttpTransport({"sales": url}).send("sales", Call("GET", "/", deadline_s=0.08))
    assert time.monotonic() - started < 0.3
    thread.join()


def test_a_broken_answer_is_unreachable() -> None:
    url, thread = _serve_once(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nabc", pause_s=0)
    with pytest.raises(Unreachable):
        HttpTransport({"sales": url}).send("sales", Call("GET", "/"))
    thread.join()


def test_a_connection_is_used_again(address: str) -> None:
    transport = HttpTransport({"sales": address})
    answers = [transport.send("sales", Call("GET", "/here")) for _ in range(3)]
    assert {answer.status for answer in answers} == {200}


class _Keeping:
    """A server that answers on each connection until its other side ends it, and tells how many there were."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.made: list[socket.socket] = []
        self._start(self._accept)

    def _start(self, work: Callable[[], None]) -> None:
        self._threads.append(threading.Thread(target=work))
        self._threads[-1].start()

    def _accept(self) -> None:
        with self._listener, suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.made.append(connection)
                self._start(partial(self._answer, connection))

    @staticmethod
    def _answer(connection: socket.socket) -> None:
        with connection:
            while connection.recv(65536):
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    def end(self) -> None:
        """Leave nothing open: whoever waits at a socket is woken by its end, and not by its being closed."""
        for each in (self._listener, *self.made):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()


def _connections_of(calls: list[Call]) -> int:
    """Return how many connections a transport makes for ``calls``, at a server that keeps each."""
    server = _Keeping()
    transport = HttpTransport({"sales": server.url})
    try:
        for call in calls:
            assert transport.send("sales", call).status == 200
    finally:
        server.end()
    return len(server.made)


def test_what_must_not_be_sent_twice_never_goes_over_a_connection_that_may_be_gone() -> None:
    harmless = Call("POST", "/", {"Idempotency-Key": "k"})
    assert _connections_of([Call("GET", "/"), harmless, harmless]) == 1
    assert _connections_of([Call("GET", "/"), Call("POST", "/"), Call("POST", "/")]) == 3


def test_an_answer_that_is_far_too_large_is_not_read() -> None:
    url, thread = _serve_once(b"HTTP/1.1 200 OK\r\nContent-Length: 99000000\r\n\r\nabc", pause_s=0)
    with pytest.raises(Unreachable, match=r"(?i)size"):
        HttpTransport({"sales": url}).send("sales", Call("GET", "/"))
    thread.join()


def test_after_failures_one_probe_at_a_time(clock: ManualClock) -> None:
    breaker = Breaker(clock, failures=2, rest=minutes(1))
    breaker.failed()
    since = breaker.down_since
    assert (breaker.rest_seconds(), since) == (0, clock.now())
    clock.advance(minutes(1))
    breaker.failed()
    assert (breaker.rest_seconds(), breaker.down_since) == (60, since)
    clock.advance(minutes(1))
    assert [breaker.rest_seconds(), breaker.rest_seconds()] == [0, 60]
    breaker.failed()
    assert breaker.rest_seconds() == 60
    clock.advance(minutes(1))
    assert breaker.rest_seconds() == 0
    breaker.answered()
    assert (breaker.rest_seconds(), breaker.rest_seconds(), breaker.down_since) == (0, 0, None)


def test_asking_at_once_takes_as_long_as_the_slowest_and_no_longer_than_the_deadline() -> None:
    release = threading.Event()

    def refuse() -> Answer:
        raise ServiceUnavailable("crm", "service_resting", "No.")

    def hang() -> Answer:
        release.wait(2)
        return Answer(200, {}, b"late")

    fan_out = FanOut(workers=3)
    started = time.monotonic()
    found = fan_out.gather({"sales": lambda: Answer(200, {}, b"ok"), "crm": refuse, "finance": hang}, 0.1)
    assert time.monotonic() - started < 0.4
    release.set()
    fan_out.close()
    sales, crm, finance = found["sales"], found["crm"], found["finance"]
    assert isinstance(sales, Answer)
    assert isinstance(crm, ServiceUnavailable)
    assert isinstance(finance, ServiceUnavailable)
    assert (sales.body, crm.code, finance.code) == (b"ok", "service_resting", "service_slow")


def test_a_fault_of_ours_is_not_hidden_as_an_outage() -> None:
    def fault() -> Answer:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        FanOut(1).gather({"sales": fault}, 0.1)
