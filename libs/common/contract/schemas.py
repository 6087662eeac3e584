"""JSON Schema (2020-12) of a declared message: what subscribers in any language may rely on."""

from __future__ import annotations

import inspect
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from libs.common.contract.examples import fullest, smallest
from libs.common.contract.shapes import fields_of, is_record, is_text_map, item_of, without_none
from libs.common.envelope import declaration_of
from libs.common.money import Money, Price
from libs.common.quantity import Quantity

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_CURRENCY = {"type": "string", "pattern": "^[A-Z]{3}$"}
_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Quantity: {"type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,3})?$"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Money: {
        "type": "object",
        "description": "An amount in the currency's minor unit.",
        "properties": {"minor": {"type": "integer"}, "currency": _CURRENCY},
        "required": ["currency", "minor"],
    },
    Price: {
        "type": "object",
        "description": "A unit price in ten-thousandths of the currency's major unit.",
        "properties": {"e4": {"type": "integer"}, "currency": _CURRENCY},
        "required": ["currency", "e4"],
    },
}


def contract_of(cls: type) -> dict[str, Any]:
    """Return the contract of a declared message: its schema with the smallest and the fullest example.

    ``x-key`` names the field that holds the aggregate's id, within which order is kept.
    """
    declared = declaration_of(cls)
    return {
        "$schema": DIALECT,
        "$id": f"urn:meridian:{declared.kind}:{declared.type}",
        "title": declared.type,
        "x-kind": declared.kind,
        "x-key": declared.key,
        **_record(cls),
        "examples": [smallest(cls), fullest(cls)],
    }


def _record(cls: type) -> dict[str, Any]:
    shapes = list(fields_of(cls))
    found: dict[str, Any] = {
        "type": "object",
        "properties": {shape.name: _schema(shape.hint) for shape in shapes},
        "required": sorted(shape.name for shape in shapes if not shape.optional),
    }
    text = inspect.cleandoc(cls.__doc__ or "")
    if text and not text.startswith(f"{cls.__name__}("):
        found["description"] = text
    return found


def _schema(hint: Any) -> dict[str, Any]:
    inner, nullable = without_none(hint)
    found = _plain(inner)
    if not nullable:
        return found
    return {"anyOf": [found, {"type": "null"}]}


def _plain(hint: Any) -> dict[str, Any]:
    item = item_of(hint)
    if item is not None:
        return {"type": "array", "items": _schema(item)}
    if is_text_map(hint):
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if hint in _SCALARS:
        return _SCALARS[hint]
    if is_record(hint):
        return _record(hint)
    raise TypeError(f"{hint!r} is not allowed in a message")
