"""Calls within the process, for the embedded system: the services' WSGI applications answer in the caller's thread."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.test import run_wsgi_app

from gateway.clients.transport import Answer, Call, Unreachable

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
_PLAIN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class InProcessTransport:
    """Reaches each service by calling its application; the deadline cannot interrupt it."""

    def __init__(self, applications: Mapping[str, Wsgi]) -> None:
        self._applications = dict(applications)

    def send(self, service: str, call: Call) -> Answer:
        """Return the answer of ``service``; an application that fails or is missing counts as unreachable."""
        application = self._applications.get(service)
        if application is None:
            raise Unreachable(f"{service} is not part of this process")
        try:
            chunks, status, headers = run_wsgi_app(application, _environment(service, call), buffered=True)
            body = b"".join(chunks)
        except Exception as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        return Answer(int(status.split(" ", 1)[0]), {name.lower(): text for name, text in headers}, body)


def _environment(service: str, call: Call) -> dict[str, Any]:
    path, _, query = call.target.partition("?")
    environment: dict[str, Any] = {
        "REQUEST_METHOD": call.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": service,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": service,
        "CONTENT_LENGTH": str(len(call.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(call.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, text in call.headers.items():
        lower = name.lower()
        environment[_PLAIN.get(lower) or f"HTTP_{lower.upper().replace('-', '_')}"] = text
    return environment
