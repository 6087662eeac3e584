"""Telling how far slow work has come: now and then, so that whoever waits sees that it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

Say = Callable[[str], None]
EVERY_S = 3.0


class Progress:
    """Says how far the work has come, at most every three seconds by ``clock`` (in seconds)."""

    def __init__(self, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self.say = say
        self._clock = clock
        self._told = clock()

    def tell(self, whose: str, number: int, what: str) -> None:
        """Say of ``whose`` that there are ``number`` of ``what``, if nothing was said for a while."""
        now = self._clock()
        if now - self._told >= EVERY_S:
            self._told = now
            self.say(f"{whose:20} {number:7} {what}")
