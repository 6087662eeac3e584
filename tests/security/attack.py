"""Hostile requests: each value of the corpus in each place of each operation, beside an otherwise valid request."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.security.corpus import VALUES, Payload
from tests.security.corpus.bodies import BODIES, Bytes
from tests.security.corpus.names import EXTRA_KEYS, RAW_PATHS, RAW_QUERIES
from tests.security.example import Example
from tests.security.operations import Operation, Pointer, Spot

MARK = "@@hostile@@"
MOST_IN_LINE = 7_000


@dataclass(frozen=True)
class Attack:
    """One hostile request, to be made of the example that is valid at that moment."""

    operation: Operation
    spot: Spot
    name: str
    json: str
    group: str
    whole: Bytes | None = None
    raw_target: str | None = None

    def __str__(self) -> str:
        return f"{self.operation.name} {self.spot.where} {self.spot.name}: {self.name}"

    def request(self, example: Example, bearer: str) -> tuple[str, dict[str, str], bytes | None]:
        """Return target, headers and body."""
        headers = {"Authorization": f"Bearer {example.bearer or bearer}", **example.headers}
        target, body = self._target(example), None
        if self.whole is not None:
            body = self.whole.body
            headers |= self.whole.headers or {"Content-Type": "application/json"}
        elif self.spot.where == "body":
            body = placed(example.body, self.spot.pointer, self.json)
            headers["Content-Type"] = "application/json"
        elif example.body is not None:
            body = json.dumps(example.body).encode()
            headers["Content-Type"] = "application/json"
        if self.spot.where == "header":
            headers[str(self.spot.pointer[0])] = json.loads(self.json)
        return target, headers, body

    def _target(self, example: Example) -> str:
        path = self.operation.path
        for name, value in example.path.items():
            hostile = self.spot.where == "path" and self.spot.pointer == (name,)
            path = path.replace(f"{{{name}}}", self._in_path() if hostile else value)
        query = dict(example.query)
        pairs = [
            f"{name}={quote(value, safe='')}" for name, value in query.items() if (name,) != self.spot.pointer
        ]
        if self.spot.where == "query":
            pairs.append(self.raw_target or f"{self.spot.pointer[0]}={quote(_text(self.json), safe='')}")
        return path + ("?" + "&".join(pairs) if pairs else "")

    def _in_path(self) -> str:
        return self.raw_target or quote(_text(self.json), safe="")


def _text(payload_json: str) -> str:
    text = Payload("", payload_json).text
    assert text is not None
    return text


def placed(body: Any, pointer: Pointer, payload_json: str) -> bytes:
    """Return ``body`` as bytes with the JSON text ``payload_json`` at ``pointer``, whatever it is."""
    if not pointer:
        return payload_json.encode("utf-8", "surrogatepass")
    copied = {} if body is None else copy.deepcopy(body)
    node = copied
    for part in pointer[:-1]:
        if isinstance(node, dict) and not isinstance(node.get(part), dict | list):
            node[part] = {}
        node = node[part]
    if isinstance(node, list) and pointer[-1] == len(node):
        node.append(MARK)  # a list that is empty in the example has no first element to replace
    else:
        node[pointer[-1]] = MARK
    text = json.dumps(copied, ensure_ascii=False)
    return text.replace(json.dumps(MARK), payload_json).encode("utf-8", "surrogatepass")


def attacks(operation: Operation) -> Iterator[Attack]:
    """Yield every attack on ``operation``."""
    for spot in operation.spots():
        for payload in VALUES:
            if _fits(spot, payload):
                yield Attack(operation, spot, payload.name, payload.json, spot.where)
        yield from _special(operation, spot)
    yield from _on_the_whole(operation)


def _fits(spot: Spot, payload: Payload) -> bool:
    """Tell whether the value can stand there at all; a line of a request is shorter than a body."""
    if spot.where == "body":
        return True
    text = payload.text
    if text is None or any("\ud800" <= character <= "\udfff" for character in text):
        return False
    if spot.where == "header":
        return isinstance(payload.value, str) and text.isprintable() and text.isascii() and len(text) < 2_000
    return 0 < len(quote(text, safe="")) < MOST_IN_LINE or (spot.where == "query" and text == "")


def _special(operation: Operation, spot: Spot) -> Iterator[Attack]:
    if spot.where == "query":
        for raw in RAW_QUERIES:
            target = f"{spot.pointer[0]}={raw}"
            yield Attack(
                operation, Spot("query", (), {}), f"raw {target[:60]}", "null", "query", raw_target=target
            )
    elif spot.where == "path":
        for raw in RAW_PATHS:
            yield Attack(operation, spot, f"raw {raw[:40]}", "null", "path", raw_target=raw)


def _on_the_whole(operation: Operation) -> Iterator[Attack]:
    for key in _unknown_to(operation, "query"):
        raw = f"{quote(key, safe='')}=1"
        spot = Spot("query", (key,), {"not": {}})
        yield Attack(operation, spot, f"unknown {key}", '"1"', "mass assignment", raw_target=raw)
    if not operation.writes:
        return
    for key in _unknown_to(operation, "body"):
        spot = Spot("body", (key,), {"not": {}})
        yield Attack(operation, spot, f"unknown {key}", '"1"', "mass assignment")
        yield Attack(operation, spot, f"unknown {key} object", '{"id":1}', "mass assignment")
    whole = Spot("body", (), {"not": {}})
    for body in BODIES:
        yield Attack(operation, whole, body.name, "null", "whole bodies", whole=body)


def _unknown_to(operation: Operation, where: str) -> list[str]:
    """Return the names that nobody may set there; one that this operation does know is attacked as its field."""
    known = {spot.pointer[0] for spot in operation.spots() if spot.where == where and spot.pointer}
    return [key for key in EXTRA_KEYS if key not in known]
