"""A tiny service for the gateway's tests: it answers as it is told and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request, Response


@dataclass
class Asked:
    """One request as the service saw it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


def replying(status: int, data: Any = None, **headers: str) -> Response:
    """Return an answer with JSON ``data``."""
    kind = "application/json" if status < 400 else "application/problem+json"
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(json.dumps(data) if data is not None else b"", status, named, content_type=kind)


@dataclass
class Upstream:
    """Answers by path; anything else is 404. A reply may be a response or a function of the request."""

    replies: dict[str, Response | Callable[[Request], Response]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        seen = Asked(
            request.method,
            request.path,
            request.query_string.decode(),
            {name.lower(): text for name, text in request.headers.items()},
            request.get_data(),
        )
        with self.lock:
            self.asked.append(seen)
        reply = self.replies.get(request.path) or replying(404, {"code": "not_found", "detail": "No."})
        return (reply if isinstance(reply, Response) else reply(request))(environ, start_response)

    @property
    def last(self) -> Asked:
        """The last request."""
        return self.asked[-1]
