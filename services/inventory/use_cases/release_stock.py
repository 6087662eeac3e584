"""Give up an order's claim on stock: what has not left the house becomes free for those who wait."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.outbox import publish
from services.inventory.domain import delivery as delivery_rules
from services.inventory.domain import reservation as rules
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.stock import by_stock_row
from services.inventory.events import DeliveryCancelled, ReservationReleased, StockFreed
from services.inventory.store import deliveries, items, queue, reservations, stock
from services.inventory.use_cases.ask_credit import CANCELLED, take_back
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.move_serials import put_back_picked
from services.inventory.use_cases.serve_missing import forget_missing
from services.inventory.use_cases.source_order import end_sourcing


@dataclass(frozen=True)
class ReleaseStock:
    """Which order gives up, and why."""

    order_id: str
    reason: str
    correlation_id: str


def release_stock(tx: Transaction, command: ReleaseStock) -> None:
    """Release the order's claim and answer; repeated or too late, it changes nothing and answers the same way.

    An order that was never heard of leaves a tombstone, so that a request which was overtaken is rejected.
    """
    seen = reservations.of_order(tx.connection, command.order_id)
    if seen is None:
        _leave_tombstone(tx, command)
        return
    items.lock(tx.connection, seen.item_ids)
    before = reservations.of_order(tx.connection, command.order_id, lock=True) or seen
    after, had_effect = rules.release(before, command.reason)
    if had_effect:
        _give_up(tx, before, command.reason)
        reservations.save(tx.connection, after, tx.now)
        if before.source != "stock":
            end_sourcing(tx, before.order_id, command.reason)
        for item_id in queue.items_waited_for(tx.connection, before.item_ids):
            publish(tx, StockFreed(item_id, "released"))
        cover_shortage(tx, before.item_ids, may_grow=False)
    event = ReservationReleased(command.order_id, command.reason, had_effect)
    publish(tx, event, correlation_id=before.correlation_id)


def _give_up(tx: Transaction, reservation: Reservation, reason: str) -> None:
    if reservation.in_queue:
        queue.leave(tx.connection, reservation.id)
    if reservation.state == "waiting":
        return
    forget_missing(tx, reservation)
    for delivery in deliveries.open_of_order(tx.connection, reservation.order_id):
        take_back(tx, delivery, CANCELLED)
        deliveries.save(tx, delivery, delivery_rules.cancel(delivery, reason))
        put_back_picked(tx, delivery.id, delivery.number)
        event = DeliveryCancelled(delivery.id, delivery.order_id, reason)
        publish(tx, event, correlation_id=reservation.correlation_id)
    held = reservations.held(tx.connection, reservation.id)
    if not stock.unreserve(tx.connection, by_stock_row(held)):
        raise RuntimeError(f"order {reservation.order_number} holds more than its stock rows say")
    if not reservations.take_held(tx.connection, reservation.id, held):
        raise RuntimeError(f"the allocations of order {reservation.order_number} changed under lock")


def _leave_tombstone(tx: Transaction, command: ReleaseStock) -> None:
    tombstone = Reservation(
        id=tx.new_id(),
        order_id=command.order_id,
        order_number="",
        customer_id=None,
        correlation_id=command.correlation_id,
        state="released",
        reason=command.reason,
    )
    if not reservations.add(tx, tombstone):
        raise Later("the order's reservation is being made at this moment")
    event = ReservationReleased(command.order_id, command.reason, had_effect=False)
    publish(tx, event, correlation_id=command.correlation_id)
