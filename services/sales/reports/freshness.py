"""How fresh the figures are: up to when everything that sales did to orders has been counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, union_all

from libs.common.inbox.tables import parked
from libs.common.outbox import outbox

COUNTED = tuple(
    f"sales.order.{what}.v1" for what in ("confirmed", "recorded", "amended", "closed_short", "cancelled")
)


@dataclass(frozen=True)
class Freshness:
    """All that happened before ``as_of`` is counted; ``lag_ms`` is how long ago that was."""

    as_of: datetime
    lag_ms: int


def freshness(connection: Connection, now: datetime) -> Freshness:
    """Return how old the oldest change of an order is that still waits to be counted; ``now`` when none does."""
    waiting = union_all(
        select(outbox.c.recorded_at.label("since")).where(outbox.c.type.in_(COUNTED)),
        select(parked.c.first_seen).where(parked.c.type.in_(COUNTED)),
    ).subquery()
    since = connection.execute(select(func.min(waiting.c.since))).scalar_one_or_none()
    as_of = now if since is None else min(now, since)
    return Freshness(as_of, (now - as_of) // timedelta(milliseconds=1))
