"""Time and identity that a test decides."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self._now

    def advance(self, step: timedelta) -> None:
        """Move on by ``step``."""
        self._now += step


class NumberedIds:
    """Valid ids that count up, so that a recorded run reads the same every time."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new(self) -> str:
        """Return the next id."""
        return f"00000000-0000-7000-8000-{next(self._count):012d}"
