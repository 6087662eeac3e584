"""A worker whose relay dies when the broker has confirmed messages that are not yet marked as sent."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.messaging import publisher
from libs.common.messaging.pending import PendingRow
from libs.common.messaging.publisher import Publisher, Settlement
from tests.faults.entries.common import Deaths, run_worker

DEATHS = Deaths()


class DiesBeforeMark(Publisher):
    """Publishes like any other."""

    def publish(self, rows: Sequence[PendingRow]) -> Settlement:
        """Send ``rows``; once, do not live to write down that they are sent."""
        settlement = super().publish(rows)
        if settlement.confirmed and DEATHS.due():
            DEATHS.die()
        return settlement


if __name__ == "__main__":
    publisher.Publisher = DiesBeforeMark  # type: ignore[misc]
    run_worker()
