"""Take back what is promised of expired stock; it lies there still, set aside, until somebody books it off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.stock import StockKey
from services.inventory.events import StockFreed
from services.inventory.store import components, items, production_orders, queue, stock
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.expired_components import let_expired_go
from services.inventory.use_cases.requeue_orders import items_of_holders, requeue_for
from services.inventory.use_cases.set_aside_expired import set_aside

REASON = "lot_expired"


def expire_stock(tx: Transaction, item_id: str, today: date) -> None:
    """Set the expired stock of an item aside and take its promises back; who held it waits in front of all others.

    What was picked or has left in part is not taken back: it is refused at the door, and the picker reports it short.
    """
    seen = stock.promised_expired(tx.connection, item_id, today)
    makers = components.who_holds(tx.connection, seen)
    wanted = {item_id, *items_of_holders(tx, set(seen)), *_items_of(tx, makers)}
    locked = set(items.lock(tx.connection, wanted))
    set_aside(tx, [item_id], today)
    for order_id in components.who_holds(tx.connection, seen):
        order = production_orders.find(tx.connection, order_id, lock=True)
        if order is None or not set(order.item_ids) <= locked:
            raise Later("a production order was promised this stock meanwhile")
        let_expired_go(tx, order)
    promised = stock.promised_expired(tx.connection, item_id, today)
    _requeue(tx, promised, locked)
    for each in queue.items_waited_for(tx.connection, locked):
        publish(tx, StockFreed(each, "requeued"))
    cover_shortage(tx, locked, may_grow=True)


def _requeue(tx: Transaction, promised: dict[StockKey, Quantity], locked: set[str]) -> None:
    for key, quantity in sorted(promised.items()):
        requeue_for(tx, {key: quantity}, locked, REASON, f"lot {key.lot}")


def _items_of(tx: Transaction, order_ids: Collection[str]) -> set[str]:
    found = (production_orders.find(tx.connection, order_id) for order_id in order_ids)
    return {item_id for order in found if order is not None for item_id in order.item_ids}
