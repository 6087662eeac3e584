"""Take promised stock back from orders because less lies there than was promised; they wait ahead of all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from libs.common.db import Transaction, lock_series
from libs.common.errors import Later
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import delivery as delivery_rules
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.stock import StockKey, by_stock_row, wanted_by_item
from services.inventory.events import DeliveryCancelled, ReservationRequeued
from services.inventory.store import deliveries, pick_lists, queue, requeueing, reservations, stock
from services.inventory.use_cases.ask_credit import CANCELLED, take_back
from services.inventory.use_cases.reserve_stock import QUEUE
from services.inventory.use_cases.serve_missing import forget_missing


def items_of_holders(tx: Transaction, keys: set[StockKey]) -> set[str]:
    """Return the items of all orders that hold any of the stock rows: what to lock before orders are re-queued."""
    return requeueing.items_of_holders(tx.connection, keys)


def requeue_for(
    tx: Transaction, missing: Mapping[StockKey, Quantity], locked: set[str], reason: str, reference: str
) -> dict[StockKey, Quantity]:
    """Free ``missing`` of each stock row from the latest orders that can give it back; return what is still missing.

    The items of ``locked`` are locked. Nothing can be taken from orders that were picked, or left in part.
    """
    still = {key: quantity for key, quantity in missing.items() if quantity.milli > 0}
    while still:
        key = min(still)
        found = requeueing.latest_holder(tx.connection, key)
        if found is None:
            return still
        reservation = reservations.of_id(tx.connection, found, lock=True)
        if reservation is None or not set(reservation.item_ids) <= locked:
            raise Later("an order was promised this stock meanwhile")
        freed = take_all_back(tx, reservation, reason, reference)
        still = {
            each: Quantity(left)
            for each, quantity in still.items()
            if (left := quantity.milli - freed.get(each, Quantity.zero()).milli) > 0
        }
    return {}


def take_all_back(
    tx: Transaction, reservation: Reservation, reason: str, reference: str
) -> dict[StockKey, Quantity]:
    """Free all that a locked order holds, and let it wait in front of everybody; return what is free by that.

    Its items are locked, and none of its goods were picked. Where a note of it was put on a pick list before its row
    was locked, whoever came here tries again, and finds it there.
    """
    notes = deliveries.open_of_order(tx.connection, reservation.order_id)
    if pick_lists.being_picked(tx.connection, [note.id for note in notes]):
        raise Later(f"goods of {reservation.order_number} are on a pick list since a moment ago")
    # What it lacks again since it was picked is part of all that it waits for from now on.
    forget_missing(tx, reservation)
    for note in notes:
        take_back(tx, note, CANCELLED)
        deliveries.save(tx, note, delivery_rules.cancel(note, f"{reason}: {reference}"))
        event = DeliveryCancelled(note.id, note.order_id, reason)
        publish(tx, event, correlation_id=reservation.correlation_id)
    held = reservations.held(tx.connection, reservation.id)
    freed = by_stock_row(held)
    if not stock.unreserve(tx.connection, freed):
        raise RuntimeError(f"order {reservation.order_number} holds more than its stock rows say")
    if not reservations.take_held(tx.connection, reservation.id, held):
        raise RuntimeError(f"the allocations of order {reservation.order_number} changed under lock")
    requeueing.forget_empty(tx.connection, reservation.id)
    waits = replace(
        reservation, state="waiting", queue_no=_front(tx), reason=reason, detail=f"{reason}: {reference}"
    )
    reservations.save(tx.connection, waits, tx.now)
    assert waits.queue_no is not None
    wants = wanted_by_item(line.wanted for line in waits.lines)
    queue.want(tx.connection, waits.id, waits.queue_no, wants)
    told = ReservationRequeued(waits.id, waits.order_id, waits.order_number, reason, reference)
    publish(tx, told, correlation_id=waits.correlation_id)
    return freed


def _front(tx: Transaction) -> int:
    """Return a place ahead of all who wait, customers or production: below the first number, and below zero.

    Numbers above zero are ranks by the rule of the queue, which those who join may still be given, and bear the
    sequence in which one asked, which is nobody else's. The series is kept meanwhile, so that no two orders are put
    before the same one.
    """
    lock_series(tx, QUEUE)
    return min(requeueing.first_in_line(tx.connection) or 0, 0) - 1
