"""RabbitMQ for tests: names of their own, so that tests share a virtual host, and nothing is left behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pika
import pytest

from libs.common.ids import SystemIds
from libs.common.messaging import topology
from libs.common.messaging.names import Names

DEFAULT_URL = "amqp://guest:guest@127.0.0.1:5672/%2F"


def broker_url() -> str:
    """Return the broker that the tests use."""
    return os.environ.get("MERIDIAN_TEST_AMQP_URL", DEFAULT_URL)


@dataclass
class Broker:
    """A broker with a topology of its own."""

    url: str
    names: Names
    topology: topology.Topology

    def messages(self, queue: str) -> list[str]:
        """Take every message out of ``queue`` and return their ids."""
        with topology.open_channel(self.url) as channel:
            expected = channel.queue_declare(queue, passive=True).method.message_count
            ids: list[str] = []
            if expected == 0:
                return ids
            for method, properties, _body in channel.consume(queue, inactivity_timeout=2):
                if method is None:
                    break
                channel.basic_ack(method.delivery_tag)
                ids.append(properties.message_id)
                if len(ids) == expected:
                    break
            channel.cancel()
            return ids

    def put(self, queue: str, body: bytes, **properties: object) -> None:
        """Put bytes straight into ``queue``."""
        with topology.open_channel(self.url) as channel:
            channel.confirm_delivery()
            about = pika.BasicProperties(delivery_mode=2, **properties)  # type: ignore[arg-type]
            channel.basic_publish("", queue, body, about, mandatory=True)

    def depth(self, queue: str) -> int:
        """Return how many messages are ready in ``queue``."""
        found = topology.depth(self.url, queue)
        assert found is not None, f"no queue {queue}"
        return found


MakeBroker = Callable[[Mapping[str, Sequence[str]]], Broker]


@pytest.fixture
def make_broker() -> Iterator[MakeBroker]:
    """Give ``make_broker({service: types})``; what it declares is removed after the test."""
    url = broker_url()
    try:
        with topology.open_channel(url):
            pass
    except pika.exceptions.AMQPError:
        message = "RabbitMQ does not answer; set MERIDIAN_TEST_AMQP_URL"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    made: list[Broker] = []

    def make(wanted: Mapping[str, Sequence[str]]) -> Broker:
        names = Names(f"t_{SystemIds().new()[-12:]}.")
        broker = Broker(url, names, topology.describe(names, wanted))
        made.append(broker)
        topology.apply(url, broker.topology)
        return broker

    yield make
    for broker in made:
        topology.remove(url, broker.topology)


def wait_until(done: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
    """Wait until ``done()``, or fail saying ``what`` did not happen."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(0.02)


def in_thread(act: Callable[[], object]) -> threading.Thread:
    """Run ``act`` beside the test."""
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    return thread
