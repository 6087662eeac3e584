"""A worker whose relay dies while messages are under way to the broker."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence

from libs.common.messaging import publisher
from libs.common.messaging.pending import PendingRow
from libs.common.messaging.publisher import Publisher, Settlement
from tests.faults.entries.common import Deaths, run_worker

DEATHS = Deaths()
LONGEST_S = 0.01


class DiesWhilePublishing(Publisher):
    """Publishes like any other."""

    def publish(self, rows: Sequence[PendingRow]) -> Settlement:
        """Send ``rows``; once, die within the next hundredth of a second."""
        if DEATHS.due():
            threading.Timer(random.uniform(0, LONGEST_S), DEATHS.die).start()
        return super().publish(rows)


if __name__ == "__main__":
    publisher.Publisher = DiesWhilePublishing  # type: ignore[misc]
    run_worker()
