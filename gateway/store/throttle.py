"""Failed logins, counted per user name and address under a hash of both."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import RowMapping, delete, update

from gateway.store.tables import login_throttle
from libs.common.db import Transaction, upsert_into

FORGET_AFTER = timedelta(days=1)


def lock(tx: Transaction, key: str) -> RowMapping:
    """Return the counter of ``key``, its row locked, made when it is missing."""
    fresh = upsert_into(tx.connection, login_throttle).values(key=key, failures=0, last_at=tx.now)
    kept = fresh.on_conflict_do_update(index_elements=["key"], set_={"last_at": tx.now})
    return tx.connection.execute(kept.returning(login_throttle)).mappings().one()


def count(tx: Transaction, key: str, failures: int, blocked_until: datetime | None) -> None:
    """Set the counter of ``key``."""
    changed = {"failures": failures, "last_at": tx.now, "blocked_until": blocked_until}
    tx.connection.execute(update(login_throttle).where(login_throttle.c.key == key).values(**changed))


def clear(tx: Transaction, key: str) -> None:
    """Forget the failures of ``key``."""
    tx.connection.execute(delete(login_throttle).where(login_throttle.c.key == key))


def forget_old(tx: Transaction) -> int:
    """Remove the counters that nobody has touched for a day; return how many."""
    old = login_throttle.c.last_at < tx.now - FORGET_AFTER
    return tx.connection.execute(delete(login_throttle).where(old)).rowcount
