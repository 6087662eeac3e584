"""From the outbox to RabbitMQ: at least once, in order per aggregate, and never dropping anything."""

from __future__ import annotations

import logging
import threading
import time

from libs.common.db import Database, Transaction
from libs.common.messaging.backoff import backoff
from libs.common.messaging.leases import ShardLeases
from libs.common.messaging.pending import delete_rows, postpone, sendable_rows
from libs.common.messaging.publisher import LinkDown, Publisher, Settlement

log = logging.getLogger(__name__)
WINDOW = 500
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
        """Send one window of messages and return how many the broker took over.

        Taken over are deleted, all in one statement; refused and unanswered ones make their aggregate wait;
        those lost with the connection stay as they are. ``LinkDown`` when the connection is gone.
        """
        shards = self._leases.held()
        if not shards:
            return 0
        now = self._database.clock.now()
        rows = self._database.read(lambda connection: sendable_rows(connection, shards, now, WINDOW))
        if not rows:
            return 0
        settlement = self._publisher.publish(rows)
        if settlement.confirmed or settlement.refused or settlement.silent:
            self._database.transact(lambda tx: _record(tx, settlement))
        if settlement.lost:
            raise LinkDown("the connection was lost")
        return len(settlement.confirmed)

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
            if not moved and not stopping.is_set():
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
