"""The versions of the period lock."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, text

from libs.common.db import Prepared, Transaction
from services.finance.domain.periods import PeriodLock
from services.finance.store.tables import period_lock

_NOW = Prepared(
    select(period_lock.c.version, period_lock.c.locked_until, period_lock.c.reason)
    .order_by(period_lock.c.version.desc())
    .limit(1)
)
_ALONE = text("SELECT pg_advisory_xact_lock(7011)")
"""The lock that the trigger on the journal shares: whoever is booking has committed, whoever comes sees the new day."""


def lock_now(connection: Connection) -> PeriodLock:
    """Return the lock that applies now."""
    row = connection.execute(_NOW).one_or_none()
    return PeriodLock() if row is None else PeriodLock(row.version, row.locked_until, row.reason)


def wait_for_bookings(connection: Connection) -> None:
    """Wait until whoever is booking has committed, and let nobody book until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE)


def add(tx: Transaction, new: PeriodLock) -> None:
    """Store the next version."""
    tx.connection.execute(
        insert(period_lock).values(
            version=new.version,
            locked_until=new.locked_until,
            reason=new.reason,
            set_by=tx.cause.actor,
            set_at=tx.now,
        )
    )
