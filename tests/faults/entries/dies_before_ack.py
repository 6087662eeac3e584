"""A worker that dies when a group of messages is committed and not yet acknowledged."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.envelope import Message
from libs.common.inbox import Receiver
from libs.common.inbox.receiver import Receipt
from libs.common.worker import process
from tests.faults.entries.common import Deaths, run_worker

DEATHS = Deaths()


class DiesBeforeAck(Receiver):
    """Commits like any other."""

    def receive(self, batch: Sequence[Message]) -> Receipt:
        """Handle ``batch``; once, do not live to tell the broker."""
        receipt = super().receive(batch)
        if receipt.handled and DEATHS.due():
            DEATHS.die()
        return receipt


if __name__ == "__main__":
    process.Receiver = DiesBeforeAck  # type: ignore[attr-defined, misc]
    run_worker()
