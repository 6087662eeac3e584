"""Looking at, sending again and giving up what the broker could not deliver to a service.

Only two kinds of message get here: bytes that are no message (kept with their reason in the service's database
as well), and messages that ended the process again and again before it could set them aside (``Receiver.set_aside``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError
from pika.spec import BasicProperties

from libs.common.db import Database
from libs.common.envelope import Message, Undecodable
from libs.common.errors import MeridianError
from libs.common.ids import derived_id
from libs.common.inbox import dead
from libs.common.inbox.unreadable import as_text
from libs.common.messaging.names import Names
from libs.common.messaging.origin import contradiction
from libs.common.messaging.topology import open_channel


class Forged(MeridianError):
    """Somebody sent this in the name of another; the text says who could have been meant."""

    code = "forged_message"
    usual_cure = "find out which service sent it, then discard it"


class DeadQueueUnavailable(MeridianError):
    """The broker does not answer, or the queue was never declared there."""

    code = "dead_queue_unavailable"
    usual_cure = "see that the broker runs and that its topology was applied"


@dataclass(frozen=True)
class DeadDelivery:
    """One message in a service's queue of dead letters; ``reason`` is the broker's.

    ``id`` is the message's own, or made of the bytes when it came without one.
    """

    id: str
    type: str | None
    reason: str
    body: str


@dataclass(frozen=True)
class DeadQueue:
    """The dead letters of ``service`` on the broker at ``url``."""

    url: str
    service: str
    names: Names = field(default_factory=Names)

    def list(self, limit: int = 100) -> list[DeadDelivery]:
        """Return up to ``limit`` dead letters, the oldest first; they stay where they are."""
        with self._channel() as channel:
            return [_shown(properties, body) for _, properties, body in self._peek(channel, limit)]

    def retry(self, database: Database, message_id: str | None, order: dead.Order, limit: int = 1000) -> int:
        """Send dead letters to the service's queue again (all, or those with the id ``message_id``); return how many.

        Each goes out confirmed before it is taken from the dead letters, so a crash repeats it and loses none.
        ``Forged`` for one whose envelope contradicts the way that it came: sent from here it would be believed.
        """
        return self._act(database, "retry", message_id, order, limit)

    def discard(
        self, database: Database, message_id: str | None, order: dead.Order, limit: int = 1000
    ) -> int:
        """Give dead letters up (all, or those with the id ``message_id``); return how many."""
        return self._act(database, "discard", message_id, order, limit)

    def _act(
        self, database: Database, act: str, message_id: str | None, order: dead.Order, limit: int
    ) -> int:
        done = 0
        with self._channel() as channel:
            channel.confirm_delivery()
            for method, properties, body in self._peek(channel, limit):
                if message_id is not None and _id_of(properties, body) != message_id:
                    continue
                if act == "retry":
                    _refuse_forged(properties, body)
                self._write_down(database, act, order, properties, body)
                if act == "retry":
                    self._resend(channel, properties, body)
                channel.basic_ack(method.delivery_tag)
                done += 1
        return done

    @contextmanager
    def _channel(self) -> Iterator[BlockingChannel]:
        try:
            with open_channel(self.url) as channel:
                yield channel
        except AMQPError as error:
            queue = self.names.dead_queue(self.service)
            raise DeadQueueUnavailable(f"{queue}: {type(error).__name__} {error}".rstrip()) from error

    def _peek(self, channel: BlockingChannel, limit: int) -> Iterator[tuple[Any, BasicProperties, bytes]]:
        for _ in range(limit):
            method, properties, body = channel.basic_get(self.names.dead_queue(self.service))
            if method is None:
                return
            yield method, properties, body

    def _resend(self, channel: BlockingChannel, properties: BasicProperties, body: bytes) -> None:
        headers = {
            name: value for name, value in (properties.headers or {}).items() if not _is_broker_note(name)
        }
        properties.headers = headers
        properties.delivery_mode = 2
        channel.basic_publish("", self.names.queue(self.service), body, properties, mandatory=True)

    def _write_down(
        self, database: Database, act: str, order: dead.Order, properties: BasicProperties, body: bytes
    ) -> None:
        event_id = _id_of(properties, body)
        consumer = self.names.dead_queue(self.service)[-64:]
        database.transact(lambda tx: dead.write_down(tx, act, consumer, event_id[:255], order, as_text(body)))


def _refuse_forged(properties: BasicProperties, body: bytes) -> None:
    deaths = (properties.headers or {}).get("x-death") or []
    try:
        message = Message.from_bytes(body)
    except Undecodable:
        return
    for death in deaths[-1:]:  # the oldest: how it came at first
        keys = death.get("routing-keys") or [""]
        if fault := contradiction(message, death.get("exchange", ""), keys[0]):
            raise Forged(fault)


def _is_broker_note(name: str) -> bool:
    return name.startswith(("x-death", "x-first-death", "x-last-death", "x-delivery-count"))


def _id_of(properties: BasicProperties, body: bytes) -> str:
    return str(properties.message_id or derived_id("dead letter", sha256(body).hexdigest()))


def _shown(properties: BasicProperties, body: bytes) -> DeadDelivery:
    headers = properties.headers or {}
    reason = headers.get("x-first-death-reason") or "unknown"
    return DeadDelivery(_id_of(properties, body), properties.type, str(reason), as_text(body))
