"""Pick a delivery note: what was really taken, from which lot; what is short stands in the queue again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.outbox import publish
from services.inventory.domain import delivery as rules
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.fulfilment_errors import LotNotAvailable
from services.inventory.domain.items import Item
from services.inventory.domain.lots import require_fresh, summed
from services.inventory.domain.pick_list import NamedUnits
from services.inventory.domain.picking import PickedPart, Picking, ShortPart, Taken, pick_parts
from services.inventory.domain.serials import expand
from services.inventory.domain.stock import Allocation, StockKey, by_stock_row
from services.inventory.events import DeliveryCancelled, DeliveryPicked, PickedLine
from services.inventory.store import deliveries, picking, reservations, stock
from services.inventory.store.picking import PickRecord
from services.inventory.store.serials import Before, Place
from services.inventory.use_cases.ask_credit import CANCELLED, take_back
from services.inventory.use_cases.miss_stock import miss_stock
from services.inventory.use_cases.move_serials import Happening, move
from services.inventory.use_cases.respect_shelf_life import require_lasting_for
from services.inventory.use_cases.ship_delivery import Locked, add_backorder, lock_delivery

NOTHING_FOUND = "nothing of it was found"


@dataclass(frozen=True)
class PickDelivery:
    """Which note was picked on ``today``; ``parts`` when not everything as proposed, ``short`` what was not there."""

    delivery_id: str
    today: date
    parts: tuple[PickedPart, ...] = ()
    short: tuple[ShortPart, ...] = ()
    expected_version: int | None = None


def pick_delivery(tx: Transaction, command: PickDelivery) -> Delivery:
    """Mark the note as picked, with what was taken of it; what is neither taken nor short becomes a backorder note.

    What is short leaves the books, with a discrepancy that somebody looks into, and the order waits for it in front
    of everybody. A note of which nothing was found is cancelled.
    """
    locked = lock_delivery(tx, command.delivery_id, command.expected_version, whole_order=bool(command.short))
    units = [
        NamedUnits(part.order_line_id, part.serials, f"lines.{index}.serials")
        for index, part in enumerate(command.parts)
        if part.serials
    ]
    return pick_locked(tx, locked, command, units)


def pick_locked(
    tx: Transaction, locked: Locked, command: PickDelivery, units: Sequence[NamedUnits]
) -> Delivery:
    """Do so with a note that is kept to this transaction; ``units`` are the serials of what was taken, by line."""
    before = locked.delivery
    rules.pick(before)
    done = pick_parts(before, command.parts, command.short, _items_of_lines(locked))
    _require_fresh(tx, before, done, command)
    _change_lots(tx, locked, done.taken)
    after = _picked(before, done)
    deliveries.save(tx, before, after)
    if after.state == "cancelled":
        take_back(tx, before, CANCELLED)
    picking.write_records(tx, before.id, _records(done))
    _name_serials(tx, locked, units)
    _tell(tx, after, locked.items)
    miss_stock(tx, locked.reservation, after, done.missing, command.today)
    add_backorder(tx, before, done.rest)
    return replace(after, version=after.version + 1)


def _name_serials(tx: Transaction, locked: Locked, units: Sequence[NamedUnits]) -> None:
    """Take the serials that were named off the shelf: of two who pick one, the second is told that it is picked."""
    note, by_line = locked.delivery, _items_of_lines(locked)
    for each in units:
        names = expand(each.serials, each.field)
        place = Place("picked", note.id, note.warehouse_id, line_id=each.order_line_id)
        here = [Before("in_stock", note.warehouse_id)]
        move(
            tx, by_line[each.order_line_id], names, here, Happening("picked", place, note.number), each.field
        )


def _items_of_lines(locked: Locked) -> dict[str, Item]:
    return {line.order_line_id: locked.items[line.key.item_id] for line in locked.delivery.lines}


def _picked(before: Delivery, done: Picking) -> Delivery:
    if not done.taken:
        return rules.cancel(before, NOTHING_FOUND)
    return replace(rules.pick(before), lines=done.lines)


def _require_fresh(tx: Transaction, note: Delivery, done: Picking, command: PickDelivery) -> None:
    """Refuse lots that have expired or do not last long enough for the customer; only items with lots have a day."""
    with_lot = [line for line in done.lines if line.key.lot]
    if not with_lot:
        return
    named = {
        each.key: f"lines.{each.place}.lot"
        for each in done.taken
        if each.place is not None and command.parts[each.place].lot
    }
    last_days = picking.expiries(tx.connection, note.item_ids, note.warehouse_id)
    require_fresh(with_lot, last_days, command.today, named)
    require_lasting_for(tx, note, with_lot, last_days, command.today, named)


def _change_lots(tx: Transaction, locked: Locked, taken: Sequence[Taken]) -> None:
    """Promise the lots that were taken instead of those that were proposed; each row guards itself."""
    swapped = [each for each in taken if each.swapped]
    if not swapped:
        return
    given_back = summed(Allocation(each.order_line_id, each.proposed, each.quantity) for each in swapped)
    if not reservations.take_held(tx.connection, locked.reservation.id, given_back):
        raise RuntimeError(f"delivery {locked.delivery.number} holds more than its reservation")
    stock.unreserve(tx.connection, by_stock_row(given_back))
    for each in swapped:
        _promise(tx, each)
    held = summed(Allocation(each.order_line_id, each.key, each.quantity) for each in swapped)
    picking.hold(tx.connection, locked.reservation.id, held)


def _promise(tx: Transaction, each: Taken) -> None:
    if stock.reserve(tx.connection, {each.key: each.quantity}):
        return
    free = _available(tx, each.key)
    raise LotNotAvailable(
        f"{free} of lot {each.key.lot} are free, {each.quantity} were taken",
        field=f"lines.{each.place}.lot",
        cure="put the goods back if they are promised to another order, or correct the stock if there are more",
        free=free,
    )


def _available(tx: Transaction, key: StockKey) -> str:
    rows = stock.rows(tx.connection, [key.item_id])
    return next((str(row.available) for row in rows if row.key == key), "0")


def _records(done: Picking) -> list[PickRecord]:
    taken = [
        PickRecord(
            "taken",
            Allocation(each.order_line_id, each.key, each.quantity),
            each.proposed.lot if each.swapped else None,
            each.reason if each.swapped else None,
        )
        for each in done.taken
    ]
    short = [
        PickRecord("short", Allocation(each.order_line_id, each.key, each.quantity), reason=each.reason)
        for each in done.missing
    ]
    return taken + short


def _tell(tx: Transaction, after: Delivery, known: Mapping[str, Item]) -> None:
    if after.state == "cancelled":
        cancelled = DeliveryCancelled(after.id, after.order_id, NOTHING_FOUND)
        publish(tx, cancelled, correlation_id=after.correlation_id)
        return
    lines = tuple(
        PickedLine(
            line.order_line_id,
            line.key.item_id,
            known[line.key.item_id].sku,
            line.quantity,
            line.key.lot or None,
        )
        for line in after.lines
    )
    told = DeliveryPicked(after.id, after.order_id, after.number, lines)
    publish(tx, told, correlation_id=after.correlation_id)
