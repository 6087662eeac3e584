"""What is asked of reservations when promised stock is taken back."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select

from services.inventory.domain.delivery import Delivery
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.stock import StockKey
from services.inventory.store import deliveries
from services.inventory.store.fulfilment_tables import pick_list_note
from services.inventory.store.tables import allocation, delivery, reservation, reservation_line, waiting

_GONE = ("picked", "packed", "shipped", "delivered")


def items_of_holders(connection: Connection, keys: Collection[StockKey]) -> set[str]:
    """Return the items of all reservations that hold any of the stock rows."""
    found: set[str] = set()
    for key in sorted(keys):
        holders = select(allocation.c.reservation_id).where(*_holds(key))
        query = select(reservation_line.c.item_id).where(reservation_line.c.reservation_id.in_(holders))
        found |= set(connection.execute(query.distinct()).scalars())
    return found


def latest_holder(connection: Connection, key: StockKey) -> str | None:
    """Return the id of the latest reservation that holds the row and can give it back.

    None of its goods moved yet, and nobody walks for them.
    """
    moved = exists().where(
        reservation_line.c.reservation_id == reservation.c.id, reservation_line.c.shipped_milli > 0
    )
    picked = exists().where(delivery.c.order_id == reservation.c.order_id, delivery.c.state.in_(_GONE))
    query = (
        select(reservation.c.id)
        .join(allocation, allocation.c.reservation_id == reservation.c.id)
        .where(
            *_holds(key), reservation.c.state.in_(("reserved", "partial")), ~moved, ~picked, ~_walked_for()
        )
        .order_by(reservation.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def has_moved(connection: Connection, held: Reservation) -> bool:
    """Tell whether goods of a locked reservation were picked, or have left."""
    if any(line.shipped.milli for line in held.lines):
        return True
    query = select(delivery.c.id).where(delivery.c.order_id == held.order_id, delivery.c.state.in_(_GONE))
    return connection.execute(query.limit(1)).first() is not None


def _walked_for() -> ColumnElement[bool]:
    on_a_list = (delivery.c.order_id == reservation.c.order_id) & pick_list_note.c.active
    return exists().where(pick_list_note.c.delivery_id == delivery.c.id, on_a_list)


def _holds(key: StockKey) -> tuple[ColumnElement[bool], ...]:
    return (
        allocation.c.item_id == key.item_id,
        allocation.c.warehouse_id == key.warehouse_id,
        allocation.c.lot == key.lot,
        allocation.c.held_milli > 0,
    )


def forget_empty(connection: Connection, reservation_id: str) -> None:
    """Remove the allocations of a reservation that holds nothing: it will be given others."""
    connection.execute(
        delete(allocation).where(allocation.c.reservation_id == reservation_id, allocation.c.held_milli == 0)
    )


def first_in_line(connection: Connection) -> int | None:
    """Return the smallest number of those who wait, or nothing."""
    found: int | None = connection.execute(select(func.min(waiting.c.queue_no))).scalar_one()
    return found


def last_note(connection: Connection, order_id: str) -> Delivery | None:
    """Return the latest delivery note that an order had, whatever became of it, or nothing."""
    query = (
        select(delivery.c.id).where(delivery.c.order_id == order_id).order_by(delivery.c.id.desc()).limit(1)
    )
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else deliveries.find(connection, found)
