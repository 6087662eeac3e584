"""A relay that waits for an answer that never comes is noticed; one that has nothing to do is left alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from libs.common.db import Database
from libs.common.messaging.consumer import Watchdog
from libs.common.messaging.leases import ShardLeases
from libs.common.messaging.relay import Relay
from libs.common.testing.plugin import MakeDatabase
from libs.common.tests.messaging import sample
from libs.common.tests.messaging.broker import in_thread


class Hangs:
    """A publisher behind a wire that stands and carries nothing."""

    def __init__(self) -> None:
        self.mended = threading.Event()

    def publish(self, _rows: object) -> None:
        self.mended.wait(30)
        raise ConnectionError("gone")

    def close(self) -> None:
        """Leave without a word."""


@pytest.fixture
def shop(make_database: MakeDatabase) -> Database:
    return make_database("shop")


@pytest.fixture
def publisher() -> Iterator[Hangs]:
    publisher = Hangs()
    yield publisher
    publisher.mended.set()


@pytest.mark.parametrize("busy", [True, False])
def test_only_a_relay_that_does_not_turn_ends_its_process(
    shop: Database, publisher: Hangs, busy: bool
) -> None:
    relay = Relay(shop, publisher, ShardLeases(shop, "one"))  # type: ignore[arg-type]
    stopping, stalled = threading.Event(), threading.Event()
    if busy:
        sample.sell(shop, "a", 1)
    turning = in_thread(lambda: relay.run(stopping))
    watching = in_thread(lambda: Watchdog(relay, 2, stalled.set).run(stopping))
    assert stalled.wait(9) is busy
    stopping.set()
    publisher.mended.set()
    relay.wake()
    for thread in (turning, watching):
        thread.join(10)
        assert not thread.is_alive()
