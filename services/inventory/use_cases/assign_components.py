"""Reserve components for production orders: all of them, or what there is and the rest by and by.

A production order stands in the same queue as the orders of customers, with its place from the day of its release. It
is given what is available less what everybody ahead of it wants, as they are, under the lock of the item; but it takes
a part, because making can begin with that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import Later
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.consumption import Sums, nearest_first, take
from services.inventory.domain.production_order import ProductionOrder
from services.inventory.domain.stock import StockKey, available_by_item
from services.inventory.events import ProductionOrderAssigned, StockFreed
from services.inventory.store import components, items, production_orders, queue, stock
from services.inventory.use_cases.set_aside_expired import set_aside

BATCH = 50


def assign(tx: Transaction, order: ProductionOrder, item_ids: Collection[str]) -> ProductionOrder:
    """Reserve what a locked order lacks of the locked ``item_ids`` as far as it is there, and queue for the rest."""
    missing = {each.item_id: each.missing for each in order.components if each.item_id in item_ids}
    missing = {item_id: milli for item_id, milli in missing.items() if milli}
    if missing:
        sums = _given(tx, order, missing)
        if not stock.reserve(tx.connection, sums):
            raise Later("the stock was changed by somebody who did not lock the item")
        components.hold(tx.connection, order.id, sums)
        order = holding(order, sums)
    components.want(tx.connection, order, item_ids)
    return order


def _given(tx: Transaction, order: ProductionOrder, missing: Mapping[str, int]) -> Sums:
    """Return what of each stock row the order gets now."""
    rows = stock.rows(tx.connection, missing)
    available = available_by_item(rows)
    ahead = queue.wanted(tx.connection, missing, up_to=(order.queue_no or 1) - 1)
    sums: Sums = {}
    for item_id, milli in missing.items():
        free = max(0, available.get(item_id, 0) - ahead.get(item_id, 0))
        nearest = nearest_first((row for row in rows if row.key.item_id == item_id), order.warehouse_id)
        given, _ = take(min(milli, free), ((row.key, row.available.milli) for row in nearest))
        sums |= given
    return sums


def holding(order: ProductionOrder, sums: Mapping[StockKey, Quantity], sign: int = 1) -> ProductionOrder:
    """Return the order as holding ``sums`` more, or less with a ``sign`` of -1."""
    more: dict[str, int] = {}
    for key, quantity in sums.items():
        more[key.item_id] = more.get(key.item_id, 0) + sign * quantity.milli
    held = tuple(
        replace(each, held=Quantity(each.held.milli + more.get(each.item_id, 0))) for each in order.components
    )
    return replace(order, components=held)


def settled(tx: Transaction, order: ProductionOrder) -> ProductionOrder:
    """Return a locked order that waits as *assigned* once nothing is missing, stored and told; others as they are."""
    if order.state != "waiting" or not order.complete:
        return order
    saved = production_orders.save(tx, replace(order, state="assigned"))
    event = ProductionOrderAssigned(saved.id, saved.number, saved.item_id, saved.warehouse_id, saved.quantity)
    publish(tx, event)
    return saved


def free_surplus(tx: Transaction, order: ProductionOrder) -> ProductionOrder:
    """Give back what a locked order holds and does not need any more, and let those who wait for it know."""
    surplus = {each.item_id: each.surplus for each in order.components if each.surplus}
    if not surplus:
        return order
    held = components.held(tx.connection, order.id)
    rows = nearest_first(stock.rows(tx.connection, surplus), order.warehouse_id)
    sums: Sums = {}
    for item_id, milli in surplus.items():
        # What would be drawn upon last is given back first.
        parts = ((row.key, held[row.key].milli) for row in reversed(rows) if row.key in held)
        freed, _ = take(milli, (part for part in parts if part[0].item_id == item_id))
        sums |= freed
    if not components.let_go(tx.connection, order.id, sums) or not stock.unreserve(tx.connection, sums):
        raise RuntimeError(f"production order {order.number} holds more than its stock rows say")
    for item_id in queue.items_waited_for(tx.connection, surplus):
        publish(tx, StockFreed(item_id, "components_freed"))
    return holding(order, sums, sign=-1)


def serve_components(tx: Transaction, item_id: str, *, batch: int = BATCH, today: date | None = None) -> int:
    """Reserve an item for the production orders that lack it, first come first served; return how many got all.

    After those customers who wait ahead of them: it is what they want that is left out, served yet or not.
    """
    if not components.who_wants(tx.connection, item_id, limit=1):
        return 0
    items.lock(tx.connection, [item_id])
    set_aside(tx, [item_id], today or tx.now.date())
    first = components.who_wants(tx.connection, item_id, limit=batch)
    for place, order_id in enumerate(first):
        order = production_orders.find(tx.connection, order_id, lock=True)
        if order is None:
            raise RuntimeError(f"production order {order_id} is in a queue, and there is none")
        order = settled(tx, assign(tx, order, [item_id]))
        if any(each.missing for each in order.components if each.item_id == item_id):
            return place
    if len(first) == batch:
        publish(tx, StockFreed(item_id, "queue_advanced"))
    return len(first)
