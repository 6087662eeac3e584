"""A service's web application: its nouns, and around them everything that every service does the same way."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Event
from typing import Any

from flask import Flask, Response, g, request

from libs.common.db import Database
from libs.common.settings import metrics_folder
from libs.common.web.edge import EXTENSION, Authenticate, Edge, by_token, edge
from libs.common.web.fields import LINE_BREAKS, UNSAFE
from libs.common.web.health import health_routes
from libs.common.web.history import history_noun
from libs.common.web.intake import Intake
from libs.common.web.meters import Meters
from libs.common.web.noun import Noun
from libs.common.web.observing import observe
from libs.common.web.parked import parked_noun
from libs.common.web.principal import ANY, admit
from libs.common.web.problems import EdgeError, handle_problems
from libs.common.web.reading import MAX_BODY_BYTES
from libs.common.web.rule import PatientRule
from libs.common.web.serving import to_json
from libs.common.web.specification import Specification
from libs.common.web.tokens import TokenKeys


def create_service_app(
    service: str,
    database: Database,
    nouns: Iterable[Noun],
    *,
    keys: TokenKeys | None = None,
    identify: Authenticate | None = None,
    title: str,
    with_messages: bool = True,
    intake: Intake | None = None,
) -> Flask:
    """Return the web application of ``service``.

    Callers are known by a token of the gateway, verified with ``keys``; ``identify`` replaces that where callers
    prove themselves otherwise. ``intake`` bounds the new work that is taken in. ``with_messages`` shows what the
    service sent, to the gateway, and what it could not handle, to administrators.
    """
    if (keys is None) == (identify is None):
        raise TypeError("give either keys or identify")
    app = Flask(service, static_folder=None)
    app.url_rule_class = PatientRule
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_BYTES, PROPAGATE_EXCEPTIONS=False, MAX_FORM_MEMORY_SIZE=0)
    app.url_map.merge_slashes = False
    meters = Meters(database, shared_folder=metrics_folder())
    known = identify or by_token(_given(keys), service)
    here = Edge(service, database, known, intake=intake, meters=meters)
    app.extensions[EXTENSION] = here
    observe(app, meters)
    app.before_request(_refuse_unsafe_path)
    handle_problems(app)
    health_routes(app)
    served = [*nouns, *((history_noun(), parked_noun(service)) if with_messages else ())]
    for noun in served:
        app.register_blueprint(noun)
    here.document = Specification(app, served, title)
    app.add_url_rule("/metrics", "metrics", lambda: _metrics(meters))
    app.add_url_rule("/openapi.json", "openapi", _openapi)
    return app


def _given(keys: TokenKeys | None) -> TokenKeys:
    assert keys is not None
    return keys


def _refuse_unsafe_path() -> None:
    path = request.path
    if UNSAFE.search(path) or LINE_BREAKS.search(path) or "\ufffd" in path:
        raise EdgeError(
            400, "malformed", "The path contains characters that no address has.",
            field="path", cure="Send the address as it was given, in percent encoding.",
        )  # fmt: skip


def _metrics(meters: Meters) -> Response:
    text, content_type = meters.text()
    return Response(text, content_type=content_type)


def _openapi() -> Response:
    edge().authenticate()
    admit(g.principal, ANY)
    return Response(to_json(edge().document()), content_type="application/json")


def document_of(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document of ``app``."""
    here: Edge = app.extensions[EXTENSION]
    return here.document()


def leaving_of(app: Flask) -> Event:
    """Return what is set once the process of ``app`` was told to leave, for who would answer for long."""
    here: Edge = app.extensions[EXTENSION]
    return here.draining


def drain(app: Flask) -> None:
    """Announce that this process will leave: ``/health/ready`` answers 503 and connections are closed after use.

    Call it when the stop signal comes (deploy/gunicorn.conf.py does, or before ``shutdown`` when embedded), give the
    balancer its interval, and then stop; requests in flight are finished by the server's graceful timeout.
    """
    here: Edge = app.extensions[EXTENSION]
    here.draining.set()
