"""The time from one fact to the next, as the services' histories tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from libs.common.db import Database
from libs.common.envelope import event
from libs.common.outbox import publish
from libs.common.testing import ManualClock
from tests.performance.histories import between, told_so_far


@event("sample.order.placed.v1", key="order_id")
@dataclass(frozen=True)
class Placed:
    order_id: str


@event("sample.note.written.v1", key="order_id")
@dataclass(frozen=True)
class Written:
    order_id: str


EARLIER, LATER = ("sample", "sample.order.placed.v1"), ("sample", "sample.note.written.v1")


def test_each_conversation_counts_once_from_its_first_to_its_first(
    database: Database, clock: ManualClock
) -> None:
    def tell(fact: object, conversation: str, later_ms: int = 0) -> None:
        clock.advance(timedelta(milliseconds=later_ms))
        database.transact(lambda tx: publish(tx, fact, correlation_id=conversation))

    databases = {"sample": database}
    tell(Placed("SO-0"), "before")
    after = {"sample": told_so_far(databases, "sample")}
    tell(Written("SO-0"), "before")
    tell(Placed("SO-1"), "one")
    tell(Placed("SO-2"), "two", 100)
    tell(Written("SO-1"), "one", 50)
    tell(Written("SO-1"), "one", 900)
    tell(Placed("SO-3"), "never noted")
    tell(Written("SO-2"), "two", 1000)
    assert sorted(between(databases, EARLIER, LATER, after)) == [0.15, 1.95]
