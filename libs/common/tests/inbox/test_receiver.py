"""Handling messages: once in effect, in order, and what fails holds up its own aggregate only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from libs.common.db import Database, Transaction
from libs.common.envelope import Message
from libs.common.inbox import Receipt, Receiver, Subscriptions, purge_inbox
from libs.common.inbox.failures import LADDER
from libs.common.inbox.tables import inbox, parked
from libs.common.outbox import event_log
from libs.common.testing import ManualClock
from libs.common.testing.plugin import MakeDatabase
from libs.common.tests.messaging import sample

START = datetime(2026, 3, 2, tzinfo=UTC)


def sale(sale_id: str, n: int, **changes: Any) -> Message:
    """Return the message that sale ``sale_id`` was made, its ``n``-th."""
    message = Message(
        id=f"{sale_id}-{n}",
        type="shop.sale.made.v1",
        kind="event",
        source="shop",
        time=START,
        recorded_time=START,
        partition_key=sale_id,
        sequence=n,
        correlation_id="talk",
        data={"sale_id": sale_id, "n": n},
        actor="ann",
        traceparent="00-trace",
    )
    return replace(message, **changes)


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return sample.create_effects(make_database("room"))


@pytest.fixture
def room() -> sample.Room:
    return sample.Room()


@pytest.fixture
def receiver(database: Database, room: sample.Room) -> Receiver:
    return Receiver(database, room.subscriptions())


def parked_rows(database: Database) -> list[tuple[str, str, str]]:
    query = select(parked).order_by(parked.c.partition_key, parked.c.sequence)
    return [(row.event_id, row.state, row.reason) for row in database.read(lambda c: c.execute(query).all())]


def test_duplicates_are_counted_and_have_no_effect(receiver: Receiver, database: Database) -> None:
    assert receiver.receive([sale("a", 1), sale("a", 1), sale("b", 1)]) == Receipt(handled=2, duplicates=1)
    assert receiver.receive([sale("b", 1), sale("a", 1), sale("a", 2)]) == Receipt(handled=1, duplicates=2)
    assert sample.effects_of(database) == [("a", 1), ("b", 1), ("a", 2)]


def test_a_batch_is_one_commit(receiver: Receiver, database: Database) -> None:
    commits = []
    database.on_message(lambda: commits.append(1))
    count = {"type": "room.count_stock.v1", "kind": "command", "data": {"sale_id": "a"}}
    receiver.receive([sale("a", n, **count) for n in range(1, 6)])
    assert commits == [1]


def test_what_a_handler_publishes_tells_its_own_cause(receiver: Receiver, database: Database) -> None:
    count = {"type": "room.count_stock.v1", "kind": "command"}
    receiver.receive(
        [
            sale("a", 1, actor="ann", data={"sale_id": "a"}, **count),
            sale("b", 1, actor="bob", correlation_id="other", data={"sale_id": "b"}, **count),
        ]
    )
    rows = database.read(lambda c: c.execute(select(event_log).order_by(event_log.c.seq)).all())
    said = [Message.from_bytes(row.envelope.encode()) for row in rows]
    assert [(m.correlation_id, m.causation_id, m.actor, m.traceparent) for m in said] == [
        ("talk", "a-1", "ann", "00-trace"),
        ("other", "b-1", "bob", "00-trace"),
    ]


def test_a_failure_sets_its_aggregate_aside_and_the_others_share_a_commit(
    receiver: Receiver, database: Database, room: sample.Room
) -> None:
    room.poison.add(("b", 2))
    batch = [sale("a", 1), sale("b", 1), sale("b", 2), sale("b", 3), sale("c", 1), sale("a", 2)]
    assert receiver.receive(batch) == Receipt(handled=4, parked=2)
    assert sample.effects_of(database) == [("a", 1), ("c", 1), ("a", 2), ("b", 1)]
    assert parked_rows(database) == [("b-2", "retry", "failed"), ("b-3", "retry", "behind")]


def test_many_failures_fall_back_to_singles(
    receiver: Receiver, database: Database, room: sample.Room
) -> None:
    room.poison.update((name, 1) for name in "abcdef")
    batch = [sale(name, n) for n in (1, 2) for name in "abcdefgh"]
    assert receiver.receive(batch) == Receipt(handled=4, parked=12)
    assert sorted(sample.effects_of(database)) == [("g", 1), ("g", 2), ("h", 1), ("h", 2)]


def test_later_messages_park_behind_even_when_they_come_alone(
    receiver: Receiver, database: Database, room: sample.Room, clock: ManualClock
) -> None:
    room.poison.add(("a", 1))
    receiver.receive([sale("a", 1)])
    assert receiver.receive([sale("a", 2), sale("b", 1)]) == Receipt(handled=1, parked=1)
    assert receiver.receive([sale("a", 1), sale("a", 2)]) == Receipt(duplicates=2), "parked ones are known"
    room.poison.clear()
    assert receiver.retry_due() == Receipt(), "it is not time yet"
    clock.advance(timedelta(seconds=5))
    assert receiver.retry_due() == Receipt(handled=2)
    assert sample.effects_of(database) == [("b", 1), ("a", 1), ("a", 2)]


def test_the_same_aggregate_id_of_another_publisher_is_another_line(
    receiver: Receiver, database: Database, room: sample.Room
) -> None:
    room.poison.add(("a", 1))
    receiver.receive([sale("a", 1)])
    assert receiver.receive([sale("a", 7, source="mill")]) == Receipt(handled=1)


def test_the_ladder_ends_in_a_dead_letter(
    receiver: Receiver, database: Database, room: sample.Room, clock: ManualClock
) -> None:
    room.poison.add(("a", 1))
    receiver.receive([sale("a", 1), sale("a", 2)])
    for step in LADDER[:-1]:
        clock.advance(step - timedelta(milliseconds=1))
        assert receiver.retry_due() == Receipt(), f"before {step}"
        clock.advance(timedelta(milliseconds=1))
        assert receiver.retry_due() == Receipt(parked=1), f"after {step}"
    clock.advance(LADDER[-1])
    assert receiver.retry_due() == Receipt(dead=1)
    clock.advance(timedelta(days=9))
    assert receiver.retry_due() == Receipt()
    assert parked_rows(database) == [("a-1", "dead", "failed"), ("a-2", "retry", "behind")]


def test_later_is_tried_again_after_a_moment(
    receiver: Receiver, database: Database, room: sample.Room, clock: ManualClock
) -> None:
    room.missing.add(("a", 1))
    receiver.receive([sale("a", 1), sale("a", 2)])
    assert parked_rows(database)[0] == ("a-1", "retry", "later")
    clock.advance(timedelta(milliseconds=200))
    assert receiver.retry_due() == Receipt(parked=1)
    room.missing.clear()
    clock.advance(timedelta(seconds=1))
    assert receiver.retry_due() == Receipt(handled=2)
    assert sample.effects_of(database) == [("a", 1), ("a", 2)]


def test_early_tries_of_what_waits_are_not_counted(
    receiver: Receiver, database: Database, room: sample.Room
) -> None:
    room.missing.add(("a", 1))
    receiver.receive([sale("a", 1)])
    for _ in range(20):
        assert receiver.retry_waiting() == Receipt()
    assert parked_rows(database) == [("a-1", "retry", "later")]
    room.missing.clear()
    assert receiver.retry_waiting() == Receipt(handled=1)


@pytest.mark.parametrize(
    ("changes", "reason", "next_one_waits"),
    [
        ({"data": {"sale_id": "a", "n": "one"}}, "unreadable", True),
        ({"data": {"n": 1}}, "unreadable", True),
        ({"type": "shop.sale.made.v2"}, "unsupported_version", True),
        ({"type": "shop.sale.repainted.v1"}, "unknown_type", False),
    ],
)
def test_what_no_retry_can_help_is_dead_at_once(
    receiver: Receiver, database: Database, changes: dict[str, Any], reason: str, next_one_waits: bool
) -> None:
    receipt = receiver.receive([sale("a", 1, **changes), sale("a", 2), sale("b", 1)])
    assert (receipt.dead, receipt.parked) == (1, int(next_one_waits))
    assert parked_rows(database)[0] == ("a-1", "dead", reason)
    assert receiver.receive([sale("a", 1, **changes)]) == Receipt(duplicates=1)


def test_undecodable_bytes_are_kept_once_with_their_reason(receiver: Receiver, database: Database) -> None:
    for body in (b"\xff\x00", b"\xff\x00", b"{}"):
        receiver.record_undecodable(body, "not JSON")
    rows = database.read(lambda c: c.execute(select(parked).order_by(parked.c.envelope)).all())
    assert [(row.envelope, row.state, row.reason, row.error) for row in rows] == [
        ("base64:/wA=", "dead", "undecodable", "not JSON"),
        ("{}", "dead", "undecodable", "not JSON"),
    ]


def test_a_failing_database_is_raised_and_nothing_is_parked(database: Database) -> None:
    subscriptions = Subscriptions("room")

    @subscriptions.on("shop.sale.made.v1")
    def lose_the_connection(tx: Transaction, view: object, message: Message) -> None:
        raise OperationalError("select 1", {}, Exception("server closed the connection"))

    receiver = Receiver(database, subscriptions)
    with pytest.raises(OperationalError):
        receiver.receive([sale("a", 1), sale("b", 1)])
    assert parked_rows(database) == []
    assert database.read(lambda c: c.execute(select(inbox)).all()) == []


@pytest.mark.parametrize(("company", "handled"), [([], 0), ([sale("b", 1)], 1)], ids=["alone", "in a group"])
def test_a_twin_that_commits_first_makes_the_message_a_duplicate(
    receiver: Receiver,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    company: list[Message],
    handled: int,
) -> None:
    """Two consumers during a fail-over: both looked before either wrote."""
    from libs.common.inbox import parking

    honest = parking.look_up

    def blind_once(*args: Any) -> parking.Known:
        monkeypatch.setattr(parking, "look_up", honest)
        return parking.Known(frozenset(), frozenset())

    receiver.receive([sale("a", 1)])
    monkeypatch.setattr(parking, "look_up", blind_once)
    assert receiver.receive([sale("a", 1), *company]) == Receipt(handled=handled, duplicates=1)
    assert sample.effects_of(database) == [("a", 1), *((message.partition_key, 1) for message in company)]
    assert parked_rows(database) == []


def test_purge_forgets_only_what_is_old(receiver: Receiver, database: Database, clock: ManualClock) -> None:
    receiver.receive([sale("a", n) for n in range(1, 4)])
    clock.advance(timedelta(days=29))
    receiver.receive([sale("b", 1)])
    assert purge_inbox(database) == 0
    clock.advance(timedelta(days=2))
    assert purge_inbox(database) == 3
    assert receiver.receive([sale("b", 1)]) == Receipt(duplicates=1)


def test_what_handlers_need_is_made_ready_once_for_those_that_run(
    database: Database, room: sample.Room
) -> None:
    subscriptions, ready = room.subscriptions(), []
    subscriptions.before_all(lambda _tx, messages: ready.append([message.id for message in messages]))
    receiver = Receiver(database, subscriptions)

    receiver.receive([sale("a", 1), sale("b", 1)])
    receiver.receive([sale("a", 1), sale("a", 2), sale("c", 1, type="shop.sale.vanished.v1")])

    assert ready == [["a-1", "b-1"], ["a-2"]]


def test_a_failure_to_make_ready_fails_the_messages_and_no_other(
    database: Database, room: sample.Room
) -> None:
    subscriptions = room.subscriptions()

    def prepare(_tx: Transaction, messages: Sequence[Message]) -> None:
        if any(message.partition_key == "a" for message in messages):
            raise ValueError("no way")

    subscriptions.before_all(prepare)
    receipt = Receiver(database, subscriptions).receive([sale("a", 1), sale("b", 1), sale("c", 1)])

    assert receipt == Receipt(handled=2, parked=1)
