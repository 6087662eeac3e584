"""Close the books up to a day, or open them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from services.finance.domain.periods import PeriodLock
from services.finance.domain.terms import Terms, require_not_future
from services.finance.store import periods


@dataclass(frozen=True)
class MoveLock:
    """The day up to which nothing is booked any more; ``None`` opens everything."""

    locked_until: date | None
    reason: str | None = None
    expected_version: int | None = None


def move_lock(tx: Transaction, command: MoveLock, terms: Terms) -> PeriodLock:
    """Set the lock once everybody who is booking is done; each change is kept, with who and why."""
    if command.locked_until is not None:
        require_not_future(command.locked_until, terms.today(tx.now), "locked_until")
    periods.wait_for_bookings(tx.connection)
    current = periods.lock_now(tx.connection)
    if command.expected_version not in (None, current.version):
        raise VersionMismatch(
            f"the lock is at version {current.version}", cure="read it again and repeat the change"
        )
    if command.locked_until == current.locked_until:
        return current
    moved = PeriodLock(current.version + 1, command.locked_until, command.reason)
    periods.add(tx, moved)
    return moved
