"""Pick and ship delivery notes, whole or in parts; the rest of a part becomes a backorder note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from services.inventory.domain import delivery as rules
from services.inventory.domain import reservation as reservation_rules
from services.inventory.domain.dates import document_date
from services.inventory.domain.delivery import Delivery, Part
from services.inventory.domain.errors import DeliveryNotFound
from services.inventory.domain.items import Item, require_granularity
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.stock import Allocation, by_stock_row
from services.inventory.events import DeliveryPicked, DeliveryShipped, ShippedLine
from services.inventory.store import deliveries, items, reservations, stock
from services.inventory.use_cases.create_deliveries import add_delivery


@dataclass(frozen=True)
class PickDelivery:
    """Which note was picked; ``parts`` when not everything of it was."""

    delivery_id: str
    parts: tuple[Part, ...] = ()
    expected_version: int | None = None


@dataclass(frozen=True)
class ShipDelivery:
    """Which note leaves, when (``today`` if not said), and ``parts`` when not everything of it does."""

    delivery_id: str
    today: date
    shipped_on: date | None = None
    parts: tuple[Part, ...] = ()
    expected_version: int | None = None


@dataclass(frozen=True)
class _Locked:
    """A note with everything that shipping it changes, kept to this transaction."""

    delivery: Delivery
    reservation: Reservation
    items: dict[str, Item]


def pick_delivery(tx: Transaction, command: PickDelivery) -> Delivery:
    """Mark the note, or the given parts of it, as picked."""
    locked = _lock(tx, command.delivery_id, command.expected_version)
    picked = rules.pick(locked.delivery)
    going, rest = _split(locked, command.parts)
    picked = replace(picked, lines=going)
    deliveries.save(tx, locked.delivery, picked)
    publish(tx, DeliveryPicked(picked.id, picked.order_id), correlation_id=picked.correlation_id)
    _backorder(tx, locked.delivery, rest)
    return replace(picked, version=picked.version + 1)


def ship_delivery(tx: Transaction, command: ShipDelivery) -> Delivery:
    """Take the note, or the given parts of it, out of the house: stock, ledger, reservation and event at once."""
    locked = _lock(tx, command.delivery_id, command.expected_version)
    day = document_date(command.shipped_on, command.today, "shipped_on")
    shipped = rules.ship(locked.delivery, day)
    going, rest = _split(locked, command.parts)
    if locked.reservation.ship_complete:
        rules.require_whole(shipped, rest, deliveries.open_of_order(tx.connection, shipped.order_id))
    shipped = replace(shipped, lines=going)
    deliveries.save(tx, locked.delivery, shipped)
    _consume(tx, locked.reservation, shipped, day)
    after = reservation_rules.ship(locked.reservation, going)
    reservations.save(tx.connection, after, tx.now)
    reservations.save_shipped(tx.connection, locked.reservation, after)
    _tell_shipped(tx, shipped, locked.items, day, fully=after.fully_shipped)
    _backorder(tx, locked.delivery, rest)
    return replace(shipped, version=shipped.version + 1)


def _lock(tx: Transaction, delivery_id: str, expected_version: int | None) -> _Locked:
    """Lock items, then the reservation, then the note: the same order as everybody, so nobody waits in a ring."""
    seen = deliveries.find(tx.connection, delivery_id)
    if seen is None:
        raise DeliveryNotFound("there is no such delivery", field="delivery_id", cure="list the deliveries")
    known = items.lock(tx.connection, seen.item_ids)
    reservation = reservations.of_order(tx.connection, seen.order_id, lock=True)
    delivery = deliveries.lock(tx.connection, seen)
    if reservation is None or delivery is None:
        raise RuntimeError(f"delivery {seen.number} stands without its reservation")
    if expected_version not in (None, delivery.version):
        raise VersionMismatch(
            f"delivery {delivery.number} is at version {delivery.version}", cure="read it again and repeat"
        )
    return _Locked(delivery, reservation, known)


def _split(locked: _Locked, parts: Sequence[Part]) -> tuple[tuple[Allocation, ...], tuple[Allocation, ...]]:
    item_of = {line.order_line_id: locked.items[line.key.item_id] for line in locked.delivery.lines}
    for index, part in enumerate(parts):
        if part.order_line_id in item_of:
            require_granularity(item_of[part.order_line_id], part.quantity, f"lines.{index}.quantity")
    return rules.split(locked.delivery, parts)


def _consume(tx: Transaction, reservation: Reservation, shipped: Delivery, day: date) -> None:
    sums = by_stock_row(shipped.lines)
    if not reservations.take_held(tx.connection, reservation.id, shipped.lines):
        raise RuntimeError(f"delivery {shipped.number} holds more than its reservation")
    if not stock.consume(tx.connection, sums):
        raise RuntimeError(f"delivery {shipped.number} holds more than its stock rows")
    stock.write_moves(
        tx,
        [
            stock.Move(key, -quantity, "shipment", shipped.id, shipped.number, day)
            for key, quantity in sums.items()
        ],
    )


def _tell_shipped(
    tx: Transaction, shipped: Delivery, known: dict[str, Item], day: date, *, fully: bool
) -> None:
    event = DeliveryShipped(
        delivery_id=shipped.id,
        number=shipped.number,
        order_id=shipped.order_id,
        order_number=shipped.order_number,
        customer_id=shipped.customer_id,
        shipped_on=day,
        lines=shipped_lines(shipped, known),
        order_fully_shipped=fully,
        promised_on=shipped.promised_on,
    )
    publish(tx, event, correlation_id=shipped.correlation_id)


def shipped_lines(shipped: Delivery, known: Mapping[str, Item]) -> tuple[ShippedLine, ...]:
    """Return the lines of a note as others are told them; ``known`` are its items by id."""
    return tuple(
        ShippedLine(
            order_line_id=line.order_line_id,
            item_id=line.key.item_id,
            sku=known[line.key.item_id].sku,
            item_name=known[line.key.item_id].name,
            quantity=line.quantity,
            lot=line.key.lot or None,
        )
        for line in shipped.lines
    )


def _backorder(tx: Transaction, delivery: Delivery, rest: tuple[Allocation, ...]) -> None:
    if not rest:
        return
    draft = replace(delivery, id=tx.new_id(), state="ready", lines=rest, backorder_of=delivery.id, version=1)
    add_delivery(tx, draft)
