"""The outbox as the relays see it: what is oldest, what is delivered, what has to wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, select, update

from libs.common.db import Prepared, Transaction
from libs.common.envelope import Message
from libs.common.outbox import outbox

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(seconds=30)


@dataclass(frozen=True)
class PendingRow:
    """One message that is not delivered yet; ``envelope`` is what goes on the wire, byte for byte."""

    seq: int
    id: str
    type: str
    kind: str
    partition_key: str
    envelope: str
    attempts: int

    @cached_property
    def message(self) -> Message:
        """The envelope, read; read once however many services want it."""
        return Message.from_bytes(self.envelope.encode())


@dataclass(frozen=True)
class Backlog:
    """How much waits in an outbox, since when, and how much of it was refused before."""

    depth: int
    oldest: datetime | None
    refused: int


_COLUMNS = (
    outbox.c.seq,
    outbox.c.event_id,
    outbox.c.type,
    outbox.c.kind,
    outbox.c.partition_key,
    outbox.c.envelope,
    outbox.c.attempts,
)
_OLDEST = Prepared(select(*_COLUMNS).order_by(outbox.c.seq).limit(bindparam("most")))
_WAITING = select(outbox.c.partition_key).where(outbox.c.next_at > bindparam("now"))
_SENDABLE = Prepared(
    select(*_COLUMNS)
    .where(outbox.c.shard.in_(bindparam("shards", expanding=True)), outbox.c.partition_key.not_in(_WAITING))
    .order_by(outbox.c.seq)
    .limit(bindparam("most"))
)
_THESE: BindParameter[list[int]] = bindparam("seqs", expanding=True)
_GONE = delete(outbox).where(outbox.c.seq.in_(_THESE))
_DELIVERED = Prepared(_GONE)
# The rows that it deletes are still there for the rest of the statement.
_EXCHANGED = Prepared(_SENDABLE.statement.where(outbox.c.seq.not_in(_THESE)).add_cte(_GONE.cte("gone")))


def oldest_rows(connection: Connection, limit: int) -> list[PendingRow]:
    """Return the oldest messages, whatever their shard."""
    return [PendingRow(*row) for row in connection.execute(_OLDEST, {"most": limit})]


def sendable_rows(
    connection: Connection, shards: Collection[int], now: datetime, limit: int
) -> list[PendingRow]:
    """Return the oldest messages of ``shards``, without the aggregates that have to wait after a refusal."""
    wanted = {"shards": list(shards), "now": now, "most": limit}
    return [PendingRow(*row) for row in connection.execute(_SENDABLE, wanted)]


def exchange(
    connection: Connection, delivered: Collection[int], shards: Collection[int], now: datetime, limit: int
) -> list[PendingRow]:
    """Forget the messages of the sequences ``delivered``, and return those that are sendable then.

    One statement where the engine can. It may be repeated when it is not known whether it was executed.
    """
    if connection.dialect.name != "postgresql":
        connection.execute(_DELIVERED, {"seqs": list(delivered)})
        return sendable_rows(connection, shards, now, limit)
    wanted = {"seqs": list(delivered), "shards": list(shards), "now": now, "most": limit}
    return [PendingRow(*row) for row in connection.execute(_EXCHANGED, wanted)]


def delete_rows(tx: Transaction, seqs: Sequence[int]) -> None:
    """Forget delivered messages, all in one statement."""
    tx.connection.execute(_DELIVERED, {"seqs": list(seqs)})


def postpone(tx: Transaction, rows: Sequence[PendingRow]) -> None:
    """Let the aggregates of refused messages wait, twice as long after each refusal; nothing is ever dropped."""
    for row in rows:
        wait = min(FIRST_WAIT * 2 ** min(row.attempts, 10), LONGEST_WAIT)
        refused = update(outbox).where(outbox.c.seq == row.seq)
        tx.connection.execute(refused.values(attempts=row.attempts + 1, next_at=tx.now + wait))


def backlog(connection: Connection) -> Backlog:
    """Return how much waits to be delivered."""
    query = select(
        func.count(), func.min(outbox.c.recorded_at), func.count().filter(outbox.c.attempts > 0)
    ).select_from(outbox)
    depth, oldest, refused = connection.execute(query).one()
    return Backlog(int(depth), oldest, int(refused))
