"""Give an order what was promised to it and was not on the shelf, as a delivery note of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later
from services.inventory.domain.amending import promised_after
from services.inventory.domain.delivery import backorder
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.stock import Allocation, WantedLine, allocate, by_stock_row
from services.inventory.store import deliveries, picking, queue, stock
from services.inventory.use_cases.create_deliveries import add_delivery
from services.inventory.use_cases.respect_shelf_life import wanted_until


def serve_missing(tx: Transaction, reservation: Reservation, today: date) -> None:
    """Hold what a locked order lacks since it was picked, which must be there, and make the notes for it."""
    lacking = picking.missing_of(tx.connection, reservation.id)
    wanted = [WantedLine(each.order_line_id, each.item_id, each.quantity) for each in lacking]
    rows = stock.rows(tx.connection, [line.item_id for line in wanted])
    parts = allocate(wanted, rows, on=today, until=wanted_until(tx, reservation, rows, today))
    if not stock.reserve(tx.connection, by_stock_row(parts)):
        raise Later("the stock was changed by somebody who did not lock the item")
    picking.hold(tx.connection, reservation.id, parts)
    picking.miss_no_more(tx.connection, reservation.id)
    queue.leave(tx.connection, reservation.id)
    _note(tx, reservation, lacking[0].delivery_id, parts)


def _note(
    tx: Transaction, reservation: Reservation, short_note_id: str, parts: tuple[Allocation, ...]
) -> None:
    before = deliveries.find(tx.connection, short_note_id)
    if before is None:
        raise RuntimeError("a delivery note disappeared; they are never deleted")
    by_warehouse: dict[str, list[Allocation]] = {}
    for part in parts:
        by_warehouse.setdefault(part.key.warehouse_id, []).append(part)
    for _, lines in sorted(by_warehouse.items()):
        follows = backorder(before, tx.new_id(), lines)
        add_delivery(tx, replace(follows, promised_on=promised_after(reservation, before)))


def forget_missing(tx: Transaction, reservation: Reservation) -> None:
    """Let a locked order that is given up wait for nothing any more."""
    if picking.miss_no_more(tx.connection, reservation.id):
        queue.leave(tx.connection, reservation.id)
