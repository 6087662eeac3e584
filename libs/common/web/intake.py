"""Taking in new work only as fast as work already taken in gets on.

A command that begins something may be declared with ``intake=True``. The service says how much of what was taken in
before is still unanswered (``read``). Up to ``easy`` everything is taken in; from there the share that is refused
grows evenly, and at ``most`` nothing new is taken in. The share goes out with each answer (``Meridian-Intake``), so
that whoever stands in front can refuse it for us, which costs a tenth. Work already begun is never refused here.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

from sqlalchemy import Connection

from libs.common.db import Database
from libs.common.web.problems import EdgeError

HEADER = "Meridian-Intake"
LOOK_EVERY_S = 0.25
RETRY_AFTER_S = (1, 4)
Unanswered = Callable[[Connection], int]


class Intake:
    """How much new work is refused at the moment."""

    def __init__(self, read: Unanswered, *, easy: int, most: int) -> None:
        self._read = read
        self._easy = easy
        self._most = most
        self._lock = threading.Lock()
        self._looked = -LOOK_EVERY_S
        self._share = 0.0

    def share(self, database: Database) -> float:
        """Return the share of new work that is refused, 0 to 1; the database is looked at a few times a second."""
        now = time.monotonic()
        with self._lock:
            fresh = now - self._looked < LOOK_EVERY_S
            if not fresh:
                self._looked = now
        if not fresh:
            self._share = self._share_at(database.read(self._read))
        return self._share

    def _share_at(self, unanswered: int) -> float:
        above = unanswered - self._easy
        return min(max(above / (self._most - self._easy), 0.0), 1.0)


def busy() -> EdgeError:
    """Return the refusal of new work; callers come again at different times, not all at once."""
    seconds = random.randint(*RETRY_AFTER_S)  # noqa: S311 - a lot, not a secret
    return EdgeError(
        503,
        "busy",
        "More work has been taken in than can be done at the moment.",
        cure="Send the same request again after the time in Retry-After.",
        headers={"Retry-After": str(seconds), HEADER: "1.00"},
    )
