"""Reservations, and for those that wait: at which place, and what they lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from libs.common.db import matches
from libs.common.quantity import Quantity
from services.inventory.domain.delivery import milli_by_line
from services.inventory.domain.queue import missing_lines
from services.inventory.domain.reservation import Reservation, ReservationLine, rest_of
from services.inventory.domain.stock import WantedLine, available_by_item
from services.inventory.store import promises, queue, reservations, stock
from services.inventory.store.tables import customer, item, reservation
from services.inventory.store.teams import SIGHT


@dataclass(frozen=True)
class LineShown:
    """A line: ``reserved`` is what is held for it now, ``missing`` what keeps its order waiting.

    ``backordered`` is neither held nor shipped, and can be had on ``expected_on``.
    """

    order_line_id: str
    item_id: str
    sku: str
    quantity: Quantity
    reserved: Quantity
    shipped: Quantity
    missing: Quantity
    backordered: Quantity
    expected_on: date | None


@dataclass(frozen=True)
class ReservationShown:
    """A reservation as it stands; ``queue_position`` (from 1) only while it waits."""

    id: str
    order_id: str
    order_number: str
    customer_id: str | None
    conversation_id: str
    state: str
    queue_position: int | None
    reason: str | None
    ordered_on: date | None
    promised_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int
    lines: tuple[LineShown, ...]


def list_reservations(
    connection: Connection,
    filters: dict[str, Any],
    *,
    owner_id: str | None,
    after: str | None,
    limit: int,
    today: date,
) -> list[ReservationShown]:
    """Return up to ``limit`` reservations, oldest first; with ``owner_id`` only those of that person's customers.

    ``filters``: order_id, customer_id, state, and ``waits_for``: the item that the order waits for.
    """
    statement = select(reservation.c.id, reservation.c.created_at, reservation.c.updated_at)
    for name in ("order_id", "customer_id", "state"):
        if filters.get(name) is not None:
            statement = statement.where(matches(reservation.c[name], filters[name]))
    if filters.get("waits_for") is not None:
        statement = statement.where(reservation.c.id.in_(queue.who_waits_for(filters["waits_for"])))
    if owner_id is not None:
        own = select(customer.c.id).where(SIGHT.holds(customer.c.owner_id, owner_id))
        statement = statement.where(reservation.c.customer_id.in_(own))
    if after is not None:
        statement = statement.where(reservation.c.id > after)
    rows = connection.execute(statement.order_by(reservation.c.id).limit(limit)).all()
    return [_show(connection, row.id, row.created_at, row.updated_at, today) for row in rows]


def one_reservation(connection: Connection, reservation_id: str, today: date) -> ReservationShown:
    """Return a reservation that there is."""
    this = select(reservation.c.created_at, reservation.c.updated_at).where(
        reservation.c.id == reservation_id
    )
    row = connection.execute(this).one()
    return _show(connection, reservation_id, row.created_at, row.updated_at, today)


def _show(
    connection: Connection, reservation_id: str, created_at: datetime, updated_at: datetime, today: date
) -> ReservationShown:
    found = reservations.of_id(connection, reservation_id)
    if found is None:
        raise RuntimeError("a reservation disappeared; they are never deleted")
    return ReservationShown(
        id=found.id,
        order_id=found.order_id,
        order_number=found.order_number,
        customer_id=found.customer_id,
        conversation_id=found.correlation_id,
        state=found.state,
        queue_position=_position(connection, found),
        reason=found.reason,
        ordered_on=found.ordered_on,
        promised_on=found.promised_on,
        created_at=created_at,
        updated_at=updated_at,
        version=found.version,
        lines=_lines(connection, found, today),
    )


def _position(connection: Connection, found: Reservation) -> int | None:
    if found.queue_no is None:
        return None
    waits_for = queue.items_waited_by(connection, found.id)
    return queue.count(connection, waits_for, up_to=found.queue_no - 1) + 1


def _lines(connection: Connection, found: Reservation, today: date) -> tuple[LineShown, ...]:
    held = reservations.held(connection, found.id)
    rest = rest_of(found, held) if found.in_queue else ()
    waits = _Waits(
        reserved=milli_by_line(held),
        rest={line.order_line_id: line.quantity for line in rest},
        missing=_missing(connection, found, rest),
        days=promises.expected(connection, rest, found.queue_no or 0, today),
    )
    skus = _skus(connection, found.item_ids)
    return tuple(_line(line, skus, waits) for line in found.lines)


class _Waits(NamedTuple):
    """By order line: what is held, what is not, what of that is lacking, and when it can be had."""

    reserved: dict[str, int]
    rest: dict[str, Quantity]
    missing: dict[str, Quantity]
    days: dict[str, date | None]


def _line(line: ReservationLine, skus: dict[str, str], waits: _Waits) -> LineShown:
    key, nothing = line.order_line_id, Quantity.zero()
    return LineShown(
        order_line_id=key,
        item_id=line.item_id,
        sku=skus[line.item_id],
        quantity=line.quantity,
        reserved=Quantity(waits.reserved.get(key, 0)),
        shipped=line.shipped,
        missing=waits.missing.get(key, nothing),
        backordered=waits.rest.get(key, nothing),
        expected_on=waits.days.get(key),
    )


def _missing(connection: Connection, found: Reservation, rest: Sequence[WantedLine]) -> dict[str, Quantity]:
    if found.queue_no is None:
        return {}
    available = available_by_item(stock.rows(connection, found.item_ids))
    ahead = queue.wanted(connection, found.item_ids, up_to=found.queue_no - 1)
    return {line.order_line_id: lack for line, lack in missing_lines(rest, available, ahead)}


def _skus(connection: Connection, item_ids: tuple[str, ...]) -> dict[str, str]:
    found = connection.execute(select(item.c.id, item.c.sku).where(item.c.id.in_(item_ids)))
    return {row.id: row.sku for row in found}
