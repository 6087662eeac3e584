"""Reading a request strictly, before any schema sees it: size, type, syntax, depth, lengths, characters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from flask import Request

from libs.common.web.fields import UNSAFE
from libs.common.web.problems import EdgeError
from libs.common.web.schema import InexactNumber, QueryText

MAX_BODY_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_LIST = 10_000
MAX_KEYS = 1_000
MAX_QUERY_BYTES = 8192
_MAX_DIGITS = 18
_MAX_PARAMETERS = 100
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def _malformed(detail: str, cure: str, field: str = "body") -> NoReturn:
    raise EdgeError(400, "malformed", detail, field=field, cure=cure)


def _whole_number(text: str) -> int | InexactNumber:
    return int(text) if len(text.lstrip("-")) <= _MAX_DIGITS and text != "-0" else InexactNumber(text)


def _constant(name: str) -> NoReturn:
    _malformed(f"{name} is not JSON.", "Send numbers as plain digits.")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        _malformed(f"The key {twice[:60]!r} appears twice in one object.", "Send each key once.")
    return found


_decoder = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_float=InexactNumber,
    parse_int=_whole_number,
    parse_constant=_constant,
)


def parse_json(raw: bytes) -> Any:
    """Return the JSON value in ``raw``; numbers with a fraction stay text in an ``InexactNumber``.

    Raises ``EdgeError``: 400 for what is not clean JSON, 422 for values that no field could take.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        _malformed("The body is not UTF-8.", "Send JSON encoded as UTF-8.")
    try:
        value = _decoder.decode(text)
    except RecursionError:
        _too_deep()
    except ValueError as error:
        where = (
            f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        _malformed(f"The body is not JSON{where}.", "Check quotes, commas and brackets.")
    _inspect(value)
    return value


def _too_deep() -> NoReturn:
    _malformed(f"The JSON is nested more than {MAX_DEPTH} levels deep.", "Flatten it.")


def _inspect(value: Any) -> None:
    """Walk the value without recursion and refuse depth, length and characters beyond the bounds."""
    waiting: list[tuple[Any, tuple[str, ...]]] = [(value, ())]
    while waiting:
        node, path = waiting.pop()
        if isinstance(node, str):
            _check_text(node, path)
        elif isinstance(node, dict | list):
            if len(path) >= MAX_DEPTH:
                _too_deep()
            waiting.extend(_children(node, path))


def _children(
    node: dict[str, Any] | list[Any], path: tuple[str, ...]
) -> Iterator[tuple[Any, tuple[str, ...]]]:
    if isinstance(node, list):
        if len(node) > MAX_LIST:
            _refuse(path, f"More than {MAX_LIST} entries.", "Send them in several requests.")
        return (
            (item, (*path, str(index)))
            for index, item in enumerate(node)
            if isinstance(item, str | dict | list)
        )
    if len(node) > MAX_KEYS:
        _refuse(path, f"More than {MAX_KEYS} fields.", "Send only the fields of the schema.")
    for name in node:
        _check_text(name, path)
    return ((item, (*path, name)) for name, item in node.items() if isinstance(item, str | dict | list))


def _check_text(text: str, path: tuple[str, ...]) -> None:
    if UNSAFE.search(text):
        _refuse(path, "Contains a control or surrogate character.", "Send printable text only.")


def _refuse(path: tuple[str, ...], message: str, cure: str) -> NoReturn:
    field = ".".join(path)[:200].encode("ascii", "backslashreplace").decode() or "body"
    raise EdgeError(422, "invalid", message, field=field, cure=cure)


def read_body(request: Request) -> tuple[Any, bytes]:
    """Return the JSON body and its bytes; an absent body reads as ``{}``, as does an empty one where none is due."""
    raw = request.get_data(cache=True)
    if not raw and (not request.content_type or request.method in ("GET", "HEAD")):
        return {}, raw
    if (
        request.mimetype != "application/json"
        or request.headers.get("Content-Encoding", "identity") != "identity"
    ):
        raise EdgeError(
            415, "unsupported_media_type", "The body must be plain application/json.",
            field="Content-Type", cure="Send Content-Type: application/json.",
        )  # fmt: skip
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise EdgeError(
            415,
            "unsupported_media_type",
            "The body must be UTF-8.",
            field="Content-Type",
            cure="Send charset=utf-8 or none.",
        )
    return parse_json(raw), raw


def read_query(request: Request) -> dict[str, str]:
    """Return the query parameters, each at most once, as ``QueryText``."""
    raw = request.query_string
    if len(raw) > MAX_QUERY_BYTES:
        raise EdgeError(
            414,
            "uri_too_long",
            "The query string is too long.",
            field="query",
            cure="Send fewer or shorter filters.",
        )
    found: dict[str, str] = {}
    for name, value in _pairs_of_query(raw):
        path = (name,)
        _check_text(name, path)
        if name in found:
            _refuse(path, "Given more than once.", "Send each parameter once.")
        _check_text(value, path)
        found[name] = QueryText(value)
    return found


def _pairs_of_query(raw: bytes) -> list[tuple[str, str]]:
    try:
        if _BAD_ESCAPE.search(raw):
            raise ValueError("half an escape")
        return parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS
        )
    except ValueError:
        _malformed("The query string is not UTF-8 in percent encoding.", "Encode it.", field="query")
