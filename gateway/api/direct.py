"""Routes without a transaction or stored answer around them: secrets pass here, or other services are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Response, request
from marshmallow import Schema

from libs.common.errors import Invalid
from libs.common.web import Noun, principal
from libs.common.web.edge import edge
from libs.common.web.principal import AnyRole, Public, Roles, admit, roles_of
from libs.common.web.reading import read_body, read_query
from libs.common.web.serving import to_json

F = TypeVar("F", bound=Callable[..., Any])
_PROBLEMS: dict[int, Any] = {
    429: {
        "description": "Too many failed tries; wait Retry-After seconds",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""What only the gateway answers; the other problems are components that every service has."""


def direct(
    noun: Noun,
    method: str,
    path: str,
    *,
    roles: Iterable[str],
    body: type[Schema] | None = None,
    answer: type[Schema] | None = None,
    filters: type[Schema] | None = None,
    status: int = 200,
    summary: str,
    refusals: tuple[int, ...] = (),
) -> Callable[[F], F]:
    """Declare ``function([filters,] [body,] **path ids)``; its result is dumped with ``answer``, without one it is 204.

    Unlike ``Noun.command`` it opens no transaction and heeds no Idempotency-Key: an answer that holds a secret
    must not be stored, a password must be hashed before a transaction begins, and no transaction may be open
    while another service is asked.
    """
    named = roles_of(roles)
    takes, gives = body() if body else None, answer() if answer else None
    asks = filters() if filters else None

    def declare(function: F) -> F:
        def view(**ids: Any) -> Response:
            _admit(named)
            arguments = [*_filters(asks), *_arguments(takes)]
            result = function(*arguments, **{name: str(value) for name, value in ids.items()})
            if gives is None:
                return Response(status=204)
            return Response(to_json(gives.dump(result)), status, content_type="application/json")

        told = _operation(named, summary, takes, gives, status, refusals)
        if asks is not None:
            told["parameters"] = [{"in": "query", "schema": asks}]
        documented = noun.doc(**told)(view)
        noun.add_url_rule(path, function.__name__, documented, methods=[method])
        return function

    return declare


def _admit(roles: Roles) -> None:
    if not isinstance(roles, Public):
        edge().authenticate()
        admit(principal(), roles)


def _filters(schema: Schema | None) -> tuple[Any, ...]:
    parameters = read_query(request)
    if schema is not None:
        return (schema.load(parameters),)
    for name in parameters:
        raise Invalid(
            "There is no such query parameter.", field=name, cure="Remove it, or check its spelling."
        )
    return ()


def _arguments(schema: Schema | None) -> tuple[Any, ...]:
    value, _ = read_body(request)
    if schema is not None:
        return (schema.load(value),)
    if value != {}:
        raise Invalid("This request takes no body.", field="body", cure="Send no body.")
    return ()


def _operation(
    roles: Roles,
    summary: str,
    takes: Schema | None,
    gives: Schema | None,
    status: int,
    refusals: tuple[int, ...],
) -> dict[str, Any]:
    found: dict[str, Any] = {"summary": summary, "responses": {}}
    errors = {400, 422, 500, 503, *refusals}
    if isinstance(roles, Public):
        found["security"] = []
    else:
        errors |= {401, 403}
        if not isinstance(roles, AnyRole):
            found["x-roles"] = sorted(roles)
    if takes is not None:
        errors |= {413, 415}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": takes}}}
    content = {"content": {"application/json": {"schema": gives}}} if gives is not None else {}
    found["responses"][str(status if gives is not None else 204)] = {"description": "Done", **content}
    found["responses"].update({str(code): _PROBLEMS.get(code, f"Problem{code}") for code in sorted(errors)})
    return found
