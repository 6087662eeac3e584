"""The parked messages of a consumer: one line per aggregate and publisher, in the order they were said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Row,
    String,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from libs.common.db import Prepared, Transaction, upsert_into
from libs.common.envelope import Message
from libs.common.inbox.failures import BEHIND, INTERRUPTED, INTERRUPTIONS, LATER, NOT_BLOCKING, Failure
from libs.common.inbox.tables import inbox, parked

Stream = tuple[str, str]
ParkedRow = Row[Any]


def stream_of(message: Message) -> Stream:
    """Return what a message must keep its order within: its publisher and its aggregate."""
    return (message.source, message.partition_key)


@dataclass(frozen=True)
class Known:
    """What the database says about a batch: ids already handled or parked, and the lines that are held up."""

    ids: frozenset[str]
    held: frozenset[Stream]


_CONSUMER: BindParameter[str] = bindparam("of_consumer")
_IDS: BindParameter[list[str]] = bindparam("ids", expanding=True)
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_HANDLED = Prepared(select(inbox.c.event_id).where(inbox.c.consumer == _CONSUMER, inbox.c.event_id.in_(_IDS)))
_PARKED = select(parked.c.event_id, parked.c.source, parked.c.partition_key, parked.c.reason)
_KNOWN = Prepared(
    union_all(
        select(
            inbox.c.event_id, inbox.c.source, inbox.c.partition_key, literal(None, String).label("reason")
        ).where(inbox.c.consumer == _CONSUMER, inbox.c.event_id.in_(_IDS)),
        _PARKED.where(parked.c.consumer == _CONSUMER, parked.c.partition_key.in_(_KEYS)),
        _PARKED.where(parked.c.consumer == _CONSUMER, parked.c.event_id.in_(_IDS)),
    )
)
_RECORD = Prepared(insert(inbox))


def look_up(connection: Connection, consumer: str, batch: Sequence[Message]) -> Known:
    """Return what is known of ``batch``, in one query; what is only handled has no reason to be parked."""
    wanted = {
        "of_consumer": consumer,
        "ids": [message.id for message in batch],
        "keys": list({message.partition_key for message in batch}),
    }
    rows = connection.execute(_KNOWN, wanted).all()
    held = (row for row in rows if row.reason is not None and row.reason not in NOT_BLOCKING)
    return Known(
        ids=frozenset(row.event_id for row in rows),
        held=frozenset((row.source, row.partition_key) for row in held),
    )


def handled(connection: Connection, consumer: str, ids: Sequence[str]) -> set[str]:
    """Return those of ``ids`` that the consumer has handled."""
    return set(connection.execute(_HANDLED, {"of_consumer": consumer, "ids": list(ids)}).scalars())


def record(tx: Transaction, consumer: str, messages: Iterable[Message]) -> None:
    """Write down that ``messages`` are handled in ``tx``; a twin's commit makes this fail on the primary key."""
    rows = [
        {
            "consumer": consumer,
            "event_id": message.id,
            "source": message.source,
            "partition_key": message.partition_key,
            "sequence": message.sequence,
            "type": message.type,
            "received_at": tx.now,
        }
        for message in messages
    ]
    if rows:
        tx.connection.execute(_RECORD, rows)


def park_behind(tx: Transaction, consumer: str, message: Message) -> None:
    """Park a message whose predecessor is parked; it is tried as soon as that one is through."""
    failure = Failure(BEHIND, "", "an earlier message of this aggregate is parked")
    _insert(tx, consumer, message, failure, state="retry", attempts=0, next_at=tx.now)


def park_interrupted(tx: Transaction, consumer: str, message: Message) -> None:
    """Park a message that may have ended the process; it is tried at once, alone."""
    failure = Failure(
        INTERRUPTED, "", "it was not done with when the process or its connection ended, again and again"
    )
    _insert(tx, consumer, message, failure, state="retry", attempts=0, next_at=tx.now)


def park_dead(tx: Transaction, consumer: str, message: Message, failure: Failure) -> None:
    """Park a message that no retry can help; it waits for a person."""
    _insert(tx, consumer, message, failure, state="dead", attempts=1, next_at=None)


def park_failed(tx: Transaction, consumer: str, message: Message, failure: Failure) -> None:
    """Park a message after its first failure."""
    wait = failure.wait(1)
    assert wait is not None
    _insert(tx, consumer, message, failure, state="retry", attempts=1, next_at=tx.now + wait)


def _insert(tx: Transaction, consumer: str, message: Message, failure: Failure, **progress: Any) -> None:
    row = {
        "event_id": message.id,
        "source": message.source,
        "type": message.type,
        "partition_key": message.partition_key,
        "sequence": message.sequence,
        "envelope": message.to_bytes().decode(),
    }
    insert_parked(tx, consumer, row | progress, failure)


def insert_parked(tx: Transaction, consumer: str, row: dict[str, Any], failure: Failure) -> None:
    """Insert one parked row, unless the message is parked already."""
    statement = upsert_into(tx.connection, parked).values(
        id=tx.new_id(),
        consumer=consumer,
        error_type=failure.error_type,
        error=failure.error,
        reason=failure.reason,
        first_seen=tx.now,
        **row,
    )
    tx.connection.execute(statement.on_conflict_do_nothing(index_elements=["consumer", "event_id"]))


