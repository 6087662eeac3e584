"""On time in full: of the order lines that were due in a period, how many had left entirely by the promised day.

Due is what was promised for a day of the period and was not cancelled before anything left. What was promised to be
closed short later is due as it was promised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from libs.common.quantity import Quantity
from services.inventory.store.tables import (
    customer,
    delivery,
    delivery_line,
    item,
    reservation,
    reservation_line,
)
from services.inventory.store.teams import SIGHT

OUTCOMES = ("on_time_in_full", "late", "short", "open")
_GONE = ("shipped", "delivered")
_FULL_BP = 10_000
_NOTHING = 0


@dataclass(frozen=True)
class Due:
    """Which lines: promised ``since`` to ``until``, looked at on ``today``; of one customer, or of an owner's."""

    since: date
    until: date
    today: date
    customer_id: str | None = None
    owner_id: str | None = None


@dataclass(frozen=True)
class Share:
    """``on_time_in_full`` of ``due``; the rest went late, was short when its day was over, or may still be in time."""

    due: int
    on_time_in_full: int
    late: int
    short: int
    open: int

    @property
    def share_bp(self) -> int | None:
        """The share, in hundredths of a percent, rounded down."""
        return self.on_time_in_full * _FULL_BP // self.due if self.due else None


@dataclass(frozen=True)
class OnTimeInFull:
    """The figure by order line, and by order: an order is as good as the worst of its lines."""

    lines: Share
    orders: Share


@dataclass(frozen=True)
class DueLine:
    """A line that was due, what had left of it by its day, and what has left by now."""

    order_id: str
    order_number: str
    order_line_id: str
    customer_id: str | None
    customer_name: str | None
    item_id: str
    sku: str
    promised_on: date
    quantity: Quantity
    shipped_in_time: Quantity
    shipped: Quantity
    last_shipped_on: date | None
    outcome: str


def on_time_in_full(connection: Connection, wanted: Due) -> OnTimeInFull:
    """Return the figure of a period with what it is made of."""
    due = _due(wanted)
    # The rank of an outcome is how bad it is, so an order has the worst of its lines' outcomes.
    ranks = {outcome: rank for rank, outcome in enumerate(("on_time_in_full", "open", "late", "short"))}
    rank = case(*((due.c.outcome == outcome, literal(number)) for outcome, number in ranks.items()))
    orders = select(func.max(rank).label("rank")).group_by(due.c.order_id).subquery()
    lines = {row[0]: int(row[1]) for row in connection.execute(_counted(due.c.outcome))}
    by_rank = {int(row[0]): int(row[1]) for row in connection.execute(_counted(orders.c.rank))}
    return OnTimeInFull(
        lines=_share(lines),
        orders=_share({outcome: by_rank.get(number, 0) for outcome, number in ranks.items()}),
    )


def _counted(column: ColumnElement[Any]) -> Select[Any]:
    return select(column, func.count()).group_by(column)


def _share(counts: dict[str, int]) -> Share:
    return Share(sum(counts.values()), *(counts.get(outcome, 0) for outcome in OUTCOMES))


def due_lines(
    connection: Connection,
    wanted: Due,
    outcome: str | None,
    *,
    after: tuple[Any, ...] | None,
    limit: int,
) -> list[DueLine]:
    """Return up to ``limit`` lines that were due, the earliest day first; only those of ``outcome``, if given."""
    due = _due(wanted)
    statement = select(due).order_by(due.c.promised_on, due.c.order_id, due.c.order_line_id).limit(limit)
    if outcome is not None:
        statement = statement.where(due.c.outcome == outcome)
    if after is not None:
        day, order_id, line_id = after
        later_order = and_(due.c.promised_on == day, due.c.order_id > order_id)
        later_line = and_(due.c.promised_on == day, due.c.order_id == order_id, due.c.order_line_id > line_id)
        statement = statement.where(or_(due.c.promised_on > day, later_order, later_line))
    return [_line(row) for row in connection.execute(statement)]


def _line(row: Row[Any]) -> DueLine:
    return DueLine(
        order_id=row.order_id,
        order_number=row.order_number,
        order_line_id=row.order_line_id,
        customer_id=row.customer_id,
        customer_name=row.customer_name,
        item_id=row.item_id,
        sku=row.sku,
        promised_on=row.promised_on,
        quantity=Quantity(int(row.quantity)),
        shipped_in_time=Quantity(int(row.in_time)),
        shipped=Quantity(int(row.shipped)),
        last_shipped_on=row.last_shipped_on,
        outcome=row.outcome,
    )


def _due(wanted: Due) -> Subquery:
    """Return the lines that were due, each with its outcome."""
    line = reservation_line.c
    quantity, shipped = (type_coerce(each, BigInteger) for each in (line.quantity_milli, line.shipped_milli))
    left = type_coerce(delivery_line.c.quantity_milli, BigInteger)
    in_time = func.coalesce(
        func.sum(case((delivery.c.shipped_on <= reservation.c.promised_on, left), else_=_NOTHING)), _NOTHING
    )
    outcome = case(
        (in_time >= quantity, "on_time_in_full"),
        (shipped >= quantity, "late"),
        ((reservation.c.promised_on < wanted.today) | (reservation.c.state == "released"), "short"),
        else_="open",
    )
    head = (
        reservation.c.order_id,
        reservation.c.order_number,
        line.order_line_id,
        reservation.c.customer_id,
        customer.c.name,
        line.item_id,
        item.c.sku,
        reservation.c.promised_on,
        line.quantity_milli,
        line.shipped_milli,
    )
    statement = (
        select(
            *head[:4], customer.c.name.label("customer_name"), *head[5:8],
            quantity.label("quantity"), shipped.label("shipped"),
            cast(in_time, BigInteger).label("in_time"),
            func.max(case((left > _NOTHING, delivery.c.shipped_on))).label("last_shipped_on"),
            outcome.label("outcome"),
        )
        .select_from(reservation)
        .join(reservation_line, line.reservation_id == reservation.c.id)
        .join(item, item.c.id == line.item_id)
        .outerjoin(customer, customer.c.id == reservation.c.customer_id)
        .outerjoin(
            delivery, (delivery.c.order_id == reservation.c.order_id) & delivery.c.state.in_(_GONE)
        )
        .outerjoin(
            delivery_line,
            (delivery_line.c.delivery_id == delivery.c.id)
            & (delivery_line.c.order_line_id == line.order_line_id),
        )
        .where(*_conditions(wanted))
        .group_by(*head, reservation.c.id)
    )  # fmt: skip
    return statement.subquery()


def _conditions(wanted: Due) -> list[ColumnElement[bool]]:
    gone = delivery.alias("gone")
    left_in_part = select(gone.c.id).where(gone.c.order_id == reservation.c.order_id, gone.c.state.in_(_GONE))
    found = [
        reservation.c.promised_on >= wanted.since,
        reservation.c.promised_on <= wanted.until,
        or_(
            reservation.c.state.in_(("waiting", "partial", "sourcing", "reserved", "consumed", "recorded")),
            and_(reservation.c.state == "released", left_in_part.exists()),
        ),
    ]
    if wanted.customer_id is not None:
        found.append(reservation.c.customer_id == wanted.customer_id)
    if wanted.owner_id is not None:
        found.append(SIGHT.holds(customer.c.owner_id, wanted.owner_id))
    return found
