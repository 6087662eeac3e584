"""Reorder points: set one, and ask for what is missing once the stock that will be there has fallen to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from libs.common.db import Transaction
from libs.common.errors import NotFound, VersionMismatch
from libs.common.quantity import Quantity
from services.inventory.domain import making_to_need, production_order
from services.inventory.domain.availability import Coming
from services.inventory.domain.items import Item, require_granularity, require_quantity
from services.inventory.domain.production_order import ProductionOrder
from services.inventory.domain.reorder import ReorderPoint
from services.inventory.domain.requisition import Requisition, cancel, resize
from services.inventory.domain.supply import SupplyPolicy
from services.inventory.domain.transfers import Transfer
from services.inventory.store import (
    boms,
    items,
    production_orders,
    purchase_orders,
    queue,
    reorder_points,
    requisitions,
    stock,
    supply,
    transfers,
    warehouses,
)
from services.inventory.use_cases.book_stock import require_open_place
from services.inventory.use_cases.cover_shortage import raise_requisition, save_changed
from services.inventory.use_cases.make_by_itself import raise_by_itself, save_request
from services.inventory.use_cases.propose_transfer import own_proposal, propose_transfer

_REMOVED = "the reorder point was removed"
_ELSEWHERE = "it comes from another warehouse"


@dataclass(frozen=True)
class SetReorderPoint:
    """From which stock on an item is bought again for a warehouse, and up to how much."""

    item_id: str
    warehouse_id: str
    minimum: Quantity
    maximum: Quantity
    today: date
    multiple: Quantity | None = None
    horizon_days: int = 0
    expected_version: int | None = None


def set_reorder_point(tx: Transaction, command: SetReorderPoint) -> ReorderPoint:
    """Store the reorder point, and propose by it at once."""
    item = items.lock(tx.connection, [command.item_id]).get(command.item_id)
    if item is None:
        raise NotFound("there is no such item", field="item_id", cure="list the items")
    if warehouses.find(tx.connection, command.warehouse_id) is None:
        raise NotFound("there is no such warehouse", field="warehouse_id", cure="list the warehouses")
    require_open_place(tx, command.warehouse_id)
    _require_quantities(item, command)
    before = reorder_points.find(tx.connection, item.id, command.warehouse_id)
    version = before.version if before else 0
    if command.expected_version not in (None, version):
        raise VersionMismatch(f"the reorder point is at version {version}")
    point = ReorderPoint(
        item_id=item.id,
        warehouse_id=command.warehouse_id,
        minimum=command.minimum,
        maximum=command.maximum,
        multiple=command.multiple,
        horizon_days=command.horizon_days,
        version=version + 1,
    )
    reorder_points.put(tx, point)
    propose_reorder(tx, item.id, command.warehouse_id, command.today)
    return point


def remove_reorder_point(tx: Transaction, item_id: str, warehouse_id: str) -> None:
    """Forget the reorder point, and give up what it asked for and nobody approved."""
    items.lock(tx.connection, [item_id])
    if reorder_points.find(tx.connection, item_id, warehouse_id) is None:
        raise NotFound("there is no such reorder point", field="item_id", cure="list the reorder points")
    reorder_points.remove(tx.connection, item_id, warehouse_id)
    proposal = _open_proposal(tx, item_id, warehouse_id)
    if proposal is not None:
        save_changed(tx, [cancel(proposal, _REMOVED)])
    request = _request(tx, item_id, warehouse_id)
    if request is not None:
        save_request(tx, production_order.cancel(request, _REMOVED))


def propose_reorder(tx: Transaction, item_id: str, warehouse_id: str, today: date) -> None:
    """Let the open proposal of a reorder point be what is missing now: raise, change or cancel it, or leave it.

    Asked again, nothing changes: its own open proposal is not counted among what will be there, all else that was
    asked for or ordered is.
    """
    items.lock(tx.connection, [item_id])
    point = reorder_points.find(tx.connection, item_id, warehouse_id)
    if point is None:
        return
    policy = boms.with_lead_time(
        tx.connection, supply.policy(tx.connection, item_id), point.maximum.milli, today
    )
    if policy.makes:
        _propose_making(tx, point, policy, today)
    elif policy.fills(warehouse_id):
        _propose_moving(tx, point, policy, today)
    else:
        _propose_buying(tx, point, policy, today)


def _propose_moving(tx: Transaction, point: ReorderPoint, policy: SupplyPolicy, today: date) -> None:
    """Let it come from another warehouse; what was to be bought before is given up."""
    to_buy = _open_proposal(tx, point.item_id, point.warehouse_id)
    if to_buy is not None:
        save_changed(tx, [cancel(to_buy, _ELSEWHERE)])
    own = own_proposal(tx, point, policy)
    need = point.need_for(_projected(tx, point, policy, today, own=own))
    propose_transfer(tx, point, policy, own, need)


def _propose_buying(tx: Transaction, point: ReorderPoint, policy: SupplyPolicy, today: date) -> None:
    proposal = _open_proposal(tx, point.item_id, point.warehouse_id)
    need = point.need_for(_projected(tx, point, policy, today, own=proposal))
    quantity = point.quantity_for(need, policy)
    if proposal is None:
        if need:
            raise_requisition(tx, policy, point.warehouse_id, "reorder_point", need, quantity)
        return
    wanted = resize(proposal, need, quantity)
    if wanted != proposal:
        save_changed(tx, [wanted])


def _propose_making(tx: Transaction, point: ReorderPoint, policy: SupplyPolicy, today: date) -> None:
    proposal = _request(tx, point.item_id, point.warehouse_id)
    need = point.need_for(_projected(tx, point, policy, today, own=proposal))
    quantity = point.quantity_for(need, policy)
    if proposal is None:
        if need:
            raise_by_itself(tx, policy, point.warehouse_id, "reorder_point", need, quantity)
        return
    wanted = making_to_need.resize(proposal, need, quantity)
    if wanted != proposal:
        save_request(tx, wanted)


def _require_quantities(item: Item, command: SetReorderPoint) -> None:
    require_granularity(item, command.minimum, "minimum")
    require_granularity(item, command.maximum, "maximum")
    if command.multiple is not None:
        require_quantity(item, command.multiple, "multiple")


def _open_proposal(tx: Transaction, item_id: str, warehouse_id: str) -> Requisition | None:
    found = requisitions.standing(tx.connection, [item_id], "reorder_point", warehouse_id)
    return next((each for each in found if each.state == "open"), None)


def _request(tx: Transaction, item_id: str, warehouse_id: str) -> ProductionOrder | None:
    found = production_orders.requests(tx.connection, item_id, warehouse_id)
    return next((each for each in found if each.origin == "reorder_point"), None)


def _projected(
    tx: Transaction,
    point: ReorderPoint,
    policy: SupplyPolicy,
    today: date,
    *,
    own: Requisition | ProductionOrder | Transfer | None,
) -> int:
    """Return how many thousandths will be there: available, coming in time, asked for; less what is waited for.

    What is asked for is counted but for the point's ``own`` open proposal. Orders are filled from the default warehouse
    first, so what they wait for is taken off there.
    """
    place, until = point.warehouse_id, point.looks_until(policy, today)
    rows = stock.rows(tx.connection, [point.item_id])
    available = sum(row.available.milli for row in rows if row.key.warehouse_id == place)
    due: list[Coming] = [
        *purchase_orders.arrivals(tx.connection, point.item_id, drafts=True),
        *production_orders.in_production(tx.connection, point.item_id),
    ]
    coming = sum(
        each.quantity.milli for each in due if each.warehouse_id == place and each.expected_on <= until
    )
    asks: list[Requisition | ProductionOrder] = [
        *requisitions.unordered(tx.connection, point.item_id, place),
        *production_orders.requests(tx.connection, point.item_id, place),
    ]
    asked = sum(each.quantity.milli for each in asks if own is None or each.id != own.id)
    waited_for = 0
    if place == warehouses.default_id(tx.connection):
        waited_for = queue.wanted(tx.connection, [point.item_id]).get(point.item_id, 0)
    moving = transfers.coming(
        tx.connection, point.item_id, place, own.id if isinstance(own, Transfer) else None
    )
    return available + coming + asked + moving - waited_for
