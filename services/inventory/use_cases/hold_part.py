"""Hold for an order what there is of what it wants; for the rest it keeps its place in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later
from services.inventory.domain import reservation as rules
from services.inventory.domain.reservation import Reservation, rest_of
from services.inventory.domain.stock import (
    Allocation,
    StockRow,
    allocate,
    by_stock_row,
    cut,
    wanted_by_item,
)
from services.inventory.store import picking, queue, reservations, stock
from services.inventory.use_cases.create_deliveries import notes_of
from services.inventory.use_cases.respect_shelf_life import wanted_until
from services.inventory.use_cases.tell_reservation import tell_part, tell_reserved


def hold_part(
    tx: Transaction,
    reservation: Reservation,
    gets: Mapping[str, int],
    rows: Sequence[StockRow],
    today: date,
    served_by: str | None = None,
) -> Reservation:
    """Let a locked order in the queue hold ``gets`` (milli by item) of ``rows``, which must suffice, and tell of it.

    What an order that is confirmed gets leaves by a note of its own; with one that ships complete all of it waits for
    the last part. One that never had anything is not confirmed. ``served_by`` says by which rule it was its turn.
    """
    held = reservations.held(tx.connection, reservation.id)
    until = wanted_until(tx, reservation, rows, today)
    parts = allocate(cut(rest_of(reservation, held), gets), rows, on=today, until=until)
    if not stock.reserve(tx.connection, by_stock_row(parts)):
        raise Later("the stock was changed by somebody who did not lock the item")
    picking.hold(tx.connection, reservation.id, parts)
    after = wait_for_rest(tx, reservation)
    if _may_be_confirmed(reservation) and (after.state == "reserved" or after.sends_parts):
        # Read again and not added up here: what came later may be more of the same lot for the same line.
        leaves = reservations.held(tx.connection, reservation.id) if after.ship_complete else parts
        notes_of(tx, after, leaves)
    if after.state == "reserved":
        tell_reserved(tx, after, served_by)
    else:
        tell_part(tx, after, today, served_by)
    return after


def _may_be_confirmed(before: Reservation) -> bool:
    """Tell whether it has had anything before, or had it and it was taken back."""
    return before.state == "partial" or before.reserved_at is not None or before.reason is not None


def wait_for_rest(tx: Transaction, reservation: Reservation) -> Reservation:
    """Let a locked order in the queue want exactly what it has not got, and be what that makes of it. Stored.

    *reserved* where nothing is left, *partial* where it has got anything, else *waiting*.
    """
    place = reservation.queue_no
    if place is None:
        raise RuntimeError(f"order {reservation.order_number} is given a part and has no place in the queue")
    held = reservations.held(tx.connection, reservation.id)
    rest = rest_of(reservation, held)
    queue.want(tx.connection, reservation.id, place, wanted_by_item(rest))
    after = replace(rules.served(reservation, held, tx.now), reason=None, detail=None)
    reservations.save(tx.connection, after, tx.now)
    return replace(after, version=after.version + 1)


def give_back(tx: Transaction, holder: Reservation, parts: Sequence[Allocation], today: date) -> None:
    """Let a locked order that holds a part give ``parts`` of that up and wait for them again at its place."""
    if not reservations.take_held(tx.connection, holder.id, parts):
        raise RuntimeError(f"the allocations of order {holder.order_number} changed under lock")
    tell_part(tx, wait_for_rest(tx, holder), today)
