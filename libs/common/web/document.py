"""The OpenAPI 3.1 document: what each declaration says about itself."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from marshmallow import Schema
from marshmallow.fields import List, Nested

from libs.common.web.declaration import Command, FileQuery, Query
from libs.common.web.fields import Text
from libs.common.web.paging import PageArguments
from libs.common.web.principal import AnyRole, Public, Visitors
from libs.common.web.schema import Strict

PROBLEM = "Problem"
SECURITY = "bearer"
_PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable name of the reason, for programs."},
        "request_id": {"type": "string", "description": "Finds this request in logs and traces."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message"],
                "properties": {
                    "field": {"type": "string", "examples": ["lines.0.quantity"]},
                    "message": {"type": "string"},
                    "cure": {"type": "string"},
                },
            },
        },
    },
    "additionalProperties": True,
}
_REASONS = {
    400: "Not clean JSON",
    401: "No valid token",
    403: "The role does not allow it",
    404: "There is no such thing, or it is not yours to see",
    409: "A business rule says no; code and figures say why",
    412: "The document has changed meanwhile",
    413: "The body is larger than 1 MiB",
    414: "The query string is too long",
    415: "The body is not application/json",
    422: "A field cannot be accepted; errors name it and the cure",
    428: "If-Match is needed",
    500: "A fault of ours",
    503: "Try again after Retry-After seconds",
}
_pages: dict[type[Schema], type[Schema]] = {}


def register_components(spec: APISpec) -> None:
    """Add the components that every service's document shares."""
    spec.components.schema(PROBLEM, _PROBLEM_SCHEMA)
    content = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}}
    for status, description in _REASONS.items():
        spec.components.response(_problem_name(status), {"description": description, "content": content})
    spec.components.security_scheme(SECURITY, {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})


def _problem_name(status: int) -> str:
    return f"{PROBLEM}{status}"


def page_schema(answer: type[Schema]) -> Schema:
    """Return the schema of a page of ``answer``."""
    if answer not in _pages:
        name = answer.__name__.removesuffix("Out").removesuffix("Schema") + "Page"
        fields = {
            "items": List(Nested(answer), required=True),
            "next_cursor": Text(
                max=1000, allow_none=True, required=True, metadata={"description": "null on the last page"}
            ),
        }
        _pages[answer] = type(name, (Strict,), fields)
    return _pages[answer]()


def command_operation(declared: Command, summary: str) -> dict[str, Any]:
    """Describe a command."""
    errors = [400, 401, 403, 404, 409, 412, 413, 414, 415, 422, 500, 503]
    parameters = [
        _header("Idempotency-Key", "The same key and request twice: one effect, one answer.", max_length=255)
    ]
    parameters.append(
        _header(
            "If-Match",
            "The ETag or version that the change is based on.",
            required=declared.if_match == "required",
        )
    )
    if declared.if_match == "required":
        errors.append(428)
    if declared.wait is not None:
        parameters.append(
            _header("Prefer", "wait=N: give the outcome up to N seconds (30 at most) to settle.")
        )
    found = _operation(declared.roles, summary, parameters, errors)
    if declared.body is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": declared.body}}}
    found["responses"][str(declared.status)] = _success(declared.answer)
    return found


def query_operation(declared: Query, summary: str) -> dict[str, Any]:
    """Describe a query."""
    parameters: list[dict[str, Any]] = [
        _header("If-None-Match", "The ETag you have: 304 when nothing has changed.")
    ]
    if declared.filters is not None:
        parameters.append({"in": "query", "schema": declared.filters})
    if declared.paged:
        parameters.append({"in": "query", "schema": PageArguments})
    found = _operation(declared.roles, summary, parameters, [400, 401, 403, 404, 414, 422, 500, 503])
    found["responses"]["200"] = _success(declared.answer)
    found["responses"]["304"] = {"description": "Not modified"}
    return found


def file_operation(declared: FileQuery, summary: str) -> dict[str, Any]:
    """Describe a query that answers with a file."""
    parameters: list[dict[str, Any]] = []
    if declared.filters is not None:
        parameters.append({"in": "query", "schema": declared.filters})
    found = _operation(declared.roles, summary, parameters, [400, 401, 403, 404, 414, 422, 500, 503])
    content = {declared.media_type: {"schema": {"type": "string", "format": "binary"}}}
    found["responses"]["200"] = {"description": "Done", "content": content}
    return found


def _operation(
    roles: frozenset[str], summary: str, parameters: list[dict[str, Any]], errors: list[int]
) -> dict[str, Any]:
    found: dict[str, Any] = {"summary": summary, "parameters": parameters, "responses": {}}
    if isinstance(roles, Public):
        found["security"] = []
        # A visitor needs no token; the service itself wants the gateway's, and says so to whoever comes round it.
        unheard = (403,) if isinstance(roles, Visitors) else (401, 403)
        errors = [status for status in errors if status not in unheard]
    elif not isinstance(roles, AnyRole):
        found["x-roles"] = sorted(roles)
    for status in sorted(errors):
        found["responses"][str(status)] = _problem_name(status)
    return found


def _header(name: str, description: str, *, required: bool = False, max_length: int = 1000) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": max_length}
    return {"in": "header", "name": name, "required": required, "description": description, "schema": schema}


def _success(answer: Schema | None) -> dict[str, Any]:
    if answer is None:
        return {"description": "Done"}
    headers = {
        "ETag": {"description": "Version and hash of the representation", "schema": {"type": "string"}}
    }
    return {"description": "Done", "headers": headers, "content": {"application/json": {"schema": answer}}}
