"""Which relay serves which shard of an outbox: each of those that live its fair share.

A lease spares two relays the same work; correctness does not hang on it. A relay that wakes up after its lease
was taken sends its messages again, in order, and receivers recognise them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, SmallInteger, String, Table, delete, func, select, update

from libs.common.db import Database, Transaction, upsert_into
from libs.common.db.metadata import mechanism
from libs.common.db.types import Utc
from libs.common.outbox import SHARDS

LENGTH = timedelta(seconds=15)
_RENEWALS_PER_LENGTH = 3

relay = Table(
    "relay",
    mechanism,
    Column("owner", String(80), primary_key=True),
    Column("until", Utc, nullable=False),
)
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
        self._look_again: datetime | None = None

    def held(self) -> tuple[int, ...]:
        """Return the shards that are held, after renewing them and taking or giving up some when it is time to."""
        if self._look_again is None or self._database.clock.now() >= self._look_again:
            lost_a_race = True
            while lost_a_race:
                self._shards, self._look_again, lost_a_race = self._database.transact(self._share)
        return self._shards

    def _share(self, tx: Transaction) -> tuple[tuple[int, ...], datetime, bool]:
        """Keep, take or give up shards, up to a fair share.

        Returns them; when to look again, which is after a third of the lease or when the lease of another runs out
        unless it renews it before; and whether another took at the same moment what this one wanted. Relays that
        look at once all want the lowest free shards: who comes second must try for the next ones in a new
        transaction, or a shard lies idle until the next look. Each such race leaves fewer shards free, so it ends.
        """
        fair = -(-SHARDS // self._report(tx))
        kept = self._mine(tx)[:fair]
        surplus = (relay_lease.c.owner == self._owner) & relay_lease.c.shard.not_in(kept)
        tx.connection.execute(delete(relay_lease).where(surplus))
        others = self._shards_of_others(tx)
        free = [shard for shard in range(SHARDS) if shard not in kept and shard not in others]
        wanted = sorted([*kept, *free[: fair - len(kept)]])
        if kept:
            self._renew(tx, kept)
        for shard in wanted:
            if shard not in kept:
                self._claim(tx, shard)
        look_again = min([tx.now + self._length / _RENEWALS_PER_LENGTH, *others.values()])
        mine = self._mine(tx)
        return mine, look_again, len(mine) < len(wanted)

    def _report(self, tx: Transaction) -> int:
        """Be counted among the relays that live; return how many there are."""
        tx.connection.execute(delete(relay).where(relay.c.until <= tx.now, relay.c.owner != self._owner))
        alive = upsert_into(tx.connection, relay).values(owner=self._owner, until=tx.now + self._length)
        changed = {"until": tx.now + self._length}
        tx.connection.execute(alive.on_conflict_do_update(index_elements=["owner"], set_=changed))
        return int(tx.connection.execute(select(func.count()).select_from(relay)).scalar_one())

    def _mine(self, tx: Transaction) -> tuple[int, ...]:
        mine = select(relay_lease.c.shard).where(relay_lease.c.owner == self._owner)
        return tuple(tx.connection.execute(mine.order_by(relay_lease.c.shard)).scalars())

    def _shards_of_others(self, tx: Transaction) -> dict[int, datetime]:
        taken = (relay_lease.c.owner != self._owner) & (relay_lease.c.until > tx.now)
        query = select(relay_lease.c.shard, relay_lease.c.until).where(taken)
        return {row.shard: row.until for row in tx.connection.execute(query)}

    def _renew(self, tx: Transaction, kept: tuple[int, ...]) -> None:
        mine = (relay_lease.c.owner == self._owner) & relay_lease.c.shard.in_(kept)
        until = tx.now + self._length
        tx.connection.execute(update(relay_lease).where(mine).values(until=until))

    def _claim(self, tx: Transaction, shard: int) -> None:
        free = (relay_lease.c.owner == self._owner) | (relay_lease.c.until <= tx.now)
        values = {"owner": self._owner, "until": tx.now + self._length}
        claim = upsert_into(tx.connection, relay_lease).values(shard=shard, **values)
        tx.connection.execute(claim.on_conflict_do_update(index_elements=["shard"], set_=values, where=free))

    def release(self) -> None:
        """Give every shard back, so that another relay need not wait for the leases to run out."""
        self._shards, self._look_again = (), None
        self._database.transact(self._leave)

    def _leave(self, tx: Transaction) -> None:
        for table in (relay_lease, relay):
            tx.connection.execute(delete(table).where(table.c.owner == self._owner))
