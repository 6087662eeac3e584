"""A worker that takes its time for each group of messages, or for some of them, while it is told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from libs.common.envelope import Message
from libs.common.inbox import Receiver
from libs.common.inbox.receiver import Receipt
from libs.common.worker import process
from tests.faults.entries.common import is_on, run_worker, setting

SECONDS = float(setting("seconds"))
# So many times at most; a semaphore because several lanes ask.
_TURNS = threading.BoundedSemaphore(int(setting("times", "1000000")))


def _take_turn() -> bool:
    return is_on(setting("switch")) and _TURNS.acquire(blocking=False)


class Dawdles(Receiver):
    """Handles like any other, later."""

    def receive(self, batch: Sequence[Message]) -> Receipt:
        """Wait before the work."""
        if _take_turn():
            time.sleep(SECONDS)
        return super().receive(batch)


if __name__ == "__main__":
    process.Receiver = Dawdles  # type: ignore[attr-defined, misc]
    run_worker()
