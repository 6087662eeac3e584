"""Forgetting handled messages once no redelivery or replay can bring them back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, tuple_

from libs.common.db import Database, Transaction
from libs.common.inbox.tables import inbox

KEEP = timedelta(days=30)
BATCH = 1000


def purge_inbox(database: Database, keep: timedelta = KEEP) -> int:
    """Delete the memory of messages handled more than ``keep`` ago, in small transactions; return how many."""
    before = database.clock.now() - keep
    total = 0
    while True:
        gone = database.transact(lambda tx: _purge_batch(tx, before))
        total += gone
        if gone < BATCH:
            return total


def _purge_batch(tx: Transaction, before: datetime) -> int:
    key = (inbox.c.consumer, inbox.c.event_id)
    old = select(*key).where(inbox.c.received_at < before).order_by(inbox.c.received_at).limit(BATCH)
    rows = tx.connection.execute(old).all()
    if rows:
        tx.connection.execute(delete(inbox).where(tuple_(*key).in_([tuple(row) for row in rows])))
    return len(rows)
