"""From the outbox to RabbitMQ: at least once, in order per aggregate, and never dropping anything."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from libs.common.db import Database, Transaction
from libs.common.messaging.backoff import backoff
from libs.common.messaging.leases import ShardLeases
from libs.common.messaging.pending import PendingRow, delete_rows, exchange, postpone, sendable_rows
from libs.common.messaging.publisher import LinkDown, Publisher, Settlement

log = logging.getLogger(__name__)
WINDOW = 500
WINDOWS = 10
"""Windows of one turn; then the relay looks whether it shall stop."""

BUSY_PAUSE_S = 0.05
IDLE_PAUSE_S = 0.5


class Relay:
    """Publishes what one service has to say, for the shards that it holds."""

    def __init__(self, database: Database, publisher: Publisher, leases: ShardLeases) -> None:
        self._database = database
        self._publisher = publisher
        self._leases = leases
        self.ticked = time.monotonic()
        self._wake = threading.Event()
        database.on_message(self._wake.set)

    def turn(self) -> int:
        """Send what there is, window after window, and return how many messages the broker took over.

        Taken over are deleted, all in one statement; refused and unanswered ones make their aggregate wait, and
        end the turn; those lost with the connection stay as they are. ``LinkDown`` when the connection is gone.
        """
        moved, rows = 0, self._sendable()
        for _ in range(WINDOWS):
            if not rows:
                break
            self.ticked = time.monotonic()
            settlement = self._publisher.publish(rows)
            moved += len(settlement.confirmed)
            if len(settlement.confirmed) < len(rows):
                self._note(settlement)
                break
            rows = self._sendable(settlement.confirmed)
        return moved

    def _note(self, settlement: Settlement) -> None:
        if settlement.confirmed or settlement.refused or settlement.silent:
            self._database.transact(lambda tx: _record(tx, settlement))
        if settlement.lost:
            raise LinkDown("the connection was lost")

    def _sendable(self, delivered: Sequence[PendingRow] = ()) -> list[PendingRow]:
        """Forget what is delivered and return what is next, of the shards that are held now."""
        shards, now = self._leases.held(), self._database.clock.now()
        if delivered:
            gone = [row.seq for row in delivered]
            return self._database.alone(lambda connection: exchange(connection, gone, shards, now, WINDOW))
        if not shards:
            return []
        return self._database.read(lambda connection: sendable_rows(connection, shards, now, WINDOW))

    def run(self, stopping: threading.Event) -> None:
        """Take turns until ``stopping`` is set, then finish and give the shards back."""
        pause, failures = BUSY_PAUSE_S, 0
        while not stopping.is_set():
            self.ticked = time.monotonic()
            self._wake.clear()
            try:
                moved = self.turn()
            except LinkDown as trouble:
                log.warning(
                    "relay of %s: %s; its messages stay in the outbox", self._database.service, trouble
                )
                failures += 1
            except Exception:
                log.exception("relay of %s failed; its messages stay in the outbox", self._database.service)
                failures += 1
            else:
                failures = 0
            if failures:
                stopping.wait(backoff(failures))
                continue
            pause = BUSY_PAUSE_S if moved else min(pause * 2, IDLE_PAUSE_S)
            if not stopping.is_set():
                self._wake.wait(pause)
        self.close()

    def wake(self) -> None:
        """End a pause at once: there is something to send, or it is time to stop."""
        self._wake.set()

    def close(self) -> None:
        """End the connection and give the shards back."""
        self._publisher.close()
        try:
            self._leases.release()
        except Exception:
            log.warning(
                "the relay's leases could not be given back; they run out by themselves", exc_info=True
            )


def _record(tx: Transaction, settlement: Settlement) -> None:
    if settlement.confirmed:
        delete_rows(tx, [row.seq for row in settlement.confirmed])
    for row in settlement.refused:
        log.warning("%s %s was refused (attempt %d)", row.type, row.id, row.attempts + 1)
    postpone(tx, [*settlement.refused, *settlement.silent])
