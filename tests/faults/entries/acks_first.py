"""A worker without its second safeguard: it acknowledges, and works afterwards."""

from __future__ import annotations

import time

from libs.common.messaging import consumer
from libs.common.messaging.lanes import Delivery, Lanes
from tests.faults.entries.common import Deaths, run_worker

DEATHS = Deaths()
_UNTIL_THE_ACK_IS_OUT_S = 0.2


class AcksFirst(Lanes):
    """Works like any other, too late."""

    def _handle(self, batch: list[Delivery]) -> None:
        for delivery in batch:
            self._settle(delivery, delivery.message is not None)
        if batch and DEATHS.due():
            time.sleep(_UNTIL_THE_ACK_IS_OUT_S)
            DEATHS.die()
        settle, self._settle = self._settle, lambda _delivery, _accepted: None
        try:
            super()._handle(batch)
        finally:
            self._settle = settle


if __name__ == "__main__":
    consumer.Lanes = AcksFirst  # type: ignore[attr-defined, misc]
    run_worker()
