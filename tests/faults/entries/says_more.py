"""A worker of the next minor version: its messages have fields that nobody knows yet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from libs.common.messaging import publisher
from libs.common.messaging.pending import PendingRow
from libs.common.messaging.publisher import Publisher, Settlement
from tests.faults.entries.common import run_worker

ADDED = {"added_text": "new", "added_number": 7, "added_object": {"within": [1, None, "x"]}}


def _with_more(row: PendingRow) -> PendingRow:
    envelope = json.loads(row.envelope)
    envelope["data"] |= ADDED
    envelope["addedextension"] = "new"
    return replace(row, envelope=json.dumps(envelope))


class SaysMore(Publisher):
    """Publishes like any other."""

    def publish(self, rows: Sequence[PendingRow]) -> Settlement:
        """Send ``rows`` with more in them."""
        return super().publish([_with_more(row) for row in rows])


if __name__ == "__main__":
    publisher.Publisher = SaysMore  # type: ignore[misc]
    run_worker()
