"""Hand an order over at the counter: its delivery notes are made and leave in the same transaction."""

from __future__ import annotations

from datetime import date

from libs.common.db import Transaction
from services.inventory.store import items, reservations
from services.inventory.use_cases.create_deliveries import create_deliveries
from services.inventory.use_cases.pick_delivery import PickDelivery, pick_delivery
from services.inventory.use_cases.ship_delivery import ShipDelivery, ship_delivery


def hand_over(tx: Transaction, order_id: str, *, customer_id: str, on: date) -> None:
    """Ship what the order has reserved, on the day ``on``; ``Later`` before it is reserved.

    Its items are locked before its reservation, as by everybody who ships. All is picked before any of it leaves; also
    where the warehouse packs what it sends, nothing is. A note with serials stays ready: which of them the customer
    takes is said by who hands them out.
    """
    seen = reservations.of_order(tx.connection, order_id)
    known = items.lock(tx.connection, () if seen is None else seen.item_ids)
    notes = create_deliveries(tx, order_id, customer_id=customer_id, promised_on=None)
    notes = [note for note in notes if not any(known[each].serial_tracked for each in note.item_ids)]
    for note in notes:
        pick_delivery(tx, PickDelivery(note.id, on))
    for note in notes:
        ship_delivery(tx, ShipDelivery(note.id, on, sent_from_here=False))
