"""What came too often goes apart, with all that follows it in its aggregate; the rest shares a commit as ever."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from libs.common.envelope import Message
from libs.common.inbox import Receipt
from libs.common.messaging.lanes import SUSPECT_FROM, Delivery, Lanes
from libs.common.tests.inbox.test_receiver import sale
from libs.common.tests.messaging.broker import wait_until


class Noting:
    """A receiver that only notes what it is given, and how."""

    consumer = "room"

    def __init__(self) -> None:
        self.given: list[tuple[str, list[str]]] = []

    def receive(self, batch: Sequence[Message]) -> Receipt:
        self.given.append(("together", [message.id for message in batch]))
        return Receipt()

    def set_aside(self, batch: Sequence[Message]) -> Receipt:
        self.given.append(("aside", [message.id for message in batch]))
        return Receipt()


@pytest.mark.parametrize("times", [0, SUSPECT_FROM - 1, SUSPECT_FROM])
def test_messages_delivered_too_often_are_set_aside_with_their_aggregate(times: int) -> None:
    receiver, settled = Noting(), []
    lanes = Lanes(receiver, lambda delivery, accepted: settled.append((delivery.tag, accepted)), 1)  # type: ignore[arg-type]
    batch = [
        Delivery(0, 1, b"", sale("k", 1), times=times),
        Delivery(0, 2, b"", sale("a", 1)),
        Delivery(0, 3, b"", sale("k", 2)),
    ]
    lanes._handle(batch)
    if times < SUSPECT_FROM:
        assert receiver.given == [("together", ["k-1", "a-1", "k-2"])]
    else:
        assert receiver.given == [("aside", ["k-1", "k-2"]), ("together", ["a-1"])]
    assert settled == [(1, True), (2, True), (3, True)], (
        "all are acknowledged: what is aside is in the database"
    )
    lanes.finish()
    wait_until(lanes.finished, "the end")
