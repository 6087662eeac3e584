"""Passing requests on to the service whose address it is, and its answer back, both as they are."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, request

from gateway.api.parts import caller_address, parts
from gateway.clients.routing import BASE, Route, route_of
from gateway.clients.services import ITSELF, ServiceUnavailable
from gateway.clients.transport import Answer, Call
from libs.common.errors import NotFound
from libs.common.web import Principal, principal
from libs.common.web.edge import edge
from libs.common.web.principal import admit
from libs.common.web.problems import problem
from libs.common.web.reading import MAX_QUERY_BYTES, read_query
from libs.common.web.waiting import preferred_wait

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_FORWARDED = (
    "Accept",
    "Accept-Language",
    "Content-Encoding",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Prefer",
)
_RETURNED = (
    "allow",
    "cache-control",
    "content-disposition",
    "content-language",
    "content-type",
    "etag",
    "idempotency-replayed",
    "link",
    "meridian-intake",
    "location",
    "preference-applied",
    "retry-after",
)
CALLER_ADDRESS = "Meridian-Caller-Address"
"""Tells a service from where a visitor came; what a caller says of it himself is not passed on."""

_SAFE_IN_PATH = "/-._~!$&'()*+,;=:@"


def pass_on_requests(app: Flask) -> None:
    """Add the one route for everything that is a service's; what it does not list is not passed on."""
    app.add_url_rule(f"{BASE}/<path:address>", "pass_on", pass_on, methods=METHODS)
    app.register_error_handler(ServiceUnavailable, unavailable)


def pass_on(address: str) -> Response:
    """Answer with what the service answers."""
    route = route_of(address)
    who = _caller(route)
    if route is None:
        raise NotFound("There is nothing at this address.")
    answer = parts().services.ask(route.service, _call(address, visiting=route.is_open), who)
    if answer.status == 401:
        raise ServiceUnavailable(
            route.service, "service_distrusts", "It does not accept the gateway's token."
        )
    return _response(route, answer)


def _caller(route: Route | None) -> Principal:
    """Return on whose behalf a service is asked; nobody learns without a token which addresses there are."""
    if route is not None and route.is_open:
        return ITSELF
    edge().authenticate()
    if route is not None:
        admit(principal(), route.roles)
    return principal()


def _call(address: str, *, visiting: bool) -> Call:
    read_query(request)
    query = request.query_string[:MAX_QUERY_BYTES].decode("latin-1")
    headers = {name: request.headers[name] for name in _FORWARDED if name in request.headers}
    if visiting:
        headers |= {CALLER_ADDRESS: caller_address(), "User-Agent": request.headers.get("User-Agent", "")}
    return Call(
        method=request.method,
        target=quote(f"{BASE}/{address}", safe=_SAFE_IN_PATH) + (f"?{query}" if query else ""),
        headers=headers,
        body=request.get_data(cache=False),
        deadline_s=parts().call_deadline_s + preferred_wait(request),
    )


def _response(route: Route, answer: Answer) -> Response:
    response = Response(answer.body, answer.status)
    del response.headers["Content-Type"]
    for name in _RETURNED:
        if name in answer.headers:
            response.headers[name] = answer.headers[name]
    response.headers["Meridian-Service"] = route.service
    return response


def unavailable(error: ServiceUnavailable) -> Response:
    """Say which service cannot answer, and when to try again."""
    detail = f"The service {error.service} cannot answer now. {error.detail}"
    headers = {"Retry-After": str(error.retry_after_s)}
    return problem(503, error.code, detail, figures={"service": error.service}, headers=headers)
