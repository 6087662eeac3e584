"""Waiting until what one service said has reached the others, so that the next file finds what it names."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from sqlalchemy import func, select

from libs.common.clock import pause
from libs.common.db import Database
from libs.common.inbox.tables import inbox
from libs.common.messaging.embedded import EmbeddedBus
from libs.common.outbox import event_log, outbox
from meridian.importing.collecting import without_collecting
from meridian.topography import SERVICES
from meridian.wiring import PARTS, wanted_types

PATIENCE_S = 120.0
AT_ONCE = 250
"""How many messages are delivered in one transaction of each receiver: a compromise of commits and memory."""

Tell = Callable[[int], None]
"""Is told now and then how many messages have been delivered since the settling began."""


class Unsettled(RuntimeError):
    """Messages did not reach their subscribers in time; are the workers running?"""


def settle_embedded(databases: Mapping[str, Database], tell: Tell) -> None:
    """Deliver everything that waits, here and now."""
    bus = EmbeddedBus(
        {name: databases[name] for name in SERVICES}, {name: PARTS[name].subscriptions for name in SERVICES}
    )
    delivered = 0
    while moved := _pump(bus):
        delivered += moved
        tell(delivered)
    bus.drain()


def _pump(bus: EmbeddedBus) -> int:
    with without_collecting():
        return sum(bus.pump(name, limit=AT_ONCE).rows for name in SERVICES)


def settle_by_workers(databases: Mapping[str, Database], tell: Tell) -> None:
    """Wait until the running workers have delivered everything; ``Unsettled`` when they stop getting on with it."""
    first: int | None = None
    seen, until = -1, time.monotonic()
    while not _is_settled(databases):
        handled = sum(_count(databases[name], inbox) for name in SERVICES)
        if handled != seen:
            seen, until = handled, time.monotonic() + PATIENCE_S
            first = handled if first is None else first
            tell(handled - first)
        if time.monotonic() > until:
            raise Unsettled(f"nothing was delivered for {PATIENCE_S:.0f} s; are the workers running?")
        pause(0.2)


def _is_settled(databases: Mapping[str, Database]) -> bool:
    if any(_count(databases[name], outbox) for name in SERVICES):
        return False
    return all(_has_received_all(databases, consumer, types) for consumer, types in wanted_types().items())


def _has_received_all(databases: Mapping[str, Database], consumer: str, types: tuple[str, ...]) -> bool:
    said = sum(
        databases[name].read(
            lambda connection: connection.execute(
                select(func.count()).select_from(event_log).where(event_log.c.type.in_(types))
            ).scalar_one()
        )
        for name in SERVICES
    )
    return bool(_count(databases[consumer], inbox) >= said)


def _count(database: Database, table: object) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]
