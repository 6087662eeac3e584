"""Up to which day the books are closed."""

from __future__ import annotations

from sqlalchemy import Connection

from services.finance.domain.periods import PeriodLock
from services.finance.store import periods


def lock_now(connection: Connection) -> PeriodLock:
    """Return the lock that applies now."""
    return periods.lock_now(connection)
