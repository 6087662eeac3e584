"""Between dataclasses and plain JSON data: strict in types, tolerant of fields it does not know.

On the wire money is ``{"minor", "currency"}``, a price ``{"e4", "currency"}``, a quantity or decimal is text,
a time is RFC 3339 in UTC and a date ISO 8601.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from libs.common.money import Money, Price
from libs.common.quantity import Quantity

T = TypeVar("T")
Json = Any
Reader = Callable[[Json], Any]
Writer = Callable[[Any], Json]


class Unreadable(ValueError):
    """The data do not fit the view that a subscriber declared; the message names the field."""


class _Misfit(Exception):
    """A value does not fit. Where it stands is put together on the way out, for it is asked for only then."""

    def __init__(self, complaint: str) -> None:
        super().__init__(complaint)
        self.complaint = complaint
        self.path: list[str] = []

    def within(self, place: str | int) -> _Misfit:
        self.path.insert(0, str(place))
        return self

    def __str__(self) -> str:
        return (".".join(self.path) or "data") + self.complaint


def encode(value: object) -> Json:
    """Return ``value`` (a declared message or any allowed field type) as plain JSON data."""
    writer = _WRITERS.get(type(value)) or _writer(value)
    return value if writer is _AS_IT_IS else writer(value)


def _writer(value: object) -> Writer:
    """Return how a value of a kind that is met for the first time is written; dataclasses are remembered."""
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        names = _field_names(kind)
        _WRITERS[kind] = lambda record: {name: encode(getattr(record, name)) for name in names}
        return _WRITERS[kind]
    if isinstance(value, str | bool | int):
        return _AS_IT_IS
    if isinstance(value, tuple | list):
        return _write_sequence
    if isinstance(value, Mapping):
        return _write_mapping
    raise TypeError(f"{kind.__name__} has no form on the wire")


def _write_sequence(values: Iterable[object]) -> Json:
    return [encode(value) for value in values]


def _write_mapping(values: Mapping[Any, object]) -> Json:
    return {str(name): encode(value) for name, value in values.items()}


def _as_it_is(value: object) -> Json:
    return value


_AS_IT_IS: Writer = _as_it_is


@cache
def _field_names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls))


def _write_time(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError("a time without a zone has no form on the wire")
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


_WRITERS: dict[type, Writer] = {
    str: _AS_IT_IS,
    int: _AS_IT_IS,
    bool: _AS_IT_IS,
    type(None): _AS_IT_IS,
    tuple: _write_sequence,
    list: _write_sequence,
    dict: _write_mapping,
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
    try:
        result: T = _reader(hint)(data)
    except _Misfit as misfit:
        raise Unreadable(str(misfit)) from misfit.__cause__
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
    return lambda value: None if value is None else inner(value)


def _sequence(inner: Reader) -> Reader:
    def read(value: Json) -> tuple[Any, ...]:
        found: list[Any] = []
        try:
            for item in _of_type(list, value):
                found.append(inner(item))  # noqa: PERF401 - its length tells where a misfit stands
        except _Misfit as misfit:
            raise misfit if not isinstance(value, list) else misfit.within(len(found)) from None
        return tuple(found)

    return read


def _mapping(inner: Reader) -> Reader:
    return lambda value: {name: _at(name, inner, item) for name, item in _of_type(dict, value).items()}


def _at(place: str, inner: Reader, value: Json) -> Any:
    try:
        return inner(value)
    except _Misfit as misfit:
        raise misfit.within(place) from misfit.__cause__


def _record(cls: type) -> Reader:
    hints = get_type_hints(cls)
    fields = [
        (field.name, _is_required(field), _reader(hints[field.name])) for field in dataclasses.fields(cls)
    ]

    def read(value: Json) -> Any:
        data = _of_type(dict, value)
        known: dict[str, Any] = {}
        name = ""
        try:
            for name, required, inner in fields:
                if name in data:
                    known[name] = inner(data[name])
                elif required:
                    raise _Misfit(" is missing")
        except _Misfit as misfit:
            raise misfit.within(name) from misfit.__cause__
        return cls(**known)

    return read


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _of_type(kind: type[T], value: Json) -> T:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _Misfit(f" must be {kind.__name__}, not {type(value).__name__}")
    return value


def _checked(kind: type[Any], build: Callable[[Any], Any]) -> Reader:
    def read(value: Json) -> Any:
        raw = _of_type(kind, value)
        try:
            return build(raw)
        except (ValueError, KeyError, TypeError, InvalidOperation, _Misfit) as error:
            raise _Misfit(f": {error}") from None

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
    return int(_at(name, _READERS[int], data[name]))


def _plain(kind: type) -> Reader:
    return lambda value: _of_type(kind, value)


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
