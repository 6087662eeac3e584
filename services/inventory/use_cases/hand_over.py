"""Hand an order over at the counter: its delivery notes are made and leave in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from libs.common.db import Transaction
from services.inventory.domain.delivery import Delivery
from services.inventory.store import deliveries, delivery_checks, items, reservations
from services.inventory.use_cases.create_deliveries import create_deliveries
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery


def hand_over(
    tx: Transaction, order_id: str, *, customer_id: str, on: date, credit_since: datetime | None = None
) -> None:
    """Ship what the order has reserved, on the day ``on``; ``Later`` before it is reserved.

    Its items are locked before its reservation, as by everybody who ships. All is picked before any of it leaves; also
    where the warehouse packs what it sends, nothing is. What needs finance's yes is handed over as that comes. A note
    with serials stays ready: which of them the customer takes is said by who hands them out.
    """
    seen = reservations.of_order(tx.connection, order_id)
    items.lock(tx.connection, () if seen is None else seen.item_ids)
    notes = create_deliveries(
        tx, order_id, customer_id=customer_id, promised_on=None, credit_since=credit_since
    )
    if any(note.lacks_credit(tx.now) for note in notes):
        for note in notes:
            delivery_checks.hand_over_later(tx, note.id, on)
        return
    _leave(tx, notes, on)


def hand_over_notes(tx: Transaction, order_id: str, on: date) -> None:
    """Hand over the open notes of an order once all of them may leave; items and reservation are locked."""
    found = [
        deliveries.find(tx.connection, note.id) for note in deliveries.open_of_order(tx.connection, order_id)
    ]
    notes = [note for note in found if note is not None]
    if any(note.lacks_credit(tx.now) for note in notes):
        return
    _leave(tx, notes, on)


def _leave(tx: Transaction, notes: Sequence[Delivery], on: date) -> None:
    known = items.known(tx.connection, {item_id for note in notes for item_id in note.item_ids})
    going = [note for note in notes if not any(known[each].serial_tracked for each in note.item_ids)]
    for note in going:
        if note.state == "ready":
            pick_delivery(tx, PickDelivery(note.id, on))
    for note in going:
        ship_delivery(tx, ShipDelivery(note.id, on, sent_from_here=False))
