"""Ask by itself for something to be made because it is lacking, and let what nobody released follow the need."""

from __future__ import annotations

from libs.common.db import Transaction, next_number
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.making_to_need import follow
from services.inventory.domain.production_order import ProductionOrder
from services.inventory.domain.requisition import Origin
from services.inventory.domain.supply import SupplyPolicy
from services.inventory.events import (
    ProductionOrderCancelled,
    ProductionOrderChanged,
    ProductionOrderRaised,
)
from services.inventory.store import items, production_orders, warehouses

SERIES = "production_order"


def follow_lack(
    tx: Transaction, standing: ProductionOrder | None, rest: int, policy: SupplyPolicy, *, may_grow: bool
) -> int:
    """Let the unreleased order of a locked item be what is lacking and not asked of suppliers: ``rest`` thousandths.

    Called by ``cover_shortage`` only; returns what nobody is asked for still. Without a default warehouse there is no
    place to make it for.
    """
    grows = may_grow and policy.makes
    after, more = follow(rest, standing, policy, may_grow=grows)
    if after is not None and after != standing:
        save_request(tx, after)
    warehouse_id = warehouses.default_id(tx.connection) if more and grows else None
    if warehouse_id is None:
        return more
    raise_by_itself(tx, policy, warehouse_id, "shortage", more, policy.order_quantity(more))
    return 0


def raise_by_itself(
    tx: Transaction, policy: SupplyPolicy, warehouse_id: str, origin: Origin, need: int, quantity: Quantity
) -> ProductionOrder:
    """Store an order that came about by itself, with the next number, and tell of it."""
    raised = ProductionOrder(
        id=tx.new_id(),
        number=new_number(tx),
        item_id=policy.item_id,
        warehouse_id=warehouse_id,
        origin=origin,
        state="request",
        need=Quantity(need),
        quantity=quantity,
    )
    add_request(tx, raised)
    return raised


def new_number(tx: Transaction) -> str:
    """Return the next number of a production order."""
    return f"MO-{next_number(tx, SERIES):06d}"


def add_request(tx: Transaction, raised: ProductionOrder) -> None:
    """Store a new order, and tell of it."""
    production_orders.add(tx, raised)
    publish(tx, ProductionOrderRaised(*_facts(tx, raised)))


def save_request(tx: Transaction, changed: ProductionOrder) -> None:
    """Store an unreleased order whose need changed, and tell of it: of another need, or of none any more."""
    saved = production_orders.save(tx, changed)
    if saved.state == "cancelled":
        tell_cancelled(tx, saved)
    else:
        publish(tx, ProductionOrderChanged(*_facts(tx, saved)))


def tell_cancelled(tx: Transaction, over: ProductionOrder) -> None:
    """Tell that an order was given up."""
    event = ProductionOrderCancelled(over.id, over.number, over.item_id, over.warehouse_id, over.reason or "")
    publish(tx, event)


def _facts(tx: Transaction, each: ProductionOrder) -> tuple[str, str, str, str, str, str, Quantity, Quantity]:
    sku = items.known(tx.connection, [each.item_id])[each.item_id].sku
    return (
        each.id, each.number, each.item_id, sku, each.warehouse_id, each.origin, each.need, each.quantity,
    )  # fmt: skip
