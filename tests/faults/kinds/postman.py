"""Handing messages on in another order."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from typing import Any

from libs.common.messaging.broker_control import BrokerControl
from libs.common.messaging.topology import open_channel
from meridian.broker import NAMES
from tests.faults.site import BROKER, PREFIX, Site

WINDOW = 50
_PAUSE_S = 0.3


class Postman:
    """Stands before the queue of one service: takes messages, shuffles them across aggregates, and hands them on.

    The order within an aggregate is kept: that the broker keeps it is what the system relies on.
    """

    def __init__(self, site: Site, service: str, seed: float) -> None:
        self._url = BROKER
        self._queue = NAMES.queue(service)
        self._shadow = f"faults.{self._queue}"
        self._lots = random.Random(seed)
        self._ending = threading.Event()
        self._handed_on = 0
        self._bindings = [
            (e, k) for e, queue, k in BrokerControl(PREFIX).bindings() if queue == self._queue and e
        ]
        with open_channel(self._url) as channel:
            channel.queue_declare(self._shadow, durable=True)
            for exchange, key in self._bindings:
                channel.queue_bind(self._shadow, exchange, key)
                channel.queue_unbind(self._queue, exchange, key)
        self._thread = threading.Thread(target=self._run, name=f"postman-{service}", daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Hand on what is left, leave the queue to itself again, and return how many were handed on."""
        self._ending.set()
        self._thread.join(120)
        return self._handed_on

    def _run(self) -> None:
        with open_channel(self._url) as channel:
            channel.confirm_delivery()
            while not self._ending.is_set():
                self._hand_on(channel)
                channel.connection.sleep(_PAUSE_S)
            for exchange, key in self._bindings:
                channel.queue_bind(self._queue, exchange, key)
            while self._hand_on(channel):
                pass
            channel.queue_delete(self._shadow)

    def _hand_on(self, channel: Any) -> int:
        taken = []
        while len(taken) < WINDOW:
            method, about, body = channel.basic_get(self._shadow)
            if method is None:
                break
            taken.append((method.delivery_tag, about, body))
        for tag, about, body in self._shuffled(taken):
            channel.basic_publish("", self._queue, body, about, mandatory=True)
            channel.basic_ack(tag)
        self._handed_on += len(taken)
        return len(taken)

    def _shuffled(self, taken: list[Any]) -> list[Any]:
        """Return the messages in any order that keeps each aggregate's own."""
        lines: dict[str, list[Any]] = defaultdict(list)
        for message in taken:
            lines[(message[1].headers or {}).get("partitionkey", "")].append(message)
        turns = [key for key, line in lines.items() for _ in line]
        self._lots.shuffle(turns)
        return [lines[key].pop(0) for key in turns]
