"""Bring in deliveries of another system: written down in bulk as shipped, all of them or none, moving no stock.

What lies in the warehouses is what opening stock says; what had left before that was never counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import EntriesRefused, MeridianError
from libs.common.outbox import publish
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import DeliveryNumberTaken, NoWarehouse
from services.inventory.domain.history import PastDelivery, faults_of, record_delivery
from services.inventory.domain.items import Item
from services.inventory.domain.reservation import Reservation, ship
from services.inventory.events import DeliveryRecorded
from services.inventory.store import deliveries, items, reservations, warehouses
from services.inventory.use_cases.tell_shipped import shipped_lines

Orders = dict[str, Reservation]


def bring_in_deliveries(tx: Transaction, past: Sequence[PastDelivery], today: date) -> list[Delivery]:
    """Write ``past`` down, in its sequence, and tell of each; ``EntriesRefused`` names every one that cannot be.

    The notes are those of the default warehouse: from which one they left is not told.
    """
    warehouse_id = warehouses.default_id(tx.connection)
    if warehouse_id is None:
        raise NoWarehouse("there is no default warehouse", cure="open one, and make it the default")
    before = reservations.lock_of_orders(tx.connection, (note.order_id for note in past))
    known = items.known(tx.connection, (item_id for order in before.values() for item_id in order.item_ids))
    after = dict(before)
    recorded: list[tuple[Delivery, bool]] = []
    refusals = _taken(tx, past)
    for place, note in enumerate(past):
        faults: list[MeridianError] = list(faults_of(note, after.get(note.order_id), known, today))
        refusals += [(place, fault) for fault in faults]
        if not faults:
            recorded.append(_record(tx, note, after, warehouse_id))
    if refusals:
        raise EntriesRefused(refusals)
    reservations.save_many(tx.connection, before, after, tx.now)
    deliveries.add_many(tx, [delivery for delivery, _ in recorded])
    for delivery, fully in recorded:
        _tell(tx, delivery, known, fully=fully)
    return [delivery for delivery, _ in recorded]


def _record(tx: Transaction, past: PastDelivery, orders: Orders, warehouse_id: str) -> tuple[Delivery, bool]:
    """Return the note and whether its order is then fully shipped, which ``orders`` counts."""
    order = orders[past.order_id]
    note = record_delivery(past, order, delivery_id=tx.new_id(), warehouse_id=warehouse_id)
    orders[past.order_id] = ship(order, note.lines)
    return note, orders[past.order_id].fully_shipped


def _taken(tx: Transaction, past: Sequence[PastDelivery]) -> list[tuple[int, MeridianError]]:
    """Return the refusals of numbers that stand twice, here or in what was there before."""
    seen = deliveries.taken(tx.connection, (note.number for note in past))
    refusals: list[tuple[int, MeridianError]] = []
    for place, note in enumerate(past):
        if note.number in seen:
            message = f"there is a delivery {note.number} already"
            refusals.append((place, DeliveryNumberTaken(message, field="number")))
        seen.add(note.number)
    return refusals


def _tell(tx: Transaction, note: Delivery, known: dict[str, Item], *, fully: bool) -> None:
    assert note.shipped_on is not None, "a note that was brought in has left"
    event = DeliveryRecorded(
        delivery_id=note.id,
        number=note.number,
        order_id=note.order_id,
        order_number=note.order_number,
        customer_id=note.customer_id,
        shipped_on=note.shipped_on,
        lines=shipped_lines(note, known),
        order_fully_shipped=fully,
        promised_on=note.promised_on,
    )
    publish(tx, event, correlation_id=note.correlation_id)
