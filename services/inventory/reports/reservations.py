"""Reservations, and for those that wait: at which place, and what they lack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from libs.common.quantity import Quantity
from services.inventory.domain.queue import missing_lines
from services.inventory.domain.reservation import Reservation, ReservationLine
from services.inventory.domain.stock import available_by_item
from services.inventory.store import queue, reservations, stock
from services.inventory.store.tables import customer, item, reservation


@dataclass(frozen=True)
class LineShown:
    """A line: ``reserved`` is what is held for it now, ``missing`` what keeps its order waiting."""

    order_line_id: str
    item_id: str
    sku: str
    quantity: Quantity
    reserved: Quantity
    shipped: Quantity
    missing: Quantity


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
    connection: Connection, filters: dict[str, Any], *, owner_id: str | None, after: str | None, limit: int
) -> list[ReservationShown]:
    """Return up to ``limit`` reservations, oldest first; with ``owner_id`` only those of that person's customers.

    ``filters``: order_id, customer_id, state.
    """
    statement = select(reservation.c.id, reservation.c.created_at, reservation.c.updated_at)
    for name in ("order_id", "customer_id", "state"):
        if filters.get(name) is not None:
            statement = statement.where(reservation.c[name] == filters[name])
    if owner_id is not None:
        own = select(customer.c.id).where(customer.c.owner_id == owner_id)
        statement = statement.where(reservation.c.customer_id.in_(own))
    if after is not None:
        statement = statement.where(reservation.c.id > after)
    rows = connection.execute(statement.order_by(reservation.c.id).limit(limit)).all()
    return [_show(connection, row.id, row.created_at, row.updated_at) for row in rows]


def one_reservation(connection: Connection, reservation_id: str) -> ReservationShown:
    """Return a reservation that there is."""
    this = select(reservation.c.created_at, reservation.c.updated_at).where(
        reservation.c.id == reservation_id
    )
    row = connection.execute(this).one()
    return _show(connection, reservation_id, row.created_at, row.updated_at)


def _show(
    connection: Connection, reservation_id: str, created_at: datetime, updated_at: datetime
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
        lines=_lines(connection, found),
    )


def _position(connection: Connection, found: Reservation) -> int | None:
    if found.queue_no is None:
        return None
    return queue.count(connection, found.item_ids, up_to=found.queue_no - 1) + 1


def _lines(connection: Connection, found: Reservation) -> tuple[LineShown, ...]:
    held: dict[str, int] = {}
    for part in reservations.held(connection, found.id):
        held[part.order_line_id] = held.get(part.order_line_id, 0) + part.quantity.milli
    missing = _missing(connection, found)
    skus = _skus(connection, found.item_ids)
    return tuple(_line(line, skus, held, missing) for line in found.lines)


def _line(
    line: ReservationLine, skus: dict[str, str], held: dict[str, int], missing: dict[str, Quantity]
) -> LineShown:
    return LineShown(
        order_line_id=line.order_line_id,
        item_id=line.item_id,
        sku=skus[line.item_id],
        quantity=line.quantity,
        reserved=Quantity(held.get(line.order_line_id, 0)),
        shipped=line.shipped,
        missing=missing.get(line.order_line_id, Quantity.zero()),
    )


def _missing(connection: Connection, found: Reservation) -> dict[str, Quantity]:
    if found.queue_no is None:
        return {}
    available = available_by_item(stock.rows(connection, found.item_ids))
    ahead = queue.wanted(connection, found.item_ids, up_to=found.queue_no - 1)
    lines = [line.wanted for line in found.lines]
    return {line.order_line_id: lack for line, lack in missing_lines(lines, available, ahead)}


def _skus(connection: Connection, item_ids: tuple[str, ...]) -> dict[str, str]:
    found = connection.execute(select(item.c.id, item.c.sku).where(item.c.id.in_(item_ids)))
    return {row.id: row.sku for row in found}
