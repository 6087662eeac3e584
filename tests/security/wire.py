"""An HTTP client that sends exactly the bytes it is told to: no library between the attack and the socket tidies it."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TIMEOUT_S = 40.0


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds; status 0 means that the connection broke without an answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    def json(self) -> Any:
        """Return the body as JSON; ``None`` when it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class Wire:
    """One connection to one address, opened again whenever the server has closed it."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self.address = (host, int(port))
        self._socket: socket.socket | None = None

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Send one request and return the answer; a kept connection that went stale is opened once more."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.address[0]}:{self.address[1]}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        kept = self._socket is not None
        answer = self._exchange(head + (body or b""), method)
        return self._exchange(head + (body or b""), method) if kept and answer.status == 0 else answer

    def _exchange(self, request: bytes, method: str) -> Answer:
        started = time.perf_counter()
        if self._socket is None:
            self._socket = socket.create_connection(self.address, timeout=TIMEOUT_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(
            OSError
        ):  # a server may refuse a body before it has read it; the answer waits
            self._socket.sendall(request)
        return self._read(method, started)

    def _read(self, method: str, started: float) -> Answer:
        assert self._socket is not None
        response = http.client.HTTPResponse(self._socket, method=method)
        try:
            response.begin()
            body = response.read()
        except (http.client.HTTPException, OSError):
            self.close()
            return Answer(0, {}, b"", time.perf_counter() - started)
        headers = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.close()
        return Answer(response.status, headers, body, time.perf_counter() - started)

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
