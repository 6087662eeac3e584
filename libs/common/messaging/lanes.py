"""Worker threads, each handling the messages of its own aggregates in order and many per commit."""

from __future__ import annotations

import logging
import queue
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from libs.common.envelope import Message
from libs.common.inbox import Receiver
from libs.common.inbox.parking import stream_of
from libs.common.messaging.backoff import backoff

log = logging.getLogger(__name__)
GROUP = 50

SUSPECT_FROM = 3
"""What was delivered so often before may be what ended the process; far below the broker's own limit."""


@dataclass(frozen=True)
class Delivery:
    """One message as it came: ``generation`` counts connections, ``tag`` is its number within one.

    ``times`` is how often it was delivered before and not settled.
    """

    generation: int
    tag: int
    body: bytes
    message: Message | None
    fault: str = ""
    times: int = 0


Settle = Callable[[Delivery, bool], None]


class Lanes:
    """Hands deliveries to a receiver in ``count`` threads; an aggregate always uses the same one.

    ``settle(delivery, accepted)`` is called from these threads once the outcome is committed: accepted when the
    message was handled, known or parked, refused when it is no message at all.
    """

    def __init__(self, receiver: Receiver, settle: Settle, count: int) -> None:
        self.generation = 0
        self._receiver = receiver
        self._settle = settle
        self._stopping = threading.Event()
        self._queues: list[queue.SimpleQueue[Delivery | None]] = [queue.SimpleQueue() for _ in range(count)]
        self._threads = [
            threading.Thread(target=self._run, args=(line,), name=f"{receiver.consumer}-{n}", daemon=True)
            for n, line in enumerate(self._queues)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, delivery: Delivery) -> None:
        """Queue a delivery for the thread of its aggregate."""
        key = delivery.message.partition_key if delivery.message is not None else ""
        self._queues[zlib.crc32(key.encode()) % len(self._queues)].put(delivery)

    def finish(self) -> None:
        """Ask every thread to end after what is queued so far."""
        for line in self._queues:
            line.put(None)

    def finished(self) -> bool:
        """Tell whether every thread has ended."""
        return not any(thread.is_alive() for thread in self._threads)

    def abandon(self) -> None:
        """End soon: what has not begun goes back to the broker unsettled."""
        self._stopping.set()
        self.finish()

    def _run(self, line: queue.SimpleQueue[Delivery | None]) -> None:
        ending = False
        while not ending:
            batch, ending = _take(line)
            self._handle(batch)

    def _handle(self, batch: list[Delivery]) -> None:
        failures = 0
        while not self._stopping.is_set():
            # What came over an earlier connection comes again over the present one.
            batch = [delivery for delivery in batch if delivery.generation == self.generation]
            if not batch:
                return
            try:
                self._receive(batch)
            except Exception:
                failures += 1
                log.exception("%s cannot record messages; they stay unacknowledged", self._receiver.consumer)
                self._stopping.wait(backoff(failures))
                continue
            for delivery in batch:
                self._settle(delivery, delivery.message is not None)
            return

    def _receive(self, batch: list[Delivery]) -> None:
        for delivery in batch:
            if delivery.message is None:
                self._receiver.record_undecodable(delivery.body, delivery.fault)
        suspects, others = _divided(batch)
        if suspects:
            self._receiver.set_aside(suspects)
        if others:
            self._receiver.receive(others)


def _divided(batch: list[Delivery]) -> tuple[list[Message], list[Message]]:
    """Return the messages that are to be tried alone, with all of their aggregates in the batch, and the others."""
    messages = [(delivery.message, delivery.times) for delivery in batch if delivery.message is not None]
    streams = {stream_of(message) for message, times in messages if times >= SUSPECT_FROM}
    suspects = [message for message, _ in messages if stream_of(message) in streams]
    return suspects, [message for message, _ in messages if stream_of(message) not in streams]


def _take(line: queue.SimpleQueue[Delivery | None]) -> tuple[list[Delivery], bool]:
    """Wait for a delivery and take those that are queued behind it; the flag tells that it was the last."""
    batch: list[Delivery] = []
    first = line.get()
    while first is not None:
        batch.append(first)
        if len(batch) == GROUP:
            return batch, False
        try:
            first = line.get_nowait()
        except queue.Empty:
            return batch, False
    return batch, True
