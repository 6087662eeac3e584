"""What people do about parked messages: look, retry, edit, discard. Every act is written down."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from libs.common.db import Transaction
from libs.common.envelope import Message, Undecodable
from libs.common.errors import Invalid, NotFound
from libs.common.ids import is_id
from libs.common.inbox import parking
from libs.common.inbox.failures import BY_HAND, UNDECODABLE
from libs.common.inbox.tables import dead_letter_act, parked


@dataclass(frozen=True)
class ParkedMessage:
    """One parked message as it is shown to people."""

    id: str
    consumer: str
    event_id: str
    source: str
    type: str
    partition_key: str
    sequence: int
    state: str
    reason: str
    error_type: str
    error: str
    attempts: int
    next_at: datetime | None
    first_seen: datetime
    envelope: str


@dataclass(frozen=True)
class Act:
    """One thing that a person did about a parked message."""

    at: datetime
    actor: str
    act: str
    consumer: str
    event_id: str
    reason: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Order:
    """Who does something, and why; both are kept."""

    actor: str
    reason: str


def list_parked(
    connection: Connection,
    *,
    state: str | None = "dead",
    type_: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> list[ParkedMessage]:
    """Return parked messages in the order of their parking, those behind the id ``after``.

    With ``state=None`` those that still retry as well.
    """
    query = select(parked).order_by(parked.c.id).limit(limit)
    if after is not None:
        query = query.where(parked.c.id > after)
    if state is not None:
        query = query.where(parked.c.state == state)
    if type_ is not None:
        query = query.where(parked.c.type == type_)
    return [_shown(row) for row in connection.execute(query)]


def show(connection: Connection, parked_id: str) -> ParkedMessage:
    """Return one parked message; ``NotFound`` when it is not parked (any more)."""
    return _shown(_row(connection, parked_id))


def acts(connection: Connection, limit: int = 100) -> list[Act]:
    """Return what people did, the latest first."""
    query = (
        select(dead_letter_act)
        .order_by(dead_letter_act.c.at.desc(), dead_letter_act.c.id.desc())
        .limit(limit)
    )
    return [
        Act(row.at, row.actor, row.act, row.consumer, row.event_id, row.reason, row.before, row.after)
        for row in connection.execute(query)
    ]


def retry(tx: Transaction, parked_id: str, order: Order) -> None:
    """Let a parked message be tried at once, with the whole ladder before it again."""
    row = _row(tx.connection, parked_id, lock=True)
    if row.reason == UNDECODABLE:
        raise Invalid(
            "these bytes are no message; a retry cannot help", field="id", cure="edit or discard it"
        )
    _revive(tx, row, row.envelope)
    _write_down(tx, "retry", row, order)


def edit(tx: Transaction, parked_id: str, data: dict[str, Any], order: Order) -> None:
    """Replace the data of a parked message, keep its identity and place in line, and let it be tried at once."""
    row = _row(tx.connection, parked_id, lock=True)
    try:
        message = _trusted(row)
    except Undecodable as error:
        raise Invalid(
            f"only a readable message can be edited: {error}", field="id", cure="discard it"
        ) from None
    envelope = replace(message, data=data).to_bytes().decode()
    _revive(tx, row, envelope)
    _write_down(tx, "edit", row, order, after=envelope)


def discard(tx: Transaction, parked_id: str, order: Order) -> None:
    """Give a parked message up: it counts as handled, should it ever come again, and its successors move on."""
    row = _row(tx.connection, parked_id, lock=True)
    parking.remove(tx, row.id)
    try:
        message = _trusted(row)
    except Undecodable:
        pass  # bytes without an identity cannot be recognised when they come again
    else:
        if not parking.handled(tx.connection, row.consumer, [message.id]):
            parking.record(tx, row.consumer, [message])
    _write_down(tx, "discard", row, order)


def write_down(
    tx: Transaction,
    act: str,
    consumer: str,
    event_id: str,
    order: Order,
    before: str | None,
    after: str | None = None,
) -> None:
    """Record an act upon a dead letter, wherever that lay."""
    tx.connection.execute(
        dead_letter_act.insert().values(
            id=tx.new_id(),
            at=tx.now,
            actor=order.actor[:120],
            act=act,
            consumer=consumer,
            event_id=event_id,
            reason=order.reason,
            before=before,
            after=after,
        )
    )


def _trusted(row: Row[Any]) -> Message:
    """Read a parked envelope; ``Undecodable`` for a forged one too: its id may be that of a true message to come."""
    if row.reason == UNDECODABLE:
        raise Undecodable(row.error or "no message")
    return Message.from_bytes(row.envelope.encode())


def _write_down(tx: Transaction, act: str, row: Row[Any], order: Order, after: str | None = None) -> None:
    state = {"state": row.state, "reason": row.reason, "attempts": row.attempts, "error": row.error}
    before = json.dumps(state | {"envelope": row.envelope}, ensure_ascii=False)
    write_down(tx, act, row.consumer, row.event_id, order, before, after)


def _revive(tx: Transaction, row: Row[Any], envelope: str) -> None:
    revived = {"state": "retry", "reason": BY_HAND, "attempts": 0, "next_at": tx.now, "envelope": envelope}
    tx.connection.execute(update(parked).where(parked.c.id == row.id).values(**revived))


def _row(connection: Connection, parked_id: str, *, lock: bool = False) -> Row[Any]:
    query = select(parked).where(parked.c.id == parked_id)
    row = None
    if is_id(parked_id):
        row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"no parked message {parked_id}", field="id", cure="see the list of parked messages")
    return row


def _shown(row: Row[Any]) -> ParkedMessage:
    return ParkedMessage(
        id=row.id,
        consumer=row.consumer,
        event_id=row.event_id,
        source=row.source,
        type=row.type,
        partition_key=row.partition_key,
        sequence=row.sequence,
        state=row.state,
        reason=row.reason,
        error_type=row.error_type or "",
        error=row.error or "",
        attempts=row.attempts,
        next_at=row.next_at,
        first_seen=row.first_seen,
        envelope=row.envelope,
    )
