"""Does a subscriber's own small view fit what the publisher promises?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from libs.common.contract.shapes import fields_of, is_record, item_of, without_none
from libs.common.envelope import Unreadable, decode


def check_subscriber(view_cls: type, example: Any) -> list[str]:
    """Return why ``view_cls`` cannot read ``example`` (the data of a message of the publisher); empty when it can."""
    try:
        decode(view_cls, example)
    except Unreadable as error:
        return [f"{view_cls.__name__}: {error}"]
    return []


def check_view(view_cls: type, contract: Mapping[str, Any]) -> list[str]:
    """Return why ``view_cls`` does not fit ``contract``; empty when it does.

    Every example must be readable, and every field that is read must be one that the publisher sends: one with a
    default would otherwise hide a misspelling for ever.
    """
    found = [fault for example in contract["examples"] for fault in check_subscriber(view_cls, example)]
    return found + list(_never_sent(view_cls, contract, view_cls.__name__))


def _never_sent(view_cls: type, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    sent = schema.get("properties", {})
    for shape in fields_of(view_cls):
        where = f"{path}.{shape.name}"
        if shape.name not in sent:
            yield f"{where} is read but never sent"
            continue
        inner, _ = without_none(shape.hint)
        below = _without_null(sent[shape.name])
        item = item_of(inner)
        if item is not None:
            inner, below = without_none(item)[0], _without_null(below.get("items", {}))
        if is_record(inner) and "properties" in below:
            yield from _never_sent(inner, below, where)


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    for choice in schema.get("anyOf", []):
        if choice.get("type") != "null":
            found: Mapping[str, Any] = choice
            return found
    return schema
