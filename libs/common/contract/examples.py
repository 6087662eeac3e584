"""Examples of a message, made from its types alone: the same at every run, and proven to be readable."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from libs.common.contract.shapes import fields_of, is_record, is_text_map, item_of, without_none
from libs.common.envelope import decode
from libs.common.ids import derived_id
from libs.common.money import Money, Price
from libs.common.quantity import Quantity

_VALUES: dict[Any, Any] = {
    int: 3,
    bool: True,
    Money: {"minor": 123456, "currency": "USD"},
    Price: {"e4": 140000, "currency": "USD"},
    Quantity: "12.5",
    Decimal: "2.5",
    datetime: "2026-03-02T01:00:00.000000Z",
    date: "2026-03-02",
}


def smallest(cls: type) -> dict[str, Any]:
    """Return a message with no more than it must have: optional fields absent, None and empty lists."""
    found = {shape.name: _least(shape.hint, shape.name) for shape in fields_of(cls) if not shape.optional}
    decode(cls, found)
    return found


def fullest(cls: type) -> dict[str, Any]:
    """Return a message with everything that it may have, and two entries in every list."""
    found = {shape.name: _most(shape.hint, shape.name) for shape in fields_of(cls)}
    decode(cls, found)
    return found


def _least(hint: Any, name: str) -> Any:
    inner, nullable = without_none(hint)
    if nullable:
        return None
    if item_of(inner) is not None:
        return []
    if is_text_map(inner):
        return {}
    return smallest(inner) if is_record(inner) else _scalar(inner, name)


def _most(hint: Any, name: str) -> Any:
    inner, _ = without_none(hint)
    item = item_of(inner)
    if item is not None:
        return [_most(item, f"{name}.{index}") for index in range(2)]
    if is_text_map(inner):
        return {"available": "4", "requested": "10"}
    return fullest(inner) if is_record(inner) else _scalar(inner, name)


def _scalar(hint: Any, name: str) -> Any:
    if hint is str:
        return _text(name)
    return _VALUES[hint]


def _text(name: str) -> str:
    if name == "id" or name.endswith("_id"):
        return derived_id("example", name)
    return "USD" if name == "currency" else name.replace("_", " ")
