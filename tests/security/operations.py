"""Every operation of the OpenAPI document, and every place of it where a caller may put a value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import urllib3

METHODS = ("get", "post", "put", "patch", "delete")
Pointer = tuple[str | int, ...]


@dataclass(frozen=True)
class Spot:
    """One place for a value: ``where`` is body, query, path or header; ``schema`` is what it says it takes."""

    where: str
    pointer: Pointer
    schema: dict[str, Any] = field(hash=False)
    required: bool = False

    @property
    def name(self) -> str:
        """The field as a refusal must name it, such as ``lines.0.quantity``."""
        return ".".join(str(part) for part in self.pointer) or "body"


@dataclass(frozen=True)
class Operation:
    """A method and a path, as the document describes them."""

    method: str
    path: str
    described: dict[str, Any] = field(hash=False)
    document: dict[str, Any] = field(hash=False, repr=False)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def is_public(self) -> bool:
        return self.described.get("security") == []

    @property
    def streams(self) -> bool:
        """Whether its answer does not end: it is opened by the console's cookie only, and has tests of its own."""
        return "text/event-stream" in self.described["responses"].get("200", {}).get("content", {})

    @property
    def roles(self) -> list[str]:
        """Who may use it, as documented; empty means every role."""
        return list(self.described.get("x-roles", []))

    @property
    def body_schema(self) -> dict[str, Any] | None:
        body = self.described.get("requestBody")
        return None if body is None else self.resolve(body["content"]["application/json"]["schema"])

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Follow a reference into the components."""
        while "$ref" in schema:
            found: Any = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def spots(self) -> Iterator[Spot]:
        """Yield every place, body first."""
        if self.body_schema is not None:
            yield from self._body((), self.body_schema, required=True)
        shared = self.document["paths"][self.path].get("parameters", [])
        for parameter in (*shared, *self.described.get("parameters", [])):
            parameter = self.resolve(parameter)
            yield Spot(
                parameter["in"],
                (parameter["name"],),
                self.resolve(parameter.get("schema", {})),
                parameter.get("required", False),
            )

    def _body(self, pointer: Pointer, schema: dict[str, Any], *, required: bool) -> Iterator[Spot]:
        schema = self.resolve(schema)
        yield Spot("body", pointer, schema, required)
        for name, inner in schema.get("properties", {}).items():
            yield from self._body((*pointer, name), inner, required=name in schema.get("required", ()))
        if "items" in schema:
            yield from self._body((*pointer, 0), schema["items"], required=True)


def operations(document: dict[str, Any]) -> list[Operation]:
    """Return every operation of ``document``, in a stable order."""
    return [
        Operation(method.upper(), path, item[method], document)
        for path, item in sorted(document["paths"].items())
        for method in METHODS
        if method in item
    ]


def fetched(url: str) -> list[Operation]:
    """Return every operation of the document that the gateway at ``url`` serves."""
    return operations(json.loads(urllib3.request("GET", f"{url}/openapi.json").data))
