"""A fact is said if and only if its change is committed, and each aggregate's facts are counted without a gap."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from libs.common.db import Cause, Database, Transaction
from libs.common.envelope import Message, command, event
from libs.common.outbox import event_log, outbox, publish, send, shard_of
from libs.common.testing.plugin import MakeDatabase


@event("sample.box.packed.v1", key="box_id")
@dataclass(frozen=True)
class Packed:
    box_id: str
    n: int = 0


@command("sample.pack_box.v1", key="box_id")
@dataclass(frozen=True)
class PackBox:
    box_id: str


def _pending(database: Database) -> list[Message]:
    with database.reading() as connection:
        rows = connection.execute(select(outbox.c.envelope).order_by(outbox.c.seq)).scalars()
        return [Message.from_bytes(row.encode()) for row in rows]


def test_each_aggregate_counts_from_one(database: Database) -> None:
    def work(tx: Transaction) -> None:
        for box in ("a", "a", "b"):
            publish(tx, Packed(box))

    database.transact(work)
    database.transact(work)
    counted = [(message.partition_key, message.sequence) for message in _pending(database)]
    assert counted == [("a", 1), ("a", 2), ("b", 1), ("a", 3), ("a", 4), ("b", 2)]
    assert database.read(lambda c: len(c.execute(select(event_log.c.seq)).all())) == 6


def test_nothing_is_said_of_what_was_rolled_back(database: Database) -> None:
    heard: list[int] = []
    database.on_message(lambda: heard.append(1))

    def work(tx: Transaction) -> None:
        publish(tx, Packed("a"))
        raise KeyError

    with pytest.raises(KeyError):
        database.transact(work)
    assert _pending(database) == []
    assert heard == []
    database.transact(lambda tx: publish(tx, Packed("a")))
    assert [message.sequence for message in _pending(database)] == [1]
    assert heard == [1]


def test_cause_and_conversation_are_carried(database: Database) -> None:
    cause = Cause(correlation_id="talk", causation_id="m1", actor="ann", traceparent="00-" + "1" * 32)
    database.transact(lambda tx: publish(tx, Packed("a")), cause=cause)
    database.transact(lambda tx: send(tx, PackBox("a"), correlation_id="other", message_id=tx.new_id()))
    said, ordered = _pending(database)
    assert (said.correlation_id, said.causation_id, said.actor) == ("talk", "m1", "ann")
    assert (ordered.kind, ordered.correlation_id, ordered.sequence) == ("command", "other", 2)


def test_an_event_is_published_and_a_command_is_sent(database: Database) -> None:
    with pytest.raises(TypeError, match="use send"):
        database.transact(lambda tx: publish(tx, PackBox("a")))
    with pytest.raises(TypeError, match="use publish"):
        database.transact(lambda tx: send(tx, Packed("a"), correlation_id="c"))


def test_the_sequence_is_the_order_of_commits_under_concurrency(make_database: MakeDatabase) -> None:
    database = make_database("sample", pool_size=8)
    barrier = threading.Barrier(8)

    def say(turn: int) -> None:
        barrier.wait()
        for _ in range(5):
            database.transact(
                lambda tx: (publish(tx, Packed("hot", turn)), publish(tx, Packed(f"own-{turn}")))
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(say, range(8)))
    hot = [message.sequence for message in _pending(database) if message.partition_key == "hot"]
    assert hot == list(range(1, 41))


@pytest.mark.parametrize("statement", ["DELETE FROM event_log", "UPDATE event_log SET type = 'x'"])
def test_history_cannot_be_changed(database: Database, statement: str) -> None:
    database.transact(lambda tx: publish(tx, Packed("a")))
    with pytest.raises(DBAPIError, match="append-only"):
        database.transact(lambda tx: tx.connection.execute(text(statement)))


def test_a_shard_is_the_same_everywhere() -> None:
    assert [shard_of(key) for key in ("a", "b", "0198c1a2-0000-7000-8000-000000000001")] == [3, 1, 7]
