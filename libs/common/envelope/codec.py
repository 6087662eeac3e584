"""Between dataclasses and plain JSON data: strict in types, tolerant of fields it does not know.

On the wire money is ``{"minor", "currency"}``, a price ``{"e4", "currency"}``, a quantity or decimal is text,
a time is RFC 3339 in UTC and a date ISO 8601.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from libs.common.money import Money, Price
from libs.common.quantity import Quantity

T = TypeVar("T")
Json = Any
Reader = Callable[[Json, str], Any]


class Unreadable(ValueError):
    """The data do not fit the view that a subscriber declared; the message names the field."""


def encode(value: object) -> Json:
    """Return ``value`` (a declared message or any allowed field type) as plain JSON data."""
    if value is None or isinstance(value, str | bool | int):
        return value
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name)) for name in _field_names(type(value))}
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): encode(item) for name, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no form on the wire")


@cache
def _field_names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls))


def _write_time(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError("a time without a zone has no form on the wire")
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


_WRITERS: dict[type, Callable[[Any], Json]] = {
    Money: lambda money: {"minor": money.minor, "currency": money.currency},
    Price: lambda price: {"e4": price.e4, "currency": price.currency},
    Quantity: str,
    Decimal: lambda number: format(number, "f"),
    datetime: _write_time,
    date: date.isoformat,
}


def decode(cls: type[T], data: Json) -> T:
    """Return ``data`` as ``cls``: unknown fields are ignored, wrong or missing ones raise ``Unreadable``."""
    hint: Any = cls
    result: T = _reader(hint)(data, "")
    return result


@cache
def _reader(hint: Any) -> Reader:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        return _optional(_reader(inner[0]))
    if origin is tuple:
        return _sequence(_reader(get_args(hint)[0]))
    if origin is dict:
        return _mapping(_reader(get_args(hint)[1]))
    if hint in _READERS:
        return _READERS[hint]
    if dataclasses.is_dataclass(hint):
        return _record(typing.cast("type", hint))
    raise TypeError(f"{hint!r} is not allowed in a message")


def _optional(inner: Reader) -> Reader:
    return lambda value, where: None if value is None else inner(value, where)


def _sequence(inner: Reader) -> Reader:
    def read(value: Json, where: str) -> tuple[Any, ...]:
        items = _of_type(list, value, where)
        return tuple(inner(item, f"{where}.{index}") for index, item in enumerate(items))

    return read


def _mapping(inner: Reader) -> Reader:
    def read(value: Json, where: str) -> dict[str, Any]:
        return {name: inner(item, f"{where}.{name}") for name, item in _of_type(dict, value, where).items()}

    return read


def _record(cls: type) -> Reader:
    hints = get_type_hints(cls)
    fields = [(field.name, field) for field in dataclasses.fields(cls)]

    def read(value: Json, where: str) -> Any:
        data = _of_type(dict, value, where)
        known: dict[str, Any] = {}
        for name, field in fields:
            path = f"{where}.{name}".lstrip(".")
            if name in data:
                known[name] = _reader(hints[name])(data[name], path)
            elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                raise Unreadable(f"{path} is missing")
        return cls(**known)

    return read


def _of_type(kind: type[T], value: Json, where: str) -> T:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Unreadable(f"{where or 'data'} must be {kind.__name__}, not {type(value).__name__}")
    return value


def _checked(kind: type[Any], build: Callable[[Any], Any]) -> Reader:
    def read(value: Json, where: str) -> Any:
        raw = _of_type(kind, value, where)
        try:
            return build(raw)
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise Unreadable(f"{where}: {error}") from None

    return read


def _read_time(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("a time needs its zone")
    return value.astimezone(UTC)


def _read_decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or len(text) > 40 or "e" in text.lower():
        raise ValueError("not a plain decimal number")
    return number


def _whole(data: dict[str, Json], name: str) -> int:
    return _of_type(int, data[name], name)


def _plain(kind: type) -> Reader:
    return lambda value, where: _of_type(kind, value, where)


_READERS: dict[Any, Reader] = {
    str: _plain(str),
    int: _plain(int),
    bool: _plain(bool),
    Money: _checked(dict, lambda data: Money(_whole(data, "minor"), data["currency"])),
    Price: _checked(dict, lambda data: Price(_whole(data, "e4"), data["currency"])),
    Quantity: _checked(str, Quantity.of),
    Decimal: _checked(str, _read_decimal),
    datetime: _checked(str, _read_time),
    date: _checked(str, date.fromisoformat),
}
