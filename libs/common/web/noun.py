"""A noun of the API: one declaration per route gives path, roles, schemas, transaction, idempotency and OpenAPI."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Literal, TypeVar

import flask_smorest  # type: ignore[import-untyped]
from flask import Response, g
from marshmallow import Schema

from libs.common.observability import bound
from libs.common.web import document
from libs.common.web.declaration import Command, FileQuery, IfMatch, Query, Reload, Wait
from libs.common.web.edge import edge, unauthorized
from libs.common.web.files import answer_file
from libs.common.web.principal import Public, Roles, Visitors, admit, roles_of
from libs.common.web.serving import answer_command, answer_query

F = TypeVar("F", bound=Callable[..., Any])
SchemaType = type[Schema]


class Noun(flask_smorest.Blueprint):  # type: ignore[misc]
    """A group of routes below one path, such as ``/api/v1/orders``."""

    def __init__(self, name: str, path: str, *, description: str = "") -> None:
        super().__init__(name, __name__, url_prefix=path.rstrip("/"), description=description)
        self._describe: dict[Callable[..., Response], Callable[[], dict[str, Any]]] = {}
        self._undescribed: list[Callable[[], None]] = []

    def command(
        self,
        method: Literal["POST", "PUT", "PATCH", "DELETE"],
        path: str,
        *,
        roles: Iterable[str],
        body: SchemaType | None = None,
        answer: SchemaType | None = None,
        status: int = 200,
        summary: str = "",
        if_match: IfMatch = "optional",
        location: str | None = None,
        wait: Wait | None = None,
        reload: Reload | None = None,
        intake: bool = False,
        shown_once: Iterable[str] = (),
    ) -> Callable[[F], F]:
        """Declare a change: ``function(tx, [body,] **path ids)`` runs in one transaction with its idempotency key.

        ``location`` is a path with ``{id}`` for a 201; ``wait`` and ``reload`` serve ``Prefer: wait=N``.
        ``intake`` marks what begins new work: it is refused while too much is unanswered (see ``intake.py``).
        ``shown_once`` names fields of the answer that are secrets: they are not kept with the idempotency key.
        """

        def declare(function: F) -> F:
            declared = Command(
                function,
                roles_of(roles),
                body() if body else None,
                answer() if answer else None,
                status if answer else 204,
                if_match,
                location,
                wait,
                reload,
                intake,
                frozenset(shown_once),
            )
            self._add(
                method,
                path,
                function,
                declared.roles,
                lambda: document.command_operation(declared, summary or _summary(function)),
                lambda ids: answer_command(declared, ids),
            )
            return function

        return declare

    def query(
        self,
        path: str,
        *,
        answer: SchemaType,
        roles: Iterable[str],
        filters: SchemaType | None = None,
        paged: bool = False,
        summary: str = "",
    ) -> Callable[[F], F]:
        """Declare a look: ``function(connection, [filters,] [page,] **path ids)``."""

        def declare(function: F) -> F:
            shown = document.page_schema(answer) if paged else answer()
            name = f"{self.name}.{function.__name__}"
            declared = Query(function, roles_of(roles), filters() if filters else None, shown, paged, name)
            self._add(
                "GET",
                path,
                function,
                declared.roles,
                lambda: document.query_operation(declared, summary or _summary(function)),
                lambda ids: answer_query(declared, ids),
            )
            return function

        return declare

    def file(
        self,
        path: str,
        *,
        media_type: str,
        roles: Iterable[str],
        filters: SchemaType | None = None,
        summary: str = "",
    ) -> Callable[[F], F]:
        """Declare a look that answers with a ``File``: ``function(connection, [filters,] **path ids)``."""

        def declare(function: F) -> F:
            declared = FileQuery(function, roles_of(roles), filters() if filters else None, media_type)
            self._add(
                "GET",
                path,
                function,
                declared.roles,
                lambda: document.file_operation(declared, summary or _summary(function)),
                lambda ids: answer_file(declared, ids),
            )
            return function

        return declare

    def _add(
        self,
        method: str,
        path: str,
        function: Callable[..., Any],
        roles: Roles,
        describe: Callable[[], dict[str, Any]],
        serve: Callable[[dict[str, str]], Response],
    ) -> None:
        @wraps(function)
        def view(**ids: Any) -> Response:
            return serve({name: str(value) for name, value in ids.items()})

        if path.rstrip("/") == "":
            path = ""
        guarded = _guarded(view, roles)
        self._describe[guarded] = describe
        self.add_url_rule(path, function.__name__, guarded, methods=[method])

    def _store_endpoint_docs(self, endpoint: str, obj: Any, *args: Any, **options: Any) -> None:
        """Describe the route only when the document is asked for; flask-smorest would now, and copy it all."""

        def describe() -> None:
            declared = self._describe.pop(
                obj, None
            )  # a noun may also describe a route of its own with ``doc``
            documented = self.doc(**declared())(obj) if declared else obj
            super(Noun, self)._store_endpoint_docs(endpoint, documented, *args, **options)

        self._undescribed.append(describe)

    def register_views_in_doc(self, *args: Any, **options: Any) -> None:
        """Describe the routes that are not yet, and then all of them in a document."""
        while self._undescribed:
            self._undescribed.pop(0)()
        super().register_views_in_doc(*args, **options)


def _guarded(view: Callable[..., Response], roles: Roles) -> Callable[..., Response]:
    @wraps(view)
    def guarded(**ids: Any) -> Response:
        if isinstance(roles, Visitors):
            if not edge().authenticate().is_gateway:
                raise unauthorized()
        elif not isinstance(roles, Public):
            edge().authenticate()
            admit(g.principal, roles)
            with bound(actor=g.principal.subject):
                return view(**ids)
        return view(**ids)

    return guarded


def _summary(function: Callable[..., Any]) -> str:
    return (function.__doc__ or function.__name__.replace("_", " ").capitalize()).strip().partition("\n")[0]
