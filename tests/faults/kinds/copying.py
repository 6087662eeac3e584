"""Sending again what has been sent."""

from __future__ import annotations

import random
import threading
from typing import Any

from pika.exceptions import AMQPError
from sqlalchemy import text

from libs.common.messaging.pending import PendingRow
from libs.common.messaging.publisher import properties
from libs.common.messaging.topology import open_channel
from meridian.broker import NAMES
from tests.faults.site import BROKER, Site

_LOOK_BACK = 1000
_SENT = (
    "SELECT seq, event_id FROM event_log l WHERE seq > :after "
    "AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event_id = l.event_id) ORDER BY seq"
)
_WHOLE = "SELECT seq, event_id, type, kind, partition_key, envelope FROM event_log WHERE seq = ANY(:fresh)"


class Repeater:
    """A thread that publishes every message of one service again, ``times`` over, soon after it has left the outbox."""

    def __init__(self, site: Site, service: str, after: int, times: int) -> None:
        self._database = site.databases[service]
        self._url = BROKER
        self._after = after
        self._times = times
        self._seen: set[str] = set()
        self._ending = threading.Event()
        self._lots = random.Random(service)
        self._sent = 0
        self._thread = threading.Thread(target=self._run, name=f"repeat-{service}", daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Repeat what is left and return how many copies were sent."""
        self._ending.set()
        self._thread.join(120)
        return self._sent

    def _run(self) -> None:
        last = False
        while not last:
            last = self._ending.wait(0.3)
            try:
                with open_channel(self._url) as channel:
                    channel.confirm_delivery()
                    self._repeat(channel)
            except AMQPError:
                continue

    def _repeat(self, channel: Any) -> None:
        with self._database.reading() as connection:
            rows = connection.execute(text(_SENT), {"after": self._after}).all()
            wanted = [row.seq for row in rows if row.event_id not in self._seen]
            fresh = [
                PendingRow(row.seq, row.event_id, row.type, row.kind, row.partition_key, row.envelope, 0)
                for row in connection.execute(text(_WHOLE), {"fresh": wanted})
            ]
        copies = fresh * self._times
        self._lots.shuffle(copies)
        for row in copies:
            channel.basic_publish(
                NAMES.exchange_for(row.type), row.type, row.envelope.encode(), properties(row)
            )
            self._sent += 1
        self._seen |= {row.id for row in fresh}
        if rows:
            self._after = max(self._after, rows[-1][0] - _LOOK_BACK)
