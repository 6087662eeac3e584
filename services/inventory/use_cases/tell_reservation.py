"""Answer about reservations: all of it, a part of it, a place in the queue, or why never."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.items import Item
from services.inventory.domain.queue import missing_lines
from services.inventory.domain.reservation import Reservation, rest_of
from services.inventory.domain.sourcing import missing_of
from services.inventory.domain.stock import available_by_item
from services.inventory.events import (
    ReservationPartiallyReserved,
    ReservationRejected,
    ReservationReserved,
    ReservationWaiting,
    ReservedLine,
    WaitingLine,
)
from services.inventory.store import items, promises, queue, reservations, stock


def answer_again(tx: Transaction, reservation: Reservation, today: date) -> Reservation:
    """Tell the asker what became of the order, as it stands now, ``today``."""
    match reservation.state:
        case "reserved" | "consumed":
            tell_reserved(tx, reservation)
        case "partial":
            tell_part(tx, reservation, today)
        case "sourcing":
            tell_sourcing(tx, reservation)
        case "waiting":
            tell_waiting(tx, reservation, items.lock(tx.connection, reservation.item_ids))
        case "rejected":
            tell_rejected(tx, reservation, reservation.reason or "rejected", reservation.detail or "")
        case "released":
            detail = f"the reservation was given up: {reservation.reason or 'no reason given'}"
            tell_rejected(tx, reservation, "released", detail)
        case "recorded":
            tell_rejected(tx, reservation, "recorded", "the order was brought in from another system")
    return reservation


def tell_sourcing(tx: Transaction, reservation: Reservation) -> None:
    """Tell what has still to come in for an order that is got for it alone; nobody is ahead of it."""
    known = items.known(tx.connection, reservation.item_ids)
    lacks = missing_of(reservation.lines, reservations.held(tx.connection, reservation.id))
    event = ReservationWaiting(
        reservation_id=reservation.id,
        order_id=reservation.order_id,
        order_number=reservation.order_number,
        queue_position=1,
        lines=tuple(
            WaitingLine(
                line.order_line_id,
                line.item_id,
                known[line.item_id].sku,
                line.quantity,
                line.quantity - lack,
                lack,
            )
            for line, lack in lacks
        ),
        releases_by="inventory.purchase_order.received",
    )
    publish(tx, event, correlation_id=reservation.correlation_id)


def tell_reserved(tx: Transaction, reservation: Reservation, served_by: str | None = None) -> None:
    """Tell that everything is reserved for the order; ``served_by`` says which rule served it, if it had waited."""
    lines = tuple(ReservedLine(line.order_line_id, line.item_id, line.quantity) for line in reservation.lines)
    event = ReservationReserved(
        reservation.id, reservation.order_id, reservation.order_number, lines, served_by
    )
    publish(tx, event, correlation_id=reservation.correlation_id)


def tell_part(tx: Transaction, reservation: Reservation, today: date, served_by: str | None = None) -> None:
    """Tell what an order has got so far, what it waits for at its place, and when that can be had."""
    connection, place = tx.connection, reservation.queue_no or 0
    rest = rest_of(reservation, reservations.held(connection, reservation.id))
    lacks = {line.order_line_id: line.quantity for line in rest}
    days = promises.expected(connection, rest, place, today)
    known = items.known(connection, reservation.item_ids)
    event = ReservationPartiallyReserved(
        reservation_id=reservation.id,
        order_id=reservation.order_id,
        order_number=reservation.order_number,
        queue_position=queue.count(connection, {line.item_id for line in rest}, up_to=place - 1) + 1,
        lines=tuple(
            WaitingLine(
                line.order_line_id,
                line.item_id,
                known[line.item_id].sku,
                line.quantity,
                line.quantity - lacks.get(line.order_line_id, Quantity.zero()),
                lacks.get(line.order_line_id, Quantity.zero()),
                days.get(line.order_line_id),
            )
            for line in reservation.lines
        ),
        ship_complete=reservation.ship_complete,
        served_by=served_by,
    )
    publish(tx, event, correlation_id=reservation.correlation_id)


def tell_waiting(tx: Transaction, reservation: Reservation, known: Mapping[str, Item]) -> None:
    """Tell at which place an order waits, and what those ahead would leave it short of."""
    connection, ahead_of = tx.connection, (reservation.queue_no or 1) - 1
    item_ids = reservation.item_ids
    missing = missing_lines(
        [line.wanted for line in reservation.lines],
        available_by_item(stock.rows(connection, item_ids)),
        queue.wanted(connection, item_ids, up_to=ahead_of),
    )
    event = ReservationWaiting(
        reservation_id=reservation.id,
        order_id=reservation.order_id,
        order_number=reservation.order_number,
        queue_position=queue.count(connection, item_ids, up_to=ahead_of) + 1,
        lines=tuple(
            WaitingLine(
                line.order_line_id,
                line.item_id,
                known[line.item_id].sku,
                line.quantity,
                Quantity.zero(),
                lack,
            )
            for line, lack in missing
        ),
    )
    publish(tx, event, correlation_id=reservation.correlation_id)


def tell_rejected(tx: Transaction, reservation: Reservation, reason: str, detail: str) -> None:
    """Tell why a request can never be filled."""
    event = ReservationRejected(reservation.order_id, reason, detail)
    publish(tx, event, correlation_id=reservation.correlation_id)
