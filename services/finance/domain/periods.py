"""The period lock: what was reported is not booked into any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from libs.common.errors import Refused


class PeriodLocked(Refused):
    """The day lies in a period that is closed for booking."""

    code = "period_locked"


@dataclass(frozen=True)
class PeriodLock:
    """Nothing is booked on or before ``locked_until``; ``None``: everything is open. Version 0 was never set."""

    version: int = 0
    locked_until: date | None = None
    reason: str | None = None

    def is_locked(self, day: date) -> bool:
        """Tell whether nothing may be booked on ``day``."""
        return self.locked_until is not None and day <= self.locked_until

    def first_open(self, day: date) -> date:
        """Return ``day``, or the first day after the lock when it is locked."""
        return self.locked_until + timedelta(days=1) if self.locked_until and self.is_locked(day) else day

    def require_open(self, day: date, field: str) -> None:
        """Refuse a day in a locked period, naming ``field`` and the first day that is open."""
        if self.is_locked(day):
            opened = self.first_open(day).isoformat()
            raise PeriodLocked(
                f"the books are closed up to {self.locked_until}",
                field=field,
                cure=f"give {opened} or a later day",
            )
