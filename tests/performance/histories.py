"""How long the system itself took from one fact to the next, by the histories that its services keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from libs.common.db import Database
from libs.common.outbox import event_log

Fact = tuple[str, str]
"""A service, and the type of an event that it told."""

ORDER = ("sales", "sales.order.placed.v1")
NOTE = ("inventory", "inventory.delivery.created.v1")


def told_so_far(databases: Mapping[str, Database], service: str) -> int:
    """Return the place of the last event in the history of ``service``."""
    with databases[service].reading() as connection:
        return int(connection.execute(select(func.coalesce(func.max(event_log.c.seq), 0))).scalar_one())


def between(
    databases: Mapping[str, Database], earlier: Fact, later: Fact, after: Mapping[str, int]
) -> list[float]:
    """Return the seconds from ``earlier`` to ``later`` of each conversation that told both since the places ``after``.

    The time of an event is that at which its transaction began. What is missing at the end is the one commit of the
    later fact; what is counted at the beginning is the whole transaction of the earlier one.
    """
    began = _first_told(databases, earlier, after)
    ended = _first_told(databases, later, after)
    return [(ended[each] - began[each]).total_seconds() for each in began.keys() & ended.keys()]


def _first_told(
    databases: Mapping[str, Database], fact: Fact, after: Mapping[str, int]
) -> dict[str, datetime]:
    service, type_ = fact
    told = (
        select(event_log.c.correlation_id, func.min(event_log.c.recorded_at).label("told_at"))
        .where(event_log.c.type == type_, event_log.c.seq > after[service])
        .group_by(event_log.c.correlation_id)
    )
    with databases[service].reading() as connection:
        return {row.correlation_id: row.told_at for row in connection.execute(told)}
