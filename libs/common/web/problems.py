"""Every refusal as RFC 9457 problem+json: what is wrong, where, and what to do about it; never a stack trace."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask, Response, g, has_request_context
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from libs.common.db import is_transient
from libs.common.errors import (
    Forbidden,
    Invalid,
    Later,
    MeridianError,
    NotFound,
    Refused,
    VersionMismatch,
)
from libs.common.money import CurrencyMismatch, Money, Price
from libs.common.observability import logger
from libs.common.quantity import Quantity
from libs.common.web.schema import complaints

CONTENT_TYPE = "application/problem+json"
_TYPE = "urn:meridian:problem:"
_STATUS: tuple[tuple[type[MeridianError], int], ...] = (
    (Invalid, 422),
    (NotFound, 404),
    (Forbidden, 403),
    (Refused, 409),
    (VersionMismatch, 412),
    (Later, 409),
)
_RESERVED = {"type", "title", "status", "detail", "instance", "code", "errors", "request_id"}
_log = logger(__name__)


class EdgeError(Exception):
    """A refusal of the edge itself, before any business rule was asked."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        cure: str | None = None,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.cure = cure
        self.field = field
        self.headers = dict(headers or {})


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    figures: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem document; ``figures`` become members of it."""
    document: dict[str, Any] = {
        "type": _TYPE + code.replace("_", "-"),
        "title": HTTP_STATUS_CODES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if has_request_context() and g.get("trace_id"):
        document["request_id"] = g.trace_id
    document["errors"] = [_entry(error) for error in errors]
    document.update({name: plain(value) for name, value in (figures or {}).items() if name not in _RESERVED})
    response = Response(json.dumps(document, ensure_ascii=False), status, content_type=CONTENT_TYPE)
    response.headers.extend(dict(headers or {}))
    return response


def _entry(error: Mapping[str, Any]) -> dict[str, Any]:
    return {name: error[name] for name in ("field", "message", "cure") if error.get(name) is not None}


def plain(value: object) -> Any:
    """Return a figure as JSON data, written as answers write it; anything unknown as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Money | Price):
        return {"amount": str(value).partition(" ")[0], "currency": value.currency}
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    return str(value) if isinstance(value, Quantity) else str(value)[:200]


def handle_problems(app: Flask) -> None:
    """Translate every exception that leaves a view of ``app``."""
    app.register_error_handler(MeridianError, _from_domain)
    app.register_error_handler(EdgeError, _from_edge)
    app.register_error_handler(ValidationError, _from_validation)
    app.register_error_handler(CurrencyMismatch, _from_currencies)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _from_anything)


def _from_domain(error: MeridianError) -> Response:
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 409)
    errors = [
        {"field": each.field, "message": each.message, "cure": each.cure}
        for each in error.reasons or (error,)
    ]
    named = bool(error.reasons) or error.field is not None or error.cure is not None
    headers = {"Retry-After": "1"} if isinstance(error, Later) else None
    return problem(
        status,
        error.code,
        error.message,
        errors=errors if named else (),
        figures=error.figures,
        headers=headers,
    )


def _from_edge(error: EdgeError) -> Response:
    errors = [{"field": error.field, "message": error.detail, "cure": error.cure}]
    named = error.field is not None or error.cure is not None
    return problem(
        error.status, error.code, error.detail, errors=errors if named else (), headers=error.headers
    )


def _from_validation(error: ValidationError) -> Response:
    found = list(complaints(error.messages))[:100]
    return problem(422, "invalid", f"{found[0]['field']}: {found[0]['message']}", errors=found)


def _from_currencies(error: CurrencyMismatch) -> Response:
    return problem(422, "currency_mismatch", f"Two currencies met without a rate: {error}.")


_HTTP_CODES = {
    400: ("bad_request", "The request cannot be understood."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method; see the Allow header."),
    413: ("too_large", "The body is larger than 1 MiB."),
    415: ("unsupported_media_type", "The body must be application/json."),
}
_HTTP_CURES = {413: "Send it in several requests.", 415: "Send Content-Type: application/json."}


def _from_http(error: HTTPException) -> Response:
    original = error.get_response()
    status = error.code or 500
    if status < 400 and isinstance(original, Response):
        return original
    code, detail = _HTTP_CODES.get(status, (f"http_{status}", HTTP_STATUS_CODES.get(status, "Error") + "."))
    kept = {name: original.headers[name] for name in ("Allow", "Retry-After") if name in original.headers}
    cure = _HTTP_CURES.get(status)
    errors = [{"field": "body", "message": detail, "cure": cure}] if cure else ()
    return problem(status, code, detail, errors=errors, headers=kept)


def _from_anything(error: Exception) -> Response:
    if isinstance(error, IntegrityError):
        _log.warning("conflict", error=str(error.orig)[:300])
        return problem(
            409, "conflict", "This collides with something that was stored meanwhile. Read it again."
        )
    if _is_overload(error):
        _log.warning("database_busy", error=type(error).__name__)
        return problem(
            503, "unavailable", "The service cannot answer just now. Try again.", headers={"Retry-After": "1"}
        )
    _log.error("unexpected", exc_info=error)
    return problem(500, "internal", "Something went wrong on our side; the request id finds it in our log.")


def _is_overload(error: Exception) -> bool:
    if isinstance(error, PoolTimeout) or is_transient(error):
        return True
    return isinstance(error, OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
