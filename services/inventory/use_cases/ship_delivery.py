"""Ship delivery notes, whole or in parts; the rest of a part becomes a backorder note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later, VersionMismatch
from libs.common.money import Money
from services.inventory.domain import delivery as rules
from services.inventory.domain import reservation as reservation_rules
from services.inventory.domain.dates import document_date
from services.inventory.domain.delivery import Delivery, Part
from services.inventory.domain.errors import DeliveryNotFound
from services.inventory.domain.items import Item, require_granularity
from services.inventory.domain.lots import require_fresh
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.stock import Allocation, StockKey, by_stock_row
from services.inventory.store import deliveries, items, picking, reservations, stock
from services.inventory.use_cases.ask_credit import SHIPPED, require_credit, take_back
from services.inventory.use_cases.create_deliveries import add_delivery
from services.inventory.use_cases.respect_shelf_life import require_lasting_for
from services.inventory.use_cases.ship_serials import ship_serials
from services.inventory.use_cases.tell_shipped import hand_over_shipped, tell_shipped, tell_short_shipped
from services.inventory.use_cases.value_stock import value_moves


@dataclass(frozen=True)
class ShipDelivery:
    """Which note leaves, when (``today`` if not said), and ``parts`` when not everything of it does.

    ``carrier`` is the code of who takes it along; nobody said so far means that what was said before stays. What is
    handed over at the counter, or sent by its supplier, is not ``sent_from_here``.
    """

    delivery_id: str
    today: date
    shipped_on: date | None = None
    parts: tuple[Part, ...] = ()
    expected_version: int | None = None
    carrier: str | None = None
    tracking_numbers: tuple[str, ...] = ()
    sent_from_here: bool = True


@dataclass(frozen=True)
class Locked:
    """A note with everything that picking and shipping it change, kept to this transaction."""

    delivery: Delivery
    reservation: Reservation
    items: dict[str, Item]


def ship_delivery(tx: Transaction, command: ShipDelivery) -> Delivery:
    """Take the note, or the given parts of it, out of the house: stock, ledger, reservation and event at once."""
    locked = lock_delivery(tx, command.delivery_id, command.expected_version)
    day = document_date(command.shipped_on, command.today, "shipped_on")
    shipped = rules.ship(
        locked.delivery, day, in_parts=bool(command.parts), sent_from_here=command.sent_from_here
    )
    require_credit(tx, locked.delivery)
    going, rest = _split(locked, command.parts)
    _require_fresh(tx, locked.delivery, going, max(day, command.today), sent_from_here=command.sent_from_here)
    if locked.reservation.ship_complete:
        others = deliveries.open_of_order(tx.connection, shipped.order_id)
        lacks = bool(picking.missing_of(tx.connection, locked.reservation.id))
        rules.require_whole(shipped, rest, others, lacks=lacks)
    shipped = replace(shipped, lines=going)
    deliveries.save(tx, locked.delivery, shipped)
    costs = _consume(tx, locked, shipped, day)
    named = ship_serials(tx, shipped, locked.items, command.parts)
    after = reservation_rules.ship(locked.reservation, going)
    reservations.save(tx.connection, after, tx.now)
    reservations.save_shipped(tx.connection, locked.reservation, after)
    sent = hand_over_shipped(tx, locked.delivery, command.carrier, command.tracking_numbers)
    tell_shipped(
        tx, shipped, locked.items, sent, costs, named, fully=after.fully_shipped, change_no=after.change_no
    )
    take_back(tx, locked.delivery, SHIPPED)
    tell_short_shipped(tx, locked.delivery, shipped, locked.items, rest)
    add_backorder(tx, locked.delivery, rest)
    return replace(shipped, version=shipped.version + 1)


def lock_delivery(
    tx: Transaction, delivery_id: str, expected_version: int | None, *, whole_order: bool = False
) -> Locked:
    """Lock items, then the reservation, then the note: the same order as everybody, so nobody waits in a ring.

    Of the items only those on the note, or all of the ``whole_order``: where its place in the queues may change.
    """
    seen = deliveries.find(tx.connection, delivery_id)
    if seen is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id", cure="list the deliveries")
    known = items.lock(tx.connection, items_to_lock(tx, [seen], whole_order=whole_order))
    reservation = reservations.of_order(tx.connection, seen.order_id, lock=True)
    delivery = deliveries.lock(tx.connection, seen)
    if reservation is None or delivery is None:
        raise RuntimeError(f"delivery {seen.number} stands without its reservation")
    if whole_order:
        require_locked(reservation, known)
    if expected_version not in (None, delivery.version):
        raise VersionMismatch(
            f"delivery {delivery.number} is at version {delivery.version}", cure="read it again and repeat"
        )
    return Locked(delivery, reservation, known)


def items_to_lock(tx: Transaction, notes: Iterable[Delivery], *, whole_order: bool) -> set[str]:
    """Return the items on ``notes``, or all items of their ``whole_order``."""
    found: set[str] = set()
    for note in notes:
        order = reservations.of_order(tx.connection, note.order_id) if whole_order else None
        found.update(note.item_ids, order.item_ids if order else ())
    return found


def require_locked(reservation: Reservation, known: Mapping[str, Item]) -> None:
    """Start again where a change brought an item onto the order after it was looked which items to lock."""
    if not set(reservation.item_ids) <= set(known):
        raise Later(f"order {reservation.order_number} was changed a moment ago")


def _split(locked: Locked, parts: Sequence[Part]) -> tuple[tuple[Allocation, ...], tuple[Allocation, ...]]:
    item_of = {line.order_line_id: locked.items[line.key.item_id] for line in locked.delivery.lines}
    for index, part in enumerate(parts):
        if part.order_line_id in item_of:
            require_granularity(item_of[part.order_line_id], part.quantity, f"lines.{index}.quantity")
    return rules.split(locked.delivery, parts)


def _require_fresh(
    tx: Transaction, note: Delivery, going: tuple[Allocation, ...], today: date, *, sent_from_here: bool
) -> None:
    """Refuse lots that have expired since they were picked, or that nobody looked at; most items have no lots.

    How long they last is the customer's own look where he takes them along, and the supplier's where he sent them.
    """
    with_lot = [line for line in going if line.key.lot]
    if with_lot:
        item_ids = {line.key.item_id for line in with_lot}
        last_days = picking.expiries(tx.connection, item_ids, note.warehouse_id)
        require_fresh(with_lot, last_days, today, {})
        if sent_from_here:
            require_lasting_for(tx, note, with_lot, last_days, today, {})


def _consume(
    tx: Transaction, locked: Locked, shipped: Delivery, day: date
) -> Mapping[StockKey, Money | None]:
    """Take the goods out of reservation, stock and ledger; return what they were worth, by stock row."""
    sums = by_stock_row(shipped.lines)
    if not reservations.take_held(tx.connection, locked.reservation.id, shipped.lines):
        raise RuntimeError(f"delivery {shipped.number} holds more than its reservation")
    if not stock.consume(tx.connection, sums):
        raise RuntimeError(f"delivery {shipped.number} holds more than its stock rows")
    moves = [
        stock.Move(key, -quantity, "shipment", shipped.id, shipped.number, day)
        for key, quantity in sums.items()
    ]
    valued = value_moves(tx, locked.items, moves)
    stock.write_moves(tx, valued)
    return {move.key: None if move.value is None else -move.value for move in valued}


def add_backorder(tx: Transaction, delivery: Delivery, rest: tuple[Allocation, ...]) -> None:
    """Make a note of what stays of ``delivery``, if anything does."""
    if not rest:
        return
    add_delivery(tx, rules.backorder(delivery, tx.new_id(), rest))
