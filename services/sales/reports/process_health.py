"""The health of the process: at what open orders stand, and what stands in their way, for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from services.sales.reports.visible import visible_to
from services.sales.reports.whose import EVERYBODYS, Whose
from services.sales.store.tables import order_hold, sales_order

STAGES = ("deciding", "to_ship", "to_invoice", "to_pay")
_OPEN = ("pending", "confirmed", "processing")
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Held:
    """Orders that wait for ``code``; the ``owner`` can do something about it. ``overdue``: past their deadline."""

    code: str
    owner: str
    orders: int
    overdue: int
    oldest_since: datetime
    oldest_hours: int
    median_hours: int


@dataclass(frozen=True)
class Standing:
    """Open orders whose next step is this one; ``held`` of them have an open hold."""

    stage: str
    orders: int
    held: int
    oldest_since: datetime | None
    oldest_hours: int | None


@dataclass(frozen=True)
class ProcessHealth:
    """Where orders are, and where they wait."""

    stages: tuple[Standing, ...]
    holds: tuple[Held, ...]


def process_health(
    connection: Connection, now: datetime, *, only_owner: str | None, whose: Whose = EVERYBODYS
) -> ProcessHealth:
    """Return how open orders fare; only they are looked at, however many there were before."""
    meant = [visible_to(only_owner, sales_order.c.customer_id), *whose.holds()]
    return ProcessHealth(_stages(connection, now, meant), _holds(connection, now, meant))


def _stages(
    connection: Connection, now: datetime, meant: Sequence[ColumnElement[bool]]
) -> tuple[Standing, ...]:
    stage = case(
        (sales_order.c.state == "pending", "deciding"),
        (sales_order.c.delivery_status != "full", "to_ship"),
        (sales_order.c.billing_status != "invoiced", "to_invoice"),
        else_="to_pay",
    ).label("stage")
    held = select(order_hold.c.order_id).distinct().where(order_hold.c.released_at.is_(None)).subquery()
    query = (
        select(
            stage,
            func.count().label("orders"),
            func.count(held.c.order_id).label("held"),
            func.min(sales_order.c.created_at).label("since"),
        )
        .outerjoin(held, held.c.order_id == sales_order.c.id)
        .where(sales_order.c.state.in_(_OPEN), *meant)
        .group_by(stage)
    )
    found = {row.stage: row for row in connection.execute(query)}
    return tuple(_standing(name, found.get(name), now) for name in STAGES)


def _standing(stage: str, row: Any, now: datetime) -> Standing:
    if row is None:
        return Standing(stage, 0, 0, None, None)
    return Standing(stage, int(row.orders), int(row.held), row.since, (now - row.since) // _HOUR)


def _holds(connection: Connection, now: datetime, meant: Sequence[ColumnElement[bool]]) -> tuple[Held, ...]:
    place = func.row_number().over(
        partition_by=(order_hold.c.code, order_hold.c.owner), order_by=order_hold.c.since
    )
    ranked = (
        select(order_hold.c.code, order_hold.c.owner, order_hold.c.since, order_hold.c.deadline, place.label("place"))
        .join(sales_order, sales_order.c.id == order_hold.c.order_id)
        .where(order_hold.c.released_at.is_(None), *meant)
        .subquery()
    )  # fmt: skip
    sums = (
        select(
            ranked.c.code,
            ranked.c.owner,
            func.count().label("orders"),
            func.sum(case((ranked.c.deadline < now, 1), else_=0)).label("overdue"),
        )
        .group_by(ranked.c.code, ranked.c.owner)
        .subquery()
    )
    bounds = (1, (sums.c.orders + 1) // 2)
    oldest, middle = ranked.alias("oldest"), ranked.alias("middle")
    query = select(sums, oldest.c.since.label("since"), middle.c.since.label("median"))
    for some, which in zip((oldest, middle), bounds, strict=True):
        same = and_(some.c.code == sums.c.code, some.c.owner == sums.c.owner, some.c.place == which)
        query = query.join(some, same)
    rows = connection.execute(query.order_by(sums.c.orders.desc(), sums.c.code, sums.c.owner))
    return tuple(_held(row, now) for row in rows)


def _held(row: Any, now: datetime) -> Held:
    return Held(
        code=row.code,
        owner=row.owner,
        orders=int(row.orders),
        overdue=int(row.overdue),
        oldest_since=row.since,
        oldest_hours=(now - row.since) // _HOUR,
        median_hours=(now - row.median) // _HOUR,
    )
