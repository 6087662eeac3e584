"""A worker without its first safeguard: what is written to the socket counts as sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pika
from pika.exceptions import AMQPError

from libs.common.messaging import publisher
from libs.common.messaging.names import Names
from libs.common.messaging.pending import PendingRow
from libs.common.messaging.publisher import LinkDown, Settlement, properties
from tests.faults.entries.common import run_worker


class Believes:
    """Publishes as most programs do."""

    def __init__(self, url: str, names: Names) -> None:
        self._url = url
        self._names = names
        self._channel: Any = None

    def publish(self, rows: Sequence[PendingRow]) -> Settlement:
        """Send ``rows`` and say that all is well."""
        try:
            if self._channel is None or not self._channel.is_open:
                self._channel = pika.BlockingConnection(pika.URLParameters(self._url)).channel()
            for row in rows:
                exchange = self._names.exchange_for(row.type)
                self._channel.basic_publish(exchange, row.type, row.envelope.encode(), properties(row))
        except (AMQPError, OSError) as error:
            self._channel = None
            raise LinkDown(str(error)) from None
        return Settlement(confirmed=list(rows))

    def close(self) -> None:
        """Leave without a word."""


if __name__ == "__main__":
    publisher.Publisher = Believes  # type: ignore[assignment, misc]
    run_worker()
