"""Take expired components back from a production order: it waits for others in its old place."""

from __future__ import annotations

from dataclasses import replace

from libs.common.db import Transaction
from services.inventory.domain.production_order import ProductionOrder
from services.inventory.store import components, production_orders, stock
from services.inventory.use_cases.assign_components import holding


def let_expired_go(tx: Transaction, order: ProductionOrder) -> ProductionOrder:
    """Return a locked order without what it holds of stock that is set aside; what it lacks then it queues for."""
    held = components.held(tx.connection, order.id)
    sums = {key: held[key] for key in stock.set_aside_among(tx.connection, held)}
    if not sums:
        return order
    if not components.let_go(tx.connection, order.id, sums) or not stock.unreserve(tx.connection, sums):
        raise RuntimeError(f"production order {order.number} holds more than its stock rows say")
    after = holding(order, sums, sign=-1)
    if after.state == "assigned" and not after.complete:
        after = production_orders.save(tx, replace(after, state="waiting"))
    components.want(tx.connection, after, {key.item_id for key in sums})
    return after
