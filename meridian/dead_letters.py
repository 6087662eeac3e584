"""What could not be handled, wherever it lies: parked in a service's database, or given up by the broker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from libs.common.db import Database
from libs.common.errors import NotFound, Refused
from libs.common.inbox import dead
from meridian.target import Target
from meridian.topography import SERVICES

if TYPE_CHECKING:
    from libs.common.messaging.dead_queue import DeadQueue

LISTED = 1000
PARKED, QUEUE = "parked", "queue"


@dataclass(frozen=True)
class Letter:
    """One message that could not be handled; ``figures`` is all that its store knows of it."""

    id: str
    service: str
    store: str
    state: str
    type: str
    attempts: int | None
    trouble: str
    figures: dict[str, Any]


class DeadLetters:
    """Both stores of one system, over its open ``databases``."""

    def __init__(self, target: Target, databases: Mapping[str, Database]) -> None:
        self._target = target
        self._databases = databases

    @cached_property
    def _queues(self) -> dict[str, DeadQueue]:
        from meridian.broker import (
            dead_queues,
        )  # with a broker's client, which an embedded system never loads

        return dead_queues(self._target) if self._target.amqp_url else {}

    def list(self, service: str | None = None, state: str | None = None) -> Iterator[Letter]:
        """Yield the letters of one service or of all: first the parked ones, then the broker's, oldest first."""
        services = [name for name in SERVICES if service in (None, name)]
        for name in services:
            yield from self._parked(name, state)
        for name in services if state in (None, "dead") else ():
            yield from self._queued(name)

    def _parked(self, service: str, state: str | None) -> Iterator[Letter]:
        with self._databases[service].reading() as connection:
            found = dead.list_parked(connection, state=state, limit=LISTED)
        for message in found:
            trouble = f"{message.reason}: {message.error}"
            figures = {name: _plain(value) for name, value in vars(message).items()}
            yield Letter(
                message.id, service, PARKED, message.state, message.type, message.attempts, trouble, figures
            )

    def _queued(self, service: str) -> Iterator[Letter]:
        if service in self._queues:
            for message in self._queues[service].list(LISTED):
                kind, figures = message.type or "unknown", dict(vars(message))
                yield Letter(message.id, service, QUEUE, "dead", kind, None, message.reason, figures)

    def find(self, letter_id: str, service: str | None = None) -> Letter:
        """Return the letter of that id; ``NotFound`` without one, ``Refused`` when several services have it."""
        found = {
            (letter.service, letter.store): letter for letter in self.list(service) if letter.id == letter_id
        }
        if not found:
            raise NotFound(
                f"no message {letter_id} is parked or dead", field="id", cure="see: meridian dead list"
            )
        if len(found) > 1:
            services = ", ".join(sorted({name for name, _ in found}))
            raise Refused(f"{letter_id} is a dead letter of {services}", cure="say which by --service")
        return found.popitem()[1]

    def retry(self, letter: Letter, order: dead.Order) -> None:
        """Let it be tried again: where it is parked, or by sending it to its service's queue."""
        if letter.store == QUEUE:
            self._queues[letter.service].retry(self.database(letter), letter.id, order)
        else:
            self.database(letter).transact(lambda tx: dead.retry(tx, letter.id, order))

    def edit(self, letter: Letter, data: dict[str, Any], order: dead.Order) -> None:
        """Replace the data of a parked message; ``Refused`` for one that the broker holds."""
        if letter.store == QUEUE:
            raise Refused(
                "only a parked message can be edited", cure="retry it; a service that cannot take it parks it"
            )
        self.database(letter).transact(lambda tx: dead.edit(tx, letter.id, data, order))

    def discard(self, letter: Letter, order: dead.Order) -> None:
        """Give it up for good."""
        if letter.store == QUEUE:
            self._queues[letter.service].discard(self.database(letter), letter.id, order)
        else:
            self.database(letter).transact(lambda tx: dead.discard(tx, letter.id, order))

    def database(self, letter: Letter) -> Database:
        """Return the database of the letter's service, where every act is written down."""
        return self._databases[letter.service]


def _plain(value: object) -> object:
    return value if isinstance(value, int | str | None) else str(value)
