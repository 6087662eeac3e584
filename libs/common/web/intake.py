"""Taking in new work only as fast as work already taken in gets on.

A command that begins something may be declared with ``intake=True``. The service says since when each piece of work
that it took in before waits for its next answer (``read``). While few wait, everything is taken in. When many do,
the *lag* decides: how long the older of them have waited. Up to a third of ``longest_lag_s`` everything is taken
in; from there the share that is refused grows evenly, and at ``longest_lag_s`` nothing new is taken in. When nobody is
answered at all, another service is down, not overloaded: then work is taken in and waits for it.

The share goes out with each answer (``Meridian-Intake``), so that whoever stands in front can refuse it for us, which
costs a tenth. Work already begun is never refused here.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from libs.common.db import Database
from libs.common.web.problems import EdgeError

HEADER = "Meridian-Intake"
LOOK_EVERY_S = 0.25
STALLED_S = 2.0
FEW = 64
"""So many may always wait, whatever their age: one that is stuck must not close the door for all."""

MOST_LOOKED_AT = 1000
# A source of our own: whoever seeds the shared one, or watches it, is not disturbed by a thread that draws a lot.
_LOTS = random.Random()  # nosec B311 # noqa: S311 - a lot, not a secret
RETRY_AFTER_S = (1, 4)
WaitingSince = Callable[[Connection, int], Sequence[datetime]]
"""Return since when work waits, the oldest first, at most so many."""


class Intake:
    """How much new work is refused at the moment; ``monotonic`` is the clock for short times."""

    def __init__(
        self,
        read: WaitingSince,
        *,
        longest_lag_s: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._longest = longest_lag_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._share = 0.0
        self._older: datetime | None = None
        self._moved = monotonic()

    def share(self, database: Database) -> float:
        """Return the share of new work that is refused, 0 to 1; the database is looked at a few times a second."""
        with self._lock:
            now = self._monotonic()
            fresh = now - self._looked < LOOK_EVERY_S
            if not fresh:
                self._looked = now
        if not fresh:
            since = database.read(lambda connection: self._read(connection, MOST_LOOKED_AT))
            self._share = self._share_of(since, database.clock.now())
        return self._share

    def _share_of(self, since: Sequence[datetime], now: datetime) -> float:
        older = since[FEW // 2] if len(since) > FEW else None
        if older != self._older or older is None:
            self._older, self._moved = older, self._monotonic()
        if older is None or self._monotonic() - self._moved > STALLED_S:
            return 0.0
        easy = self._longest / 3
        lag = (now - older).total_seconds()
        return min(max((lag - easy) / (self._longest - easy), 0.0), 1.0)


def busy() -> EdgeError:
    """Return the refusal of new work; callers come again at different times, not all at once."""
    seconds = _LOTS.randint(*RETRY_AFTER_S)
    return EdgeError(
        503,
        "busy",
        "More work has been taken in than can be done at the moment.",
        cure="Send the same request again after the time in Retry-After.",
        headers={"Retry-After": str(seconds), HEADER: "1.00"},
    )
