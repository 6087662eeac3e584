"""The answers kept under an Idempotency-Key, which the web edge writes, and forgetting them, which a job does."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, Integer, String, Table, Text, delete, select, tuple_

from libs.common.db.database import Database
from libs.common.db.metadata import mechanism
from libs.common.db.transaction import Transaction
from libs.common.db.types import Json, Utc

KEEP = timedelta(days=30)
BATCH = 1000

idempotency = Table(
    "idempotency",
    mechanism,
    Column("subject", String(120), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),
    Column("body", Text),
    Column("headers", Json),
    Column("created_at", Utc, nullable=False),
)


def forget_old_keys(database: Database, keep: timedelta = KEEP) -> int:
    """Delete the answers given more than ``keep`` ago, in small transactions; return how many."""
    before = database.clock.now() - keep
    total = 0
    while True:
        gone = database.transact(lambda tx: _forget_batch(tx, before))
        total += gone
        if gone < BATCH:
            return total


def _forget_batch(tx: Transaction, before: datetime) -> int:
    key = (idempotency.c.subject, idempotency.c.key)
    old = (
        select(*key).where(idempotency.c.created_at < before).order_by(idempotency.c.created_at).limit(BATCH)
    )
    rows = tx.connection.execute(old).all()
    if rows:
        tx.connection.execute(delete(idempotency).where(tuple_(*key).in_([tuple(row) for row in rows])))
    return len(rows)
