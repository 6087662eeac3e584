"""Answering declared routes: reading, the unit of work, idempotency, versions and the representation."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from flask import Response, g, request
from marshmallow import Schema
from sqlalchemy import Connection
from sqlalchemy.exc import StatementError

from libs.common.db import Cause, Transaction, is_transient
from libs.common.errors import Invalid
from libs.common.observability import current_traceparent, logger
from libs.common.web.declaration import Command, Query
from libs.common.web.edge import edge
from libs.common.web.idempotency import REPLAYED, Answer, claim_of
from libs.common.web.intake import HEADER, busy
from libs.common.web.paging import PageArguments, PageRequest, bad_cursor, decode_cursor
from libs.common.web.principal import Visitors
from libs.common.web.reading import read_body, read_query
from libs.common.web.versions import etag, is_unchanged, require_version
from libs.common.web.waiting import preferred_wait, wait_for

_PAGE_ARGUMENTS = PageArguments()
_PAGING = frozenset(_PAGE_ARGUMENTS.fields)
_log = logger(__name__)


def answer_command(declared: Command, ids: dict[str, str]) -> Response:
    """Run a command in one transaction, together with its idempotency key, and answer."""
    intake = _let_in(declared)
    _no_query()
    value, raw = read_body(request)
    first = [_arguments(declared.body, value)]  # what is wrong is refused before a transaction begins
    if declared.if_match == "required":
        require_version()
    principal = g.get("principal")
    subject = principal.subject if principal else "public"
    claim = claim_of(request, _keeper(declared, subject), raw)

    def work(tx: Transaction) -> Answer:
        earlier = claim.take(tx) if claim else None
        if earlier is not None:
            return earlier
        # The work may run again, and a route may have used its arguments up.
        arguments = first.pop() if first else _arguments(declared.body, value)
        answer = _answer_of(declared, declared.function(tx, *arguments, **ids))
        if claim:
            claim.store(tx, _without(declared.shown_once, answer))
        return answer

    superiors = principal.superiors if principal else ()
    cause = Cause(actor=subject, traceparent=current_traceparent(), superiors=superiors)
    answer = edge().database.transact(work, cause=cause)
    settled, headers = _settled(declared, answer)
    return _response(settled, headers | intake)


def _let_in(declared: Command) -> dict[str, str]:
    """Refuse new work while too much is unanswered; return the header that tells how near that is."""
    here = edge()
    if not declared.intake or here.intake is None:
        return {}
    share = here.intake.share(here.database)
    if share >= 1:
        here.meters.refused("busy")
        raise busy()
    return {HEADER: f"{share:.2f}"} if share else {}


def _keeper(declared: Command, subject: str) -> str:
    """Return whose the request's Idempotency-Key is.

    All visitors come as the gateway, so theirs are told apart by the address that they were given, of which only the
    hash is kept: what opens it is a secret.
    """
    if not isinstance(declared.roles, Visitors):
        return subject
    return f"{subject} {hashlib.sha256(request.path.encode()).hexdigest()}"


def _no_query() -> None:
    refuse_unknown(read_query(request))


def refuse_unknown(parameters: dict[str, str]) -> None:
    """Refuse query parameters that nothing asks for."""
    for name in parameters:
        raise Invalid(
            "There is no such query parameter.", field=name, cure="Remove it, or check its spelling."
        )


def _arguments(schema: Schema | None, value: Any) -> tuple[Any, ...]:
    if schema is not None:
        return (schema.load(value),)
    if value != {}:
        raise Invalid("This request takes no body.", field="body", cure="Send no body.")
    return ()


def _answer_of(declared: Command, result: object) -> Answer:
    if declared.answer is None:
        return Answer(declared.status, "", {})
    data = declared.answer.dump(result)
    body = to_json(data)
    headers = {"ETag": etag(data, body)} if "version" in data else {}
    if declared.location is not None:
        headers["Location"] = declared.location.format_map(data)
    return Answer(declared.status, body, headers)


def _without(names: frozenset[str], answer: Answer) -> Answer:
    """Return the answer as it is kept: what is shown once is null when the request comes again."""
    if not names:
        return answer
    data = {name: None if name in names else value for name, value in json.loads(answer.body).items()}
    return replace(answer, body=to_json(data))


def _settled(declared: Command, answer: Answer) -> tuple[Answer, dict[str, str]]:
    """Wait as the caller prefers, and read the answer again once others have done their part."""
    headers = {REPLAYED: "true"} if answer.replayed else {}
    seconds = preferred_wait(request)
    if not seconds or declared.wait is None or not answer.body:
        return answer, headers
    wait, reload, database = declared.wait, declared.reload, edge().database
    data = json.loads(answer.body)
    wait_for(lambda: wait(database, data), seconds)
    if reload is not None:
        again = _answer_of(declared, database.read(lambda connection: reload(connection, data)))
        answer = Answer(answer.status, again.body, answer.headers | again.headers)
    return answer, headers | {"Preference-Applied": f"wait={seconds}"}


def answer_query(declared: Query, ids: dict[str, str]) -> Response:
    """Run a query on a reading connection and answer, or say that nothing has changed."""
    parameters = read_query(request)
    arguments, page = _filters_and_page(declared, parameters)
    try:
        data = edge().database.read(lambda connection: _look(declared, connection, arguments, ids))
    except (StatementError, ValueError, TypeError, IndexError) as error:
        if page is None or page.after is None or is_transient(error):
            raise
        _log.warning("cursor_refused", exc_info=error)
        raise bad_cursor() from None
    body = to_json(data)
    tag = etag(data, body)
    if is_unchanged(request, tag):
        return Response(status=304, headers={"ETag": tag})
    return _response(Answer(200, body, {"ETag": tag}), {})


def _look(declared: Query, connection: Connection, arguments: list[Any], ids: dict[str, str]) -> Any:
    return declared.answer.dump(declared.function(connection, *arguments, **ids))


def _filters_and_page(declared: Query, parameters: dict[str, str]) -> tuple[list[Any], PageRequest | None]:
    page = None
    if declared.paged:
        given = {name: parameters.pop(name) for name in _PAGING & parameters.keys()}
        page = _page_request(_PAGE_ARGUMENTS.load(given), declared.list_name)
    found: list[Any] = []
    if declared.filters is not None:
        found.append(declared.filters.load(parameters))
    else:
        refuse_unknown(parameters)
    return (found if page is None else [*found, page]), page


def _page_request(given: dict[str, Any], list_name: str) -> PageRequest:
    cursor = given["cursor"]
    return PageRequest(given["limit"], decode_cursor(cursor, list_name) if cursor else None, list_name)


def to_json(data: object) -> str:
    """Return an answer as JSON text, fields in the order of their schema."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _response(answer: Answer, headers: dict[str, str]) -> Response:
    response = Response(answer.body, answer.status, headers=answer.headers | headers)
    if answer.body:
        response.content_type = "application/json"
    return response
