"""Declaring what a service says: ``@event`` and ``@command`` give a dataclass its name on the wire.

The name is ``<service>.<aggregate>.<fact>.v<major>`` for events and ``<target>.<command>.v<major>`` for commands.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Literal, TypeVar

MessageKind = Literal["event", "command"]
_EVENT = re.compile(r"[a-z_]+\.[a-z_]+\.[a-z_]+\.v[1-9][0-9]*\Z")
_COMMAND = re.compile(r"[a-z_]+\.[a-z_]+\.v[1-9][0-9]*\Z")
_ATTRIBUTE = "__declared__"
C = TypeVar("C")


@dataclass(frozen=True)
class Declared:
    """What a message class is on the wire: its type, its kind, and the field that names its aggregate."""

    type: str
    kind: MessageKind
    key: str


def _declare(name: str, kind: MessageKind, key: str) -> Callable[[type[C]], type[C]]:
    def mark(cls: type[C]) -> type[C]:
        if not dataclasses.is_dataclass(cls):
            raise TypeError(
                f"{cls.__name__} must be a frozen dataclass; put @{kind} above @dataclass(frozen=True)"
            )
        if key not in {field.name for field in dataclasses.fields(cls)}:
            raise TypeError(f"{cls.__name__} has no field {key!r} to be its aggregate's id")
        setattr(cls, _ATTRIBUTE, Declared(name, kind, key))
        return cls

    return mark


def event(name: str, *, key: str) -> Callable[[type[C]], type[C]]:
    """Declare a fact in the past tense; ``key`` is the field that holds the aggregate's id (order is kept by it)."""
    if not _EVENT.match(name):
        raise ValueError(f"not <service>.<aggregate>.<fact>.v<major>: {name!r}")
    return _declare(name, "event", key)


def command(name: str, *, key: str) -> Callable[[type[C]], type[C]]:
    """Declare an order to one service, named ``<target>.<command>.v<major>``."""
    if not _COMMAND.match(name):
        raise ValueError(f"not <target>.<command>.v<major>: {name!r}")
    return _declare(name, "command", key)


def declaration_of(message: object) -> Declared:
    """Return how ``message`` (an instance or its class) was declared; ``TypeError`` when it was not."""
    cls = message if isinstance(message, type) else type(message)
    declared = cls.__dict__.get(_ATTRIBUTE)
    if not isinstance(declared, Declared):
        raise TypeError(f"{cls.__name__} is declared neither as @event nor as @command")
    return declared


def declared_in(module: ModuleType) -> dict[str, type]:
    """Return the message classes that ``module`` itself or a module below it declares, by type, sorted."""
    within = f"{module.__name__}."
    found = {
        value.__dict__[_ATTRIBUTE].type: value
        for value in vars(module).values()
        if isinstance(value, type)
        and _ATTRIBUTE in value.__dict__
        and f"{value.__module__}.".startswith(within)
    }
    return dict(sorted(found.items()))
