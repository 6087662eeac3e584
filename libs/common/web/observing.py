"""Around every request: its trace, the context of its log lines, its figures, and the headers of the answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, g, request

from libs.common.observability import current_trace_id, current_traceparent, logger, server_span
from libs.common.web.edge import edge
from libs.common.web.meters import Meters

_QUIET = ("/health/", "/metrics")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_log = logger(__name__)
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Traced:
    """WSGI middleware: the request is one span, below the caller's ``traceparent`` when it sent a valid one."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer inside the span."""
        with server_span(environ.get("REQUEST_METHOD", ""), environ.get("HTTP_TRACEPARENT")):
            return self._inner(environ, start_response)


def observe(app: Flask, meters: Meters) -> None:
    """Watch every request of ``app``."""
    app.wsgi_app = Traced(app.wsgi_app)  # type: ignore[method-assign]

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        g.trace_id = current_trace_id()

    @app.after_request
    def end(response: Response) -> Response:
        _headers(response)
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "unmatched"
        meters.count(_method(), route, response.status_code, seconds)
        if not request.path.startswith(_QUIET):
            _line(route, response, seconds)
        return response


def _method() -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return request.method if request.method in known else "other"


def _line(route: str, response: Response, seconds: float) -> None:
    principal = g.get("principal")
    _log.info(
        "request",
        method=_method(),
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        actor=principal.subject if principal else None,
    )


def _headers(response: Response) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault(
        "Cache-Control", "private, no-cache" if "ETag" in response.headers else "no-store"
    )
    traceparent = current_traceparent()
    if traceparent:
        response.headers["traceparent"] = traceparent
    if edge().draining.is_set():
        response.headers["Connection"] = "close"
