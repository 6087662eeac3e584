"""Delivery inside one process, without a broker and with the same promises.

Each service's relay takes what is in the outbox, hands it to every service that wants it, and deletes it once
they have all committed. A crash in between repeats a delivery, which the receivers recognise. Order per
aggregate holds because a relay always starts with the oldest row that is left.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from libs.common.db import Database
from libs.common.envelope import Message
from libs.common.inbox import Receipt, Receiver, Subscriptions
from libs.common.messaging.backoff import backoff
from libs.common.messaging.pending import PendingRow, delete_rows, oldest_rows

log = logging.getLogger(__name__)
BATCH = 100
# A commit in this process ends the pause at once; only one in another process waits for it to end.
IDLE_SECONDS = 2.0


@dataclass(frozen=True)
class Pumped:
    """What one turn of a relay moved: rows taken from the outbox, and what their receivers made of them."""

    rows: int
    receipt: Receipt


class EmbeddedBus:
    """Moves messages between the services of one process."""

    def __init__(self, databases: Mapping[str, Database], subscriptions: Mapping[str, Subscriptions]) -> None:
        self.databases = dict(databases)
        self.receivers = {
            service: Receiver(self.databases[service], wanted) for service, wanted in subscriptions.items()
        }
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._wakes = {service: threading.Event() for service in self.databases}
        for service, database in self.databases.items():
            database.on_message(self._wakes[service].set)

    def pump(self, service: str, limit: int = BATCH) -> Pumped:
        """Deliver the oldest messages of ``service`` and forget those that every receiver has committed."""
        database = self.databases[service]
        rows = database.read(lambda connection: oldest_rows(connection, limit))
        if not rows:
            return Pumped(0, Receipt())
        receipt = self._deliver(service, rows)
        database.transact(lambda tx: delete_rows(tx, [row.seq for row in rows]))
        return Pumped(len(rows), receipt)

    def _deliver(self, service: str, rows: list[PendingRow]) -> Receipt:
        tally = Receipt()
        for receiver in self.receivers.values():
            batch = [row.message for row in rows if receiver.subscriptions.takes(row.type)]
            if batch:
                tally += receiver.receive(batch)
        for row in rows:
            if row.kind == "command" and not self._taken(row.type):
                self._unroutable(service, row.message)
        return tally

    def _taken(self, type_: str) -> bool:
        return any(receiver.subscriptions.takes(type_) for receiver in self.receivers.values())

    def _unroutable(self, service: str, message: Message) -> None:
        receiver = self.receivers.get(service) or Receiver(self.databases[service], Subscriptions(service))
        receiver.record_unroutable(message)

    def drain(self) -> Receipt:
        """Deliver everything, and all that follows from it, in a fixed order in this thread; then return.

        Parked messages whose time has come are tried, and those that wait for another fact are tried after
        every progress, whatever their time. What then remains parked is the caller's to look at.
        """
        total = Receipt()
        while True:
            moved = self._drain_outboxes()
            for receiver in self.receivers.values():
                moved += receiver.retry_due()
            if not (moved.handled or moved.duplicates):
                moved += self._retry_waiting()
            total += moved
            if not (moved.handled or moved.duplicates):
                return total

    def _retry_waiting(self) -> Receipt:
        return sum((receiver.retry_waiting() for receiver in self.receivers.values()), Receipt())

    def _drain_outboxes(self) -> Receipt:
        total, busy = Receipt(), True
        while busy:
            busy = False
            for service in self.databases:
                pumped = self.pump(service)
                busy = busy or pumped.rows > 0
                total += pumped.receipt
        return total

    def start(self) -> None:
        """Start one relay thread per service."""
        self._stopping.clear()
        for service in self.databases:
            thread = threading.Thread(target=self._run, args=(service,), name=f"relay-{service}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, timeout: float = 10.0) -> None:
        """Let every relay finish the batch it is at, and end the threads."""
        self._stopping.set()
        for wake in self._wakes.values():
            wake.set()
        for thread in self._threads:
            thread.join(timeout)
        self._threads.clear()

    def _run(self, service: str) -> None:
        wake, failures = self._wakes[service], 0
        while not self._stopping.is_set():
            wake.clear()
            try:
                idle = self.pump(service).rows == 0
                failures = 0
            except Exception:
                failures += 1
                log.exception("relay of %s failed; the messages stay in its outbox", service)
                self._stopping.wait(backoff(failures))
                continue
            if idle and not self._stopping.is_set():
                wake.wait(IDLE_SECONDS)