def _blocking(table: Any) -> ColumnElement[bool]:
    return or_(table.c.state == "retry", table.c.reason.not_in(NOT_BLOCKING))


def _first_in_line() -> ColumnElement[bool]:
    earlier = parked.alias("earlier")
    ahead = select(earlier.c.id).where(
        earlier.c.consumer == _CONSUMER,
        earlier.c.source == parked.c.source,
        earlier.c.partition_key == parked.c.partition_key,
        tuple_(earlier.c.sequence, earlier.c.id) < tuple_(parked.c.sequence, parked.c.id),
        _blocking(earlier),
    )
    return ~ahead.exists()


_HEADS = select(parked.c.source, parked.c.partition_key).where(
    parked.c.consumer == _CONSUMER, parked.c.state == "retry", _first_in_line()
)
_DUE = Prepared(
    _HEADS.where(parked.c.next_at <= bindparam("of_now"))
    .order_by(parked.c.next_at, parked.c.id)
    .limit(bindparam("most", type_=Integer))
)
_WAITING = Prepared(_HEADS.where(parked.c.reason == LATER).order_by(parked.c.first_seen, parked.c.id))
_NEXT = Prepared(
    select(func.min(parked.c.next_at).label("next_at")).where(
        parked.c.consumer == _CONSUMER, parked.c.state == "retry", parked.c.reason != BEHIND
    )
)


def due_streams(connection: Connection, consumer: str, now: datetime, limit: int) -> list[Stream]:
    """Return the lines whose first message may be tried now, the longest due first."""
    return _streams(connection, _DUE, {"of_consumer": consumer, "of_now": now, "most": limit})


def waiting_streams(connection: Connection, consumer: str) -> list[Stream]:
    """Return the lines whose first message waits for a fact that had not arrived, due or not."""
    return _streams(connection, _WAITING, {"of_consumer": consumer})


def _streams(connection: Connection, query: Prepared, values: dict[str, Any]) -> list[Stream]:
    return [(row.source, row.partition_key) for row in connection.execute(query, values)]


def next_due(connection: Connection, consumer: str) -> datetime | None:
    """Return when the next parked message is to be tried; those behind another wait for that, not for a time."""
    moment: datetime | None = connection.execute(_NEXT, {"of_consumer": consumer}).scalar_one()
    return moment


def lock_head(connection: Connection, consumer: str, stream: Stream) -> ParkedRow | None:
    """Return the first message of a line, locked; ``None`` when there is none or another worker just took it."""
    query = (
        select(parked)
        .where(
            parked.c.consumer == consumer,
            parked.c.source == stream[0],
            parked.c.partition_key == stream[1],
            _blocking(parked),
        )
        .order_by(parked.c.sequence, parked.c.id)
        .limit(1)
        .with_for_update()
    )
    return connection.execute(query).one_or_none()


def remove(tx: Transaction, row_id: str) -> None:
    """Take a message out of the parking."""
    tx.connection.execute(delete(parked).where(parked.c.id == row_id))


def brace(tx: Transaction, row: ParkedRow) -> bool:
    """Write down, before a message is tried, that the process may not outlive it; ``True`` when it is dead instead.

    What was written down so often without an outcome has ended the process each time.
    """
    before = row.attempts if row.reason == INTERRUPTED else 0
    failure = Failure(
        INTERRUPTED, "", f"the process ended {before} times while it handled this message alone"
    )
    if before >= INTERRUPTIONS:
        _update(tx, row, failure, state="dead", attempts=before, next_at=None)
        return True
    _update(tx, row, failure, attempts=before + 1)
    return False


def mark_dead(tx: Transaction, row: ParkedRow, failure: Failure) -> None:
    """Give up on a parked message until a person decides."""
    _update(tx, row, failure, state="dead", attempts=row.attempts + 1, next_at=None)


def mark_failed(tx: Transaction, row: ParkedRow, failure: Failure) -> bool:
    """Count one more failure and set the next attempt; return ``True`` when the ladder is used up: it is dead."""
    attempts = 1 if row.reason == INTERRUPTED else row.attempts + 1  # an interruption is not the handler's no
    wait = failure.wait(attempts)
    state, next_at = ("dead", None) if wait is None else ("retry", tx.now + wait)
    _update(tx, row, failure, state=state, attempts=attempts, next_at=next_at)
    return wait is None


def _update(tx: Transaction, row: ParkedRow, failure: Failure, **progress: Any) -> None:
    unchanged = and_(parked.c.id == row.id, parked.c.attempts == row.attempts)
    tx.connection.execute(
        update(parked)
        .where(unchanged)
        .values(reason=failure.reason, error_type=failure.error_type, error=failure.error, **progress)
    )


def count_by_state(connection: Connection) -> dict[str, int]:
    """Return how many messages still retry and how many are dead."""
    query = select(parked.c.state, func.count()).group_by(parked.c.state)
    return {state: int(count) for state, count in connection.execute(query)}
