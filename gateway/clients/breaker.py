"""Leaving a service alone that does not answer: after a few failures in a row, one probe at a time.

Written out rather than taken from a library: the common one holds a lock for the length of each call, so that a
service could be asked only one thing at a time.
"""

from __future__ import annotations

import math
import threading
from datetime import datetime, timedelta

from libs.common.clock import Clock

FAILURES = 5
REST = timedelta(seconds=5)


class Breaker:
    """What became of the calls to one service. *Open*: no calls until it has rested; then one probe decides."""

    def __init__(self, clock: Clock, *, failures: int = FAILURES, rest: timedelta = REST) -> None:
        self._clock = clock
        self._most = failures
        self._rest = rest
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until: datetime | None = None
        self._down_since: datetime | None = None

    @property
    def down_since(self) -> datetime | None:
        """Since when the service has not answered; ``None`` while it does."""
        with self._lock:
            return self._down_since

    def rest_seconds(self) -> int:
        """Return 0 when a call may be made, else the seconds after which to try again.

        Who gets 0 after a rest is the probe: the others rest once more until it is answered.
        """
        with self._lock:
            now = self._clock.now()
            if self._open_until is None:
                return 0
            if self._open_until > now:
                return max(1, math.ceil((self._open_until - now).total_seconds()))
            self._open_until = now + self._rest
            return 0

    def answered(self) -> None:
        """Note that the service answered."""
        with self._lock:
            self._failures, self._open_until, self._down_since = 0, None, None

    def failed(self) -> None:
        """Note that it did not."""
        with self._lock:
            now = self._clock.now()
            self._failures += 1
            self._down_since = self._down_since or now
            if self._failures >= self._most:
                self._open_until = now + self._rest
