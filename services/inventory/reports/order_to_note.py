"""How long it took from the order to its delivery note, by day; and for what the slowest waited.

Only the first notes of an order count: a backorder follows when there is stock, and the product cannot hurry it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    Row,
    Select,
    case,
    column,
    func,
    select,
    type_coerce,
    values,
)

from libs.common.db.types import Utc
from services.inventory.store.tables import delivery, warehouse

GOAL_MS = 10_000
SLOWEST = 10
_FULL_BP = 10_000


@dataclass(frozen=True)
class Period:
    """A day, or several: from ``since`` until before ``until``."""

    day: date
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Took:
    """``count`` notes, ``within_goal`` of them in time; half took at most ``p50_ms``, 95 of 100 ``p95_ms``."""

    day: date
    count: int
    within_goal: int
    p50_ms: int | None
    p95_ms: int | None

    @property
    def share_bp(self) -> int | None:
        """The share within the goal, in hundredths of a percent, rounded down."""
        return self.within_goal * _FULL_BP // self.count if self.count else None


@dataclass(frozen=True)
class Waited:
    """How long a note waited, and ``for_what``: ``stock``, ``release`` (credit, approval) or ``note`` (its making)."""

    for_what: str
    ms: int


@dataclass(frozen=True)
class SlowNote:
    """A note that took long, and the parts of its time."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    warehouse_code: str
    ordered_at: datetime
    made_at: datetime
    took_ms: int
    waited: tuple[Waited, ...]


@dataclass(frozen=True)
class OrderToNote:
    """The figure of a period, its days, and the slowest."""

    total: Took
    days: tuple[Took, ...]
    slowest: tuple[SlowNote, ...]


def order_to_note(
    connection: Connection, whole: Period, days: Sequence[Period], warehouse_id: str | None
) -> OrderToNote:
    """Return how long the notes of ``whole`` took, and those of each of ``days``, in one look at their index."""
    total = _took(connection, [whole], warehouse_id)
    by_day = _took(connection, days, warehouse_id)
    nothing = {each.day: Took(each.day, 0, 0, None, None) for each in (whole, *days)}
    return OrderToNote(
        total=total.get(whole.day, nothing[whole.day]),
        days=tuple(by_day.get(each.day, nothing[each.day]) for each in days),
        slowest=_slowest(connection, whole, warehouse_id),
    )


def _took(connection: Connection, periods: Sequence[Period], warehouse_id: str | None) -> dict[date, Took]:
    """Rank the notes of each period by their time; the percentile is the first whose rank reaches it."""
    given = values(column("day", Date), column("since", Utc), column("until", Utc), name="given")
    given_rows = given.data([(each.day, each.since, each.until) for each in periods]).cte("periods")
    within = (delivery.c.created_at >= given_rows.c.since) & (delivery.c.created_at < given_rows.c.until)
    statement = (
        select(
            given_rows.c.day,
            delivery.c.took_ms,
            func.row_number().over(partition_by=given_rows.c.day, order_by=delivery.c.took_ms).label("place"),
            func.count().over(partition_by=given_rows.c.day).label("of"),
        )
        .select_from(given_rows)
        .join(delivery, within)
        .where(delivery.c.took_ms.is_not(None))
    )
    if warehouse_id is not None:
        statement = statement.where(delivery.c.warehouse_id == warehouse_id)
    ranked = statement.subquery()
    place, of = (type_coerce(ranked.c[name], BigInteger) for name in ("place", "of"))

    def percentile(percent: int) -> Any:
        return func.min(case((place * 100 >= of * percent, ranked.c.took_ms)))

    summed = select(
        ranked.c.day,
        func.count().label("count"),
        func.count(case((ranked.c.took_ms <= GOAL_MS, 1))).label("within_goal"),
        percentile(50).label("p50_ms"),
        percentile(95).label("p95_ms"),
    ).group_by(ranked.c.day)
    return {row.day: Took(**row._asdict()) for row in connection.execute(summed)}


def _slowest(connection: Connection, whole: Period, warehouse_id: str | None) -> tuple[SlowNote, ...]:
    names = (
        "id",
        "number",
        "order_id",
        "order_number",
        "ordered_at",
        "reserved_at",
        "confirmed_at",
        "took_ms",
    )
    statement: Select[Any] = (
        select(*(delivery.c[name] for name in names), delivery.c.created_at, warehouse.c.code)
        .join(warehouse, warehouse.c.id == delivery.c.warehouse_id)
        .where(
            delivery.c.created_at >= whole.since,
            delivery.c.created_at < whole.until,
            delivery.c.took_ms.is_not(None),
        )
        .order_by(delivery.c.took_ms.desc(), delivery.c.id)
        .limit(SLOWEST)
    )
    if warehouse_id is not None:
        statement = statement.where(delivery.c.warehouse_id == warehouse_id)
    return tuple(_slow(row) for row in connection.execute(statement))


def _slow(row: Row[Any]) -> SlowNote:
    return SlowNote(
        delivery_id=row.id,
        number=row.number,
        order_id=row.order_id,
        order_number=row.order_number,
        warehouse_code=row.code,
        ordered_at=row.ordered_at,
        made_at=row.created_at,
        took_ms=row.took_ms,
        waited=waited(row.ordered_at, row.reserved_at, row.confirmed_at, row.created_at),
    )


def waited(
    ordered_at: datetime, reserved_at: datetime | None, confirmed_at: datetime | None, made_at: datetime
) -> tuple[Waited, ...]:
    """Return for what a note waited, the longest first; what took no whole millisecond is left out."""
    found: list[Waited] = []
    since = ordered_at
    for what, until in (("stock", reserved_at), ("release", confirmed_at), ("note", made_at)):
        if until is not None:
            ms = (until - since) // timedelta(milliseconds=1)
            since = max(since, until)
            if ms > 0:
                found.append(Waited(what, ms))
    return tuple(sorted(found, key=lambda each: -each.ms))
