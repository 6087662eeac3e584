"""Which relay serves which shard of an outbox.

A lease spares two relays the same work; correctness does not hang on it. A relay that wakes up after its lease
was taken sends its messages again, in order, and receivers recognise them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, SmallInteger, String, Table, delete, or_, select

from libs.common.db import Database, Transaction, upsert_into
from libs.common.db.metadata import mechanism
from libs.common.db.types import Utc
from libs.common.outbox import SHARDS

LENGTH = timedelta(seconds=15)
_RENEWALS_PER_LENGTH = 3

relay_lease = Table(
    "relay_lease",
    mechanism,
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("owner", String(80), nullable=False),
    Column("until", Utc, nullable=False),
)


class ShardLeases:
    """The shards that ``owner`` may serve at the moment."""

    def __init__(self, database: Database, owner: str, length: timedelta = LENGTH) -> None:
        self._database = database
        self._owner = owner
        self._length = length
        self._shards: tuple[int, ...] = ()
        self._claim_again: datetime | None = None

    def held(self) -> tuple[int, ...]:
        """Return the shards that are held, after renewing them and taking what is free when it is time to."""
        now = self._database.clock.now()
        if self._claim_again is None or now >= self._claim_again:
            self._shards = self._database.transact(self._claim)
            self._claim_again = now + self._length / _RENEWALS_PER_LENGTH
        return self._shards

    def _claim(self, tx: Transaction) -> tuple[int, ...]:
        free = or_(relay_lease.c.owner == self._owner, relay_lease.c.until < tx.now)
        for shard in range(SHARDS):
            values = {"owner": self._owner, "until": tx.now + self._length}
            claim = upsert_into(tx.connection, relay_lease).values(shard=shard, **values)
            tx.connection.execute(
                claim.on_conflict_do_update(index_elements=["shard"], set_=values, where=free)
            )
        mine = select(relay_lease.c.shard).where(relay_lease.c.owner == self._owner)
        return tuple(tx.connection.execute(mine.order_by(relay_lease.c.shard)).scalars())

    def release(self) -> None:
        """Give every shard back, so that another relay need not wait for the leases to run out."""
        self._shards, self._claim_again = (), None
        self._database.transact(
            lambda tx: tx.connection.execute(delete(relay_lease).where(relay_lease.c.owner == self._owner))
        )
