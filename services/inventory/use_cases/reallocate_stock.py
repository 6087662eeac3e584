"""Move what is promised to one order to another that waits for it: by hand, with a reason, both told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.inventory.domain.reallocation import REALLOCATED, require_giver, require_taker
from services.inventory.domain.reallocation_errors import NotEnoughToReallocate, ReservationNotFound
from services.inventory.domain.reservation import Reservation, rest_of
from services.inventory.domain.stock import StockRow, available_by_item, wanted_by_item
from services.inventory.events import ReservationReallocated, StockFreed
from services.inventory.store import deliveries, items, pick_lists, queue, requeueing, reservations
from services.inventory.use_cases.hold_part import hold_part
from services.inventory.use_cases.requeue_orders import take_all_back
from services.inventory.use_cases.set_aside_expired import usable_rows


@dataclass(frozen=True)
class ReallocateStock:
    """Whose promise is given to which order, and why; ``by`` says so, ``today`` what has expired is not given."""

    reservation_id: str
    to_order_id: str
    reason: str
    by: str
    today: date
    expected_version: int | None = None


def reallocate_stock(tx: Transaction, command: ReallocateStock) -> Reservation:
    """Take all back from an order of which nothing was picked, and fill the other one whole, in one transaction.

    Who gives waits in front of all others from now on, and is served by the first that comes in. Refused where what is
    free then does not fill the other order. The items of both are locked first, then both reservations.
    """
    giver, taker = _locked(tx, command)
    notes = [note.id for note in deliveries.open_of_order(tx.connection, giver.order_id)]
    require_giver(
        giver,
        command.expected_version,
        moved=requeueing.has_moved(tx.connection, giver),
        walked_for=bool(pick_lists.being_picked(tx.connection, notes)),
    )
    require_taker(giver, taker)
    take_all_back(tx, giver, REALLOCATED, taker.order_number)
    rows = usable_rows(tx, taker.item_ids, command.today)
    wants = wanted_by_item(rest_of(taker, reservations.held(tx.connection, taker.id)))
    _require_enough(tx, taker, wants, rows)
    reserved = hold_part(tx, taker, wants, rows, command.today, REALLOCATED)
    _tell(tx, giver, taker, command)
    for item_id in queue.items_waited_for(tx.connection, {*giver.item_ids, *taker.item_ids}):
        publish(tx, StockFreed(item_id, REALLOCATED))
    return reserved


def _locked(tx: Transaction, command: ReallocateStock) -> tuple[Reservation, Reservation]:
    giver = reservations.of_id(tx.connection, command.reservation_id)
    if giver is None:
        raise ReservationNotFound("there is no such reservation", field="reservation_id")
    taker = reservations.of_order(tx.connection, command.to_order_id)
    if taker is None:
        raise ReservationNotFound("there is no reservation of that order", field="to_order_id")
    items.lock(tx.connection, {*giver.item_ids, *taker.item_ids})
    both = reservations.lock_of_orders(tx.connection, [giver.order_id, taker.order_id])
    return both[giver.order_id], both[taker.order_id]


def _require_enough(
    tx: Transaction, taker: Reservation, wants: Mapping[str, int], rows: list[StockRow]
) -> None:
    free = available_by_item(rows)
    known = items.known(tx.connection, taker.item_ids)
    lacks = {
        known[item_id].sku: milli - free.get(item_id, 0)
        for item_id, milli in wants.items()
        if milli > free.get(item_id, 0)
    }
    if lacks:
        raise NotEnoughToReallocate.of(taker.order_number, lacks)


def _tell(tx: Transaction, giver: Reservation, taker: Reservation, command: ReallocateStock) -> None:
    for own, other, direction in ((giver, taker, "given"), (taker, giver, "taken")):
        told = ReservationReallocated(
            reservation_id=own.id,
            order_id=own.order_id,
            order_number=own.order_number,
            direction=direction,
            other_order_id=other.order_id,
            other_order_number=other.order_number,
            reason=command.reason,
            by=command.by,
        )
        publish(tx, told, correlation_id=own.correlation_id)
