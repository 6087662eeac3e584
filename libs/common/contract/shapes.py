"""The shape of a message class: its fields in order, what each may hold, and which may be absent."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin, get_type_hints

from libs.common.money import Money, Price
from libs.common.quantity import Quantity


@dataclasses.dataclass(frozen=True)
class FieldShape:
    """One field; an ``optional`` one has a default and may be absent on the wire."""

    name: str
    hint: Any
    optional: bool


def fields_of(cls: type) -> Iterator[FieldShape]:
    """Return the fields of a dataclass with their resolved types."""
    hints = get_type_hints(cls)
    missing = dataclasses.MISSING
    for field in dataclasses.fields(cls):
        optional = field.default is not missing or field.default_factory is not missing
        yield FieldShape(field.name, hints[field.name], optional)


def without_none(hint: Any) -> tuple[Any, bool]:
    """Return the type inside ``X | None`` and whether None is allowed."""
    if get_origin(hint) in (Union, types.UnionType):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"{hint} is not allowed in a message: only X or X | None")
        return inner[0], True
    return hint, False


def item_of(hint: Any) -> Any | None:
    """Return the type of the items of ``tuple[X, ...]``; None for anything else."""
    return get_args(hint)[0] if get_origin(hint) is tuple else None


def is_text_map(hint: Any) -> bool:
    """Tell whether ``hint`` is ``dict[str, str]``."""
    return get_origin(hint) is dict and get_args(hint) == (str, str)


def is_record(hint: Any) -> typing.TypeGuard[type]:
    """Tell whether ``hint`` is a dataclass of the message's own; money and the like are values."""
    return isinstance(hint, type) and dataclasses.is_dataclass(hint) and hint not in (Money, Price, Quantity)
