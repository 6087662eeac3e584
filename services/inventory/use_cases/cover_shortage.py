"""Keep what is asked for because those who wait lack it as large as the lack: never less, never twice.

Called wherever the lack of an item can change, in the transaction that changes it and under the lock of the item,
so that two who change it see each other's requisition. By the item's policy it is bought (a requisition) or made (a
production order); an item without one is left alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from libs.common.db import Transaction, next_number
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.requisition import Origin, Requisition, cover
from services.inventory.domain.supply import SupplyPolicy
from services.inventory.events import RequisitionChanged, RequisitionEnded, RequisitionRaised
from services.inventory.store import items, production_orders, requisitions, supply, warehouses
from services.inventory.use_cases.approving import lapse_waiting
from services.inventory.use_cases.make_by_itself import follow_lack

SERIES = "requisition"


def cover_shortage(tx: Transaction, item_ids: Collection[str], *, may_grow: bool) -> None:
    """Let what is asked for of the locked ``item_ids`` follow what is lacking; grow only if ``may_grow``.

    Growing is for what makes a lack: an order goes short, an order to a supplier falls through. A rejected need is
    thus raised again by the next shortage, not by the next receipt.
    """
    standing = requisitions.standing(tx.connection, item_ids, "shortage")
    making = production_orders.standing(tx.connection, item_ids, "shortage")
    if not (standing or making or may_grow):
        return
    policies = supply.policies(tx.connection, item_ids)
    concerned = {each.item_id for each in standing} | {
        item_id for item_id, policy in policies.items() if policy.by_itself or item_id in making
    }
    if not concerned:
        return
    lacks = requisitions.lacks(tx.connection, concerned)
    # First what is bought, then what is made: everybody takes the numbers of both series in this order.
    for item_id in sorted(concerned, key=lambda each: (policies[each].makes, each)):
        policy = policies[item_id]
        own = [each for each in standing if each.item_id == item_id]
        grows = may_grow and policy.buys
        changed, rest = cover(lacks[item_id], own, policy, may_grow=grows)
        save_changed(tx, changed)
        rest = follow_lack(tx, making.get(item_id), rest, policy, may_grow=may_grow)
        if rest and grows:
            _raise_for_default_warehouse(tx, policy, rest)


def _raise_for_default_warehouse(tx: Transaction, policy: SupplyPolicy, need: int) -> None:
    """Raise what is lacking for the warehouse that orders are filled from first; without one there is no place."""
    warehouse_id = warehouses.default_id(tx.connection)
    if warehouse_id is not None:
        raise_requisition(tx, policy, warehouse_id, "shortage", need, policy.order_quantity(need))


@dataclass(frozen=True)
class OrderNeed:
    """Which line of which order a requisition is for alone, and what the buyer has to know of it."""

    order_id: str
    order_line_id: str
    note: str


def raise_requisition(
    tx: Transaction,
    policy: SupplyPolicy,
    warehouse_id: str,
    origin: Origin,
    need: int,
    quantity: Quantity,
    order: OrderNeed | None = None,
) -> Requisition:
    """Store a requisition that came about by itself, with the next number, and tell of it."""
    raised = Requisition(
        id=tx.new_id(),
        number=f"PR-{next_number(tx, SERIES):06d}",
        item_id=policy.item_id,
        warehouse_id=warehouse_id,
        origin=origin,
        state="open",
        need=Quantity(need),
        quantity=quantity,
        supplier_id=policy.supplier_id,
        note=order.note if order else None,
        order_id=order.order_id if order else None,
        order_line_id=order.order_line_id if order else None,
    )
    requisitions.add(tx, raised)
    tell_raised(tx, raised)
    return raised


def save_changed(tx: Transaction, changed: Collection[Requisition]) -> None:
    """Store requisitions whose need changed, and tell of each: of another need, or of none any more.

    Whoever was asked for a yes was asked about what it was before: that is over.
    """
    for each in requisitions.save(tx, list(changed)):
        lapse_waiting(tx, each.approval_id, each.reason or "the need is another one")
        if each.state == "cancelled":
            tell_ended(tx, each)
        else:
            publish(tx, RequisitionChanged(*_facts(tx, each)))


def tell_raised(tx: Transaction, raised: Requisition) -> None:
    """Tell that a requisition was raised."""
    publish(tx, RequisitionRaised(*_facts(tx, raised)))


def tell_ended(tx: Transaction, ended: Requisition) -> None:
    """Tell that a requisition is over."""
    event = RequisitionEnded(
        ended.id, ended.number, ended.item_id, ended.warehouse_id, ended.state, ended.reason
    )
    publish(tx, event)


def _facts(
    tx: Transaction, each: Requisition
) -> tuple[str, str, str, str, str, str, Quantity, Quantity, str | None]:
    sku = items.known(tx.connection, [each.item_id])[each.item_id].sku
    return (
        each.id,
        each.number,
        each.item_id,
        sku,
        each.warehouse_id,
        each.origin,
        each.need,
        each.quantity,
        each.supplier_id,
    )
