"""Messages out: written in the same transaction as the change they tell of, sent later by the relay.

``event_log`` is the append-only history (replay, time-line); ``outbox`` is the small hot table of what is not
yet delivered. The row of ``event_stream`` counts each aggregate's messages and, because it stays locked until
the commit, makes that count the order of commits.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Column, FetchedValue, Integer, SmallInteger, String, Table, Text

from libs.common.db import Transaction, Twofold, Upsert, chunks
from libs.common.db.metadata import mechanism
from libs.common.db.prepared import MOST_ROWS_IN_ONE
from libs.common.db.types import BigKey, Id, Utc
from libs.common.envelope import Message, declaration_of, encode
from libs.common.envelope.declare import Declared

SHARDS = 8

event_log = Table(
    "event_log",
    mechanism,
    Column("seq", BigKey, FetchedValue(), primary_key=True),
    Column("event_id", Id, nullable=False),
    Column("type", String(120), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("partition_key", String(64), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("causation_id", String(64)),
    Column("recorded_at", Utc, nullable=False),
    Column("envelope", Text, nullable=False),
    implicit_returning=False,
)
event_stream = Table(
    "event_stream",
    mechanism,
    Column("partition_key", String(64), primary_key=True),
    Column("last_sequence", BigInteger, nullable=False),
)
outbox = Table(
    "outbox",
    mechanism,
    Column("seq", BigKey, FetchedValue(), primary_key=True),
    Column("shard", SmallInteger, nullable=False),
    Column("event_id", Id, nullable=False),
    Column("partition_key", String(64), nullable=False),
    Column("type", String(120), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("envelope", Text, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Utc),
    Column("recorded_at", Utc, nullable=False),
    implicit_returning=False,
)
_ADVANCE = Upsert(
    event_stream,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["partition_key"],
        set_={"last_sequence": event_stream.c.last_sequence + insert.excluded.last_sequence},
    ).returning(event_stream.c.partition_key, event_stream.c.last_sequence),
)
_SAY = Twofold(event_log, outbox)


def shard_of(partition_key: str) -> int:
    """Return the relay's shard of an aggregate: the same on every machine and in every version."""
    return zlib.crc32(partition_key.encode()) % SHARDS


@dataclass
class _Pending:
    declared: Declared
    id: str
    partition_key: str
    correlation_id: str
    causation_id: str | None
    actor: str | None
    traceparent: str | None
    data: dict[str, Any]


@dataclass
class _Outgoing:
    """What one transaction will say, kept until just before its commit."""

    tx: Transaction
    pending: list[_Pending] = field(default_factory=list)
    listening: bool = False

    def add(self, message: _Pending) -> None:
        if not self.pending:
            self.tx.before_commit(self.flush)
        self.pending.append(message)

    def flush(self) -> None:
        messages = self._numbered()
        self.pending = []
        for some in chunks(messages):
            _SAY.write(self.tx.connection, [_row(message) for message in some])

    def _numbered(self) -> list[Message]:
        counts: dict[str, int] = {}
        for item in self.pending:
            counts[item.partition_key] = counts.get(item.partition_key, 0) + 1
        last = self._advance(counts)
        following = {key: last[key] - count for key, count in counts.items()}
        messages = []
        for item in self.pending:
            following[item.partition_key] += 1
            messages.append(self._envelope(item, following[item.partition_key]))
        return messages

    def _advance(self, counts: dict[str, int]) -> dict[str, int]:
        """Count the messages of each aggregate on; return its last sequence."""
        # Sorted, so that two transactions that speak of the same aggregates never wait for each other in a ring.
        rows = [{"partition_key": key, "last_sequence": count} for key, count in sorted(counts.items())]
        connection = self.tx.connection
        last: dict[str, int] = {}
        for first in range(0, len(rows), MOST_ROWS_IN_ONE):
            some = rows[first : first + MOST_ROWS_IN_ONE]
            for key, sequence in connection.execute(_ADVANCE.on(connection), some):
                last[key] = int(sequence)
        return last

    def _envelope(self, item: _Pending, sequence: int) -> Message:
        return Message(
            id=item.id,
            type=item.declared.type,
            kind=item.declared.kind,
            source=self.tx.service,
            time=self.tx.now,
            recorded_time=self.tx.now,
            partition_key=item.partition_key,
            sequence=sequence,
            correlation_id=item.correlation_id,
            causation_id=item.causation_id,
            actor=item.actor,
            traceparent=item.traceparent,
            data=item.data,
        )


def _row(message: Message) -> dict[str, Any]:
    return {
        "event_id": message.id,
        "type": message.type,
        "kind": message.kind,
        "partition_key": message.partition_key,
        "recorded_at": message.recorded_time,
        "envelope": message.to_bytes().decode(),
        "sequence": message.sequence,
        "correlation_id": message.correlation_id,
        "causation_id": message.causation_id,
        "shard": shard_of(message.partition_key),
        "attempts": 0,
    }


def _outgoing(tx: Transaction) -> _Outgoing:
    room = tx.rooms.setdefault("outbox", _Outgoing(tx))
    assert isinstance(room, _Outgoing)
    return room


def publish(
    tx: Transaction, event: object, *, correlation_id: str | None = None, causation_id: str | None = None
) -> str:
    """Say a fact when ``tx`` commits, and never otherwise; return the message's id.

    The conversation is ``correlation_id``, else that of the transaction's cause, else the aggregate itself.
    ``causation_id`` defaults to the message that is being handled.
    """
    declared = declaration_of(event)
    if declared.kind != "event":
        raise TypeError(f"{declared.type} is a command; use send()")
    key = str(getattr(event, declared.key))
    conversation = correlation_id or tx.cause.correlation_id or key
    return _queue(tx, event, declared, key, conversation, tx.new_id(), causation_id)


def send(
    tx: Transaction,
    command: object,
    *,
    correlation_id: str,
    message_id: str | None = None,
    causation_id: str | None = None,
) -> str:
    """Order another service to do something when ``tx`` commits; return the message's id.

    A ``message_id`` that is derived from the occasion lets the receiver see a repetition as such.
    """
    declared = declaration_of(command)
    if declared.kind != "command":
        raise TypeError(f"{declared.type} is an event; use publish()")
    key = str(getattr(command, declared.key))
    return _queue(tx, command, declared, key, correlation_id, message_id or tx.new_id(), causation_id)


def _queue(
    tx: Transaction,
    body: object,
    declared: Declared,
    key: str,
    correlation_id: str,
    message_id: str,
    causation_id: str | None,
) -> str:
    room = _outgoing(tx)
    if not room.listening:
        room.listening = True
        announce = tx.announce
        if announce is not None:
            tx.after_commit(announce)
    cause = causation_id or tx.cause.causation_id
    # Taken now, not at the flush: in a group commit the transaction's cause moves on from message to message.
    who, trace = tx.cause.actor, tx.cause.traceparent
    room.add(_Pending(declared, message_id, key, correlation_id, cause, who, trace, encode(body)))
    return message_id
