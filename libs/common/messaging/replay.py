"""The event log again, for one consumer only: to fill a new subscriber, or to repeat what it lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common.db import Database
from libs.common.inbox import Receipt, Receiver
from libs.common.messaging.names import REPLAY_HEADER, Names
from libs.common.messaging.pending import PendingRow
from libs.common.outbox import event_log

PAGE = 500
BATCH = 50


@dataclass(frozen=True)
class Selection:
    """Which part of an event log; everything that is left out means no limit."""

    types: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    partition_key: str | None = None


def select_events(database: Database, selection: Selection) -> Iterator[PendingRow]:
    """Yield the logged messages in the order in which they were said, a page at a time.

    A message whose transaction commits meanwhile may be passed over; it is delivered in the usual way, so the
    reader has to be bound before its replay begins.
    """
    last = 0
    while True:
        rows = database.read(lambda connection, after=last: _page(connection, selection, after))  # type: ignore[misc]
        if not rows:
            return
        for row in rows:
            yield PendingRow(row.seq, row.event_id, row.type, row.kind, row.partition_key, row.envelope, 0)
        last = rows[-1].seq


def _page(connection: Connection, selection: Selection, after: int) -> list[Row[Any]]:
    query = _narrowed(select(event_log).where(event_log.c.seq > after), selection)
    return list(connection.execute(query.order_by(event_log.c.seq).limit(PAGE)))


def _narrowed(query: Select[Any], selection: Selection) -> Select[Any]:
    if selection.types:
        query = query.where(event_log.c.type.in_(selection.types))
    if selection.since is not None:
        query = query.where(event_log.c.recorded_at >= selection.since)
    if selection.until is not None:
        query = query.where(event_log.c.recorded_at < selection.until)
    if selection.partition_key is not None:
        query = query.where(event_log.c.partition_key == selection.partition_key)
    return query


def replay_embedded(database: Database, selection: Selection, receiver: Receiver) -> Receipt:
    """Hand the selected messages of ``database`` to one receiver of the same process."""
    total = Receipt()
    for batch in batched(select_events(database, selection), BATCH):
        total += receiver.receive([row.message for row in batch])
    return total


def batched(rows: Iterator[PendingRow], size: int) -> Iterator[list[PendingRow]]:
    """Yield ``rows`` in lists of ``size``; the last one may be shorter."""
    while batch := list(islice(rows, size)):
        yield batch


def replay(
    database: Database, selection: Selection, url: str, service: str, *, names: Names, per_second: int = 500
) -> int:
    """Send the selected messages of ``database`` to the queue of ``service`` alone, marked as a replay.

    The receiver skips what it has handled before; return how many were sent.
    """
    from libs.common.messaging.publisher import properties
    from libs.common.messaging.topology import open_channel

    sent, started = 0, time.monotonic()
    with open_channel(url) as channel:
        channel.confirm_delivery()
        for row in select_events(database, selection):
            about = properties(row, {REPLAY_HEADER: True})
            channel.basic_publish("", names.queue(service), row.envelope.encode(), about, mandatory=True)
            sent += 1
            ahead = sent / per_second - (time.monotonic() - started)
            if ahead > 0:
                channel.connection.sleep(ahead)
    return sent
