"""A stream of hints that something changed (server-sent events), for the console; then it asks the usual address."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Response, request

from gateway.api.parts import parts
from gateway.auth.cookies import COOKIE, still_the_same
from gateway.changes.hub import Full, Stream
from gateway.front.presence import has_left
from libs.common.errors import Forbidden
from libs.common.web import ANY, Noun, principal
from libs.common.web.edge import edge
from libs.common.web.principal import admit
from libs.common.web.problems import EdgeError

RETRY_S = 30
_AGAIN_MS = 3000
_REFUSALS = (401, 403, 500, 503)

changes = Noun("changes", "/api/v1/changes", description="That something changed, as it happens")
_STREAM = {
    "summary": "Hints of what changed",
    "description": 'A stream of `{"kinds": [...]}` for the console\'s cookie; 503 where there is no room for more.',
    "responses": {
        "200": {
            "description": "The stream",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **{str(code): f"Problem{code}" for code in _REFUSALS},
    },
}


def _follow() -> Response:
    """Tell which kinds of things changed until the session ends, the browser leaves, or the process does."""
    edge().authenticate()
    who = principal()
    admit(who, ANY)
    secret = request.cookies.get(COOKIE)
    if secret is None or {"X-API-Key", "Authorization"} & set(request.headers.keys()):
        raise Forbidden("Only the console may listen.", cure="Ask the addresses themselves, or the events.")
    here = parts()
    try:
        stream = here.changes.open(
            who, lambda: still_the_same(here.database, secret, who), has_left(request.environ)
        )
    except Full:
        raise EdgeError(
            503,
            "too_many_streams",
            "There is no room for another listener.",
            cure=f"Ask the addresses themselves, and try again in {RETRY_S} s.",
            headers={"Retry-After": str(RETRY_S)},
        ) from None
    response = Response(_lines(stream), content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(lambda: here.changes.leave(stream))
    return response


def _lines(stream: Stream) -> Iterator[bytes]:
    """Yield events, and a comment where nothing changes for long: by it a reader is noticed who vanished."""
    yield f"retry: {_AGAIN_MS}\n\n".encode()
    while (kinds := stream.wait()) is not None:
        yield f"data: {json.dumps({'kinds': kinds})}\n\n".encode() if kinds else b": still here\n\n"


changes.add_url_rule("", "follow", changes.doc(**_STREAM)(_follow), methods=["GET"])
