"""An HTTP client that costs next to nothing, so that the load generator leaves the machine to what is measured.

It speaks just the HTTP/1.1 that the gateway answers: keep-alive, Content-Length. A full client library would use
about a millisecond per call, which is a tenth of the call itself.
"""

from __future__ import annotations

import json
import re
import socket
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 60.0
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
_RETRY = re.compile(rb"\r\nretry-after:\s*(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:\s*close", re.IGNORECASE)


class Broken(Exception):
    """The connection broke before the answer was whole."""


@dataclass(frozen=True)
class Answer:
    """Status, body, the seconds of Retry-After if any, and how long it took."""

    status: int
    body: bytes
    retry_after_s: float | None
    seconds: float

    def json(self) -> Any:
        """Return the document in the body."""
        return json.loads(self.body)


class Connection:
    """One keep-alive connection to the gateway, used by one thread."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._host = f"{self._address[0]}:{self._address[1]}"
        self._socket: socket.socket | None = None

    def call(
        self, method: str, path: str, token: str, body: Any = None, *, key: str = "", prefer: str = ""
    ) -> Answer:
        """Send one request and return the answer; sent again, under the same key, when the connection was stale."""
        request = self._request(method, path, token, body, key, prefer)
        started = time.perf_counter()
        for last in (False, True):
            try:
                return self._exchange(request, started)
            except (OSError, Broken) as error:
                self.close()
                if last:
                    raise Broken(f"{method} {path}: {error}") from error
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _request(self, method: str, path: str, token: str, body: Any, key: str, prefer: str) -> bytes:
        lines = [f"{method} /api/v1{path} HTTP/1.1", f"Host: {self._host}"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        content = b""
        if method != "GET":
            content = json.dumps(body if body is not None else {}).encode()
            lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        if key:
            lines.append(f"Idempotency-Key: {key}")
        if prefer:
            lines.append(f"Prefer: {prefer}")
        return "\r\n".join([*lines, "", ""]).encode() + content

    def _exchange(self, request: bytes, started: float) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, TIMEOUT_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        head, rest = self._head()
        length = _LENGTH.search(head)
        missing = (int(length[1]) if length else 0) - len(rest)
        while missing > 0:
            piece = self._receive()
            rest += piece
            missing -= len(piece)
        if _CLOSE.search(head):
            self.close()
        retry = _RETRY.search(head)
        seconds = time.perf_counter() - started
        return Answer(int(head[9:12]), rest, float(retry[1]) if retry else None, seconds)

    def _head(self) -> tuple[bytes, bytes]:
        received = self._receive()
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, _, rest = received.partition(b"\r\n\r\n")
        return head, rest

    def _receive(self) -> bytes:
        assert self._socket is not None
        piece = self._socket.recv(65536)
        if not piece:
            raise Broken("the other side closed the connection")
        return piece

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
