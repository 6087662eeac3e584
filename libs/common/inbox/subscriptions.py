"""Which messages a service wants, how much of each it reads, and what it does about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from libs.common.db import Transaction
from libs.common.envelope import Message

V = TypeVar("V")
Handler = Callable[[Transaction, V, Message], object]
View = type[Any] | None
Preparation = Callable[[Transaction, Sequence[Message]], object]
_NAME = re.compile(r"(?P<stem>[a-z_]+(\.[a-z_]+){1,2})\.v(?P<major>[1-9][0-9]*)\Z")
_COMMAND_DOTS = 2


@dataclass(frozen=True)
class Subscription:
    """One handler of one message type; ``view`` is the dataclass with the fields it reads, or ``None`` for all."""

    type: str
    view: View
    handler: Handler[Any]


def stem_of(type_: str) -> str:
    """Return a message type without its major version; the whole text when it has none."""
    match = _NAME.match(type_)
    return match["stem"] if match else type_


def is_command(type_: str) -> bool:
    """Tell whether ``type_`` is ``<target>.<command>.v<major>``; an event's type has one word more."""
    return type_.count(".") == _COMMAND_DOTS


class Subscriptions:
    """The handlers of ``service`` by message type.

    Several handlers may listen to one event: they run in the order of registration, in one transaction. A
    command has one handler, in the service that it names.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self._handlers: dict[str, list[Subscription]] = {}
        self._preparations: list[Preparation] = []

    def on(self, type_: str, view: type[V] | None = None) -> Callable[[Handler[V]], Handler[V]]:
        """Register the decorated ``handler(tx, view, message)``; without a view it gets the data as a dict."""

        def register(handler: Handler[V]) -> Handler[V]:
            self._add(Subscription(type_, view, handler))
            return handler

        return register

    def before_all(self, prepare: Preparation) -> Preparation:
        """Register ``prepare(tx, messages)``, called once before the handlers of the messages of one transaction.

        It may lock and read together what each handler would lock and read by itself. It changes nothing.
        """
        self._preparations.append(prepare)
        return prepare

    def preparations(self) -> tuple[Preparation, ...]:
        """Return what is registered with ``before_all``, in that order."""
        return tuple(self._preparations)

    def prepare(self, tx: Transaction, messages: Sequence[Message]) -> None:
        """Let everything be made ready that the handlers of ``messages`` need."""
        for prepare in self._preparations:
            prepare(tx, messages)

    def _add(self, subscription: Subscription) -> None:
        type_ = subscription.type
        if not _NAME.match(type_):
            raise ValueError(f"not the name of a message: {type_!r}")
        existing = self._handlers.setdefault(type_, [])
        if is_command(type_) and not type_.startswith(f"{self.service}."):
            raise ValueError(f"{self.service} cannot handle {type_}: a command goes to the service it names")
        if is_command(type_) and existing:
            raise ValueError(f"{type_} has a handler already")
        if any(other.handler is subscription.handler for other in existing):
            raise ValueError(f"{subscription.handler.__qualname__} is registered for {type_} already")
        existing.append(subscription)

    def merge(self, *others: Subscriptions) -> Subscriptions:
        """Return new subscriptions with the handlers of this and of ``others``, in that order."""
        merged = Subscriptions(self.service)
        for part in (self, *others):
            if part.service != self.service:
                raise ValueError(f"subscriptions of {part.service} do not belong to {self.service}")
            merged._preparations += part.preparations()
            for type_ in part.types():
                for subscription in part.handlers_of(type_):
                    merged._add(subscription)
        return merged

    def types(self) -> tuple[str, ...]:
        """Return every message type with a handler, sorted."""
        return tuple(sorted(self._handlers))

    def handlers_of(self, type_: str) -> tuple[Subscription, ...]:
        """Return the handlers of ``type_`` in the order in which they run; empty when there is none."""
        return tuple(self._handlers.get(type_, ()))

    def takes(self, type_: str) -> bool:
        """Tell whether a message of ``type_`` is to be handed to this service.

        A command is, handled or not: an order that nobody carries out must be seen, not lost.
        """
        return type_ in self._handlers or (is_command(type_) and type_.startswith(f"{self.service}."))

    def knows_stem(self, type_: str) -> bool:
        """Tell whether another major version of ``type_`` has a handler."""
        stem = stem_of(type_)
        return any(stem_of(known) == stem for known in self._handlers)
