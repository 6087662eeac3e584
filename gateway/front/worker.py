"""gunicorn's threaded worker, with an event loop that waits for slow callers instead of its threads.

A thread of gthread reads the head and the body itself and waits for them without end: as many half requests as there
are threads stop the server for everybody. Here the loop of the worker collects the bytes and hands a connection to a
thread when its request is there as a whole. What does not arrive in time is closed, and when connections run short
the one that has been arriving longest goes first.
"""

from __future__ import annotations

import json
import selectors
import socket
import struct
import time
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from gateway.front.arrival import Arrival, State

ARRIVAL_S = 15.0
SILENCE_S = 10.0
"""How long a new connection may say nothing at all."""

_SEND_S = 10
_GOODBYE_S = 2.0
_CHUNK = 64 * 1024
_SPARE_CONNECTIONS = 64
_REFUSALS = {
    State.MALFORMED: (400, "malformed", "It is not clear where this request ends."),
    State.HEAD_TOO_LONG: (431, "head_too_long", "The head of the request is too long."),
    State.BODY_TOO_LARGE: (413, "too_large", "The body is larger than 1 MiB."),
    State.PARTIAL: (408, "too_slow", "The request did not arrive in time."),
}
_CURES = {
    400: "Send one Content-Length, or chunks as RFC 9112 describes them.",
    431: "Send fewer or shorter headers.",
    413: "Send it in several requests.",
    408: "Send it again.",
}


class _Guest:
    """A connection whose request is under way."""

    def __init__(self, connection: Any, seconds: float) -> None:
        self.connection = connection
        self.arrival = Arrival()
        self.ends = time.monotonic() + seconds
        self.leaving = False
        self.told_to_continue = False


class PatientWorker(ThreadWorker):
    """Serves by threads, and lets nobody but the loop wait for a caller."""

    def init_process(self) -> None:
        """Begin with nobody at the door."""
        self.guests: dict[Any, _Guest] = {}
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """Take a connection that is new, was idle, or has sent the next request already."""
        if conn.initialized:
            self._await(conn, conn.parser.unreader.take_buffered())
        else:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _SEND_S, 0))
            self._make_room()
            self._await(conn, b"")

    def murder_pending(self) -> None:
        """Close what took too long to arrive; a worker that leaves waits for nobody who has said nothing yet."""
        super().murder_pending()
        now = time.monotonic()
        for guest in list(self.guests.values()):
            silent = not guest.arrival.buffer
            if (guest.leaving and now > guest.ends) or (silent and (now > guest.ends or not self.alive)):
                self._forget(guest)
            elif not guest.leaving and now > guest.ends:
                self._refuse(guest, State.PARTIAL)

    def _await(self, conn: Any, given: bytes) -> None:
        conn.sock.setblocking(False)
        guest = _Guest(conn, ARRIVAL_S if given else SILENCE_S)
        self.guests[conn] = guest
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive, guest))
        if given:
            self._move(guest, given)
        else:
            self._receive(guest, conn.sock)

    def _receive(self, guest: _Guest, client: socket.socket) -> None:
        try:
            data = client.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._forget(guest)
        elif not guest.leaving:
            if not guest.arrival.buffer:
                guest.ends = time.monotonic() + ARRIVAL_S
            self._move(guest, data)

    def _move(self, guest: _Guest, data: bytes) -> None:
        state = guest.arrival.add(data)
        if state is State.WHOLE:
            self._hand_over(guest)
        elif state is not State.PARTIAL:
            self._refuse(guest, state)
        elif guest.arrival.awaits_consent and not guest.told_to_continue:
            guest.told_to_continue = True
            _say(guest, b"HTTP/1.1 100 Continue\r\n\r\n")

    def _hand_over(self, guest: _Guest) -> None:
        conn = guest.connection
        self._release(guest)
        conn.data_ready = True
        conn.init()
        conn.parser.unreader.unread(bytes(guest.arrival.buffer))
        super().enqueue_req(conn)

    def _refuse(self, guest: _Guest, state: State) -> None:
        """Answer, and read on for a moment without keeping anything: a reset would destroy the answer."""
        _say(guest, _refusal(*_REFUSALS[state]))
        guest.leaving = True
        guest.ends = time.monotonic() + _GOODBYE_S
        try:
            guest.connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._forget(guest)

    def _make_room(self) -> None:
        """Let the one that has been arriving longest go when connections run short."""
        if self.nr_conns > self.worker_connections - _SPARE_CONNECTIONS:
            oldest = next(iter(self.guests.values()), None)
            if oldest is not None:
                self._forget(oldest)

    def _release(self, guest: _Guest) -> None:
        self.poller.unregister(guest.connection.sock)
        del self.guests[guest.connection]

    def _forget(self, guest: _Guest) -> None:
        self._release(guest)
        self.nr_conns -= 1
        guest.connection.close()


def _say(guest: _Guest, data: bytes) -> None:
    try:
        guest.connection.sock.send(data)
    except OSError:
        return  # it left, or does not listen; the deadline takes care of it


def _refusal(status: int, code: str, detail: str) -> bytes:
    title = HTTPStatus(status).phrase
    errors = [{"field": "body" if status == 413 else "request", "message": detail, "cure": _CURES[status]}]
    document = {"type": f"urn:meridian:problem:{code.replace('_', '-')}", "title": title, "status": status}
    body = json.dumps(document | {"detail": detail, "code": code, "errors": errors}).encode()
    head = (
        f"HTTP/1.1 {status} {title}\r\nContent-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n"
        "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
