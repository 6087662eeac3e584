"""Is the process alive, and may it be sent work?"""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from libs.common.db.idempotency import idempotency
from libs.common.observability import logger
from libs.common.web.edge import Edge, edge
from libs.common.web.problems import problem
from libs.common.web.serving import to_json

_log = logger(__name__)


def health_routes(app: Flask) -> None:
    """Add ``/health/live`` (the process answers) and ``/health/ready`` (it can do its work and is not leaving)."""
    app.add_url_rule("/health/live", "health_live", _live)
    app.add_url_rule("/health/ready", "health_ready", _ready)


def _live() -> Response:
    return _json({"status": "alive", "service": edge().service})


def _ready() -> Response:
    here = edge()
    if here.draining.is_set():
        return problem(
            503, "draining", "This process is leaving; send work elsewhere.", headers={"Retry-After": "1"}
        )
    if not _database_answers(here):
        return problem(
            503, "database_unavailable", "The database does not answer.", headers={"Retry-After": "1"}
        )
    return _json({"status": "ready", "service": here.service, "checks": {"database": "ok"}})


def _database_answers(here: Edge) -> bool:
    try:
        with here.database.reading() as connection:
            connection.execute(select(idempotency.c.key).limit(1))
    except SQLAlchemyError as error:
        _log.warning("not_ready", error=type(error).__name__)
        return False
    return True


def _json(data: dict[str, object]) -> Response:
    return Response(to_json(data), content_type="application/json")
