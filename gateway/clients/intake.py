"""How much new work each service refuses at the moment, as its last answers said; refused here it costs it nothing."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

from libs.common.clock import Clock

# A source of our own: whoever seeds the shared one, or watches it, is not disturbed by a thread that draws a lot.
_LOTS = random.Random()  # nosec B311 # noqa: S311 - a lot, not a secret
BELIEVED_FOR = timedelta(seconds=1)
"""How long an answer is believed: a service that recovers is asked again soon."""


class Intakes:
    """The addresses at which new work begins, and what is known of them."""

    def __init__(self, addresses: Iterable[str], clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, datetime] | None] = dict.fromkeys(addresses)

    def begins_work(self, method: str, address: str) -> bool:
        """Tell whether a request begins something, rather than going on with it or only looking."""
        return method == "POST" and address in self._known

    def note(self, address: str, text: str) -> None:
        """Learn from what the answer to a request that begins work says of the share; nonsense is passed over."""
        try:
            share = float(text)
        except ValueError:
            return
        if math.isfinite(share):
            with self._lock:
                self._known[address] = (share, self._clock.now()) if share > 0 else None

    def refuses(self, address: str) -> bool:
        """Tell, by lot, whether this request is one of the share that is refused."""
        known = self._known[address]
        if known is None:
            return False
        share, since = known
        by_lot = _LOTS.random() < share
        return self._clock.now() - since < BELIEVED_FOR and by_lot
