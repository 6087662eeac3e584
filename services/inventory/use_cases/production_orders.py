"""Production orders: raise one by hand, release it with all its components, start it, give it up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from libs.common.db import Transaction, next_number
from libs.common.errors import VersionMismatch
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain import production_order as rules
from services.inventory.domain.bom import Bom, in_force
from services.inventory.domain.errors import UnknownItem
from services.inventory.domain.items import Item, require_quantity
from services.inventory.domain.production_errors import BomMissing, DueInPast, ProductionOrderNotFound
from services.inventory.domain.production_order import ProductionOrder, Release
from services.inventory.events import ProductionOrderReleased, ProductionOrderStarted, RequiredComponent
from services.inventory.store import boms, components, items, production_orders, queue_rules
from services.inventory.use_cases.assign_components import assign, free_surplus, settled
from services.inventory.use_cases.book_stock import require_open_place
from services.inventory.use_cases.cover_shortage import cover_shortage
from services.inventory.use_cases.make_by_itself import add_request, new_number, tell_cancelled
from services.inventory.use_cases.reserve_stock import QUEUE
from services.inventory.use_cases.set_aside_expired import set_aside


@dataclass(frozen=True)
class RaiseProduction:
    """What somebody wants to be made; without ``due_on`` it is due when the bill of materials says."""

    item_id: str
    warehouse_id: str
    quantity: Quantity
    today: date
    due_on: date | None = None
    note: str | None = None


@dataclass(frozen=True)
class ReleaseProduction:
    """Which order is to be made now; ``today`` is the day whose bill of materials holds."""

    production_order_id: str
    today: date
    expected_version: int | None = None


@dataclass(frozen=True)
class StartProduction:
    """Which order is begun."""

    production_order_id: str
    expected_version: int | None = None


@dataclass(frozen=True)
class CancelProduction:
    """Which order is given up, and why."""

    production_order_id: str
    reason: str
    expected_version: int | None = None


def raise_production(tx: Transaction, command: RaiseProduction) -> ProductionOrder:
    """Store what somebody wants to be made; nothing is added to it, and it stays as it was written."""
    item = items.lock(tx.connection, [command.item_id]).get(command.item_id)
    if item is None:
        raise UnknownItem("there is no such item", field="item_id", cure="register the item first")
    require_open_place(tx, command.warehouse_id)
    require_quantity(item, command.quantity, "quantity")
    if command.due_on is not None and command.due_on < command.today:
        raise DueInPast(
            f"{command.due_on.isoformat()} is over",
            field="due_on",
            cure=f"give a day from {command.today.isoformat()} on",
        )
    if not boms.newest_version(tx.connection, item.id):
        raise BomMissing(f"{item.sku} has no bill of materials", field="item_id")
    raised = ProductionOrder(
        id=tx.new_id(),
        number=new_number(tx),
        item_id=item.id,
        warehouse_id=command.warehouse_id,
        origin="manual",
        state="request",
        need=command.quantity,
        quantity=command.quantity,
        due_on=command.due_on,
        requested_by=tx.cause.actor,
        note=command.note,
    )
    add_request(tx, raised)
    return raised


def release_production(tx: Transaction, command: ReleaseProduction) -> ProductionOrder:
    """Let an order be made by the bill that holds today: reserve all components, or what there is of them.

    What is missing is asked for by the policies of the components at once, of suppliers or by orders of its own.
    """
    seen = _found(tx, command.production_order_id)
    bom = _bom_on(tx, seen, command.today)
    known = items.lock(tx.connection, {seen.item_id, *bom.component_ids})
    before = _locked(tx, command.production_order_id, command.expected_version)
    rules.require_state(before, ("request",), "released")
    how = Release(command.today, tx.cause.actor, next_number(tx, QUEUE))
    released = production_orders.save(tx, _ranked(tx, rules.release(before, bom, known, how)))
    production_orders.add_components(tx, released)
    set_aside(tx, bom.component_ids, command.today)
    assigned = assign(tx, released, bom.component_ids)
    _tell_released(tx, assigned, known)
    after = settled(tx, assigned)
    cover_shortage(tx, [after.item_id], may_grow=False)
    cover_shortage(tx, bom.component_ids, may_grow=True)
    return after


def _ranked(tx: Transaction, released: ProductionOrder) -> ProductionOrder:
    """Return it at its place by the rule of the queue: for no customer, and promised for the day when it is due."""
    assert released.queue_no is not None, "what is released has asked"
    place = queue_rules.current(tx.connection).place(None, released.due_on, released.queue_no)
    return replace(released, queue_no=place)


def start_production(tx: Transaction, command: StartProduction) -> ProductionOrder:
    """Note that somebody begins to make it: with components missing, as much as the others allow."""
    before, _ = locked_production_order(tx, command.production_order_id, command.expected_version)
    after = production_orders.save(tx, rules.start(before))
    publish(
        tx,
        ProductionOrderStarted(after.id, after.number, after.item_id, after.warehouse_id, after.quantity),
    )
    return after


def cancel_production(tx: Transaction, command: CancelProduction) -> ProductionOrder:
    """Give an order up before anything was made; its components become free for those who wait.

    What waiting orders lack because of it is asked for anew, but a request that came about by a shortage stays given up
    until the next shortage of its item.
    """
    before, _ = locked_production_order(tx, command.production_order_id, command.expected_version)
    after = production_orders.save(tx, rules.cancel(before, command.reason))
    production_orders.save_components(tx, before, after)
    end_components(tx, after)
    tell_cancelled(tx, after)
    if before.state != "request":
        cover_shortage(tx, [after.item_id], may_grow=True)
    return after


def end_components(tx: Transaction, over: ProductionOrder) -> ProductionOrder:
    """Give back what an order that is over still holds, take it out of the queues, and ask for less of it."""
    after, component_ids = free_surplus(tx, over), [each.item_id for each in over.components]
    components.want(tx.connection, after, component_ids)
    cover_shortage(tx, component_ids, may_grow=False)
    return after


def locked_production_order(
    tx: Transaction, production_order_id: str, expected_version: int | None
) -> tuple[ProductionOrder, dict[str, Item]]:
    """Return the order and its items by id, all of it kept to this transaction."""
    seen = _found(tx, production_order_id)
    known = items.lock(tx.connection, seen.item_ids)
    found = _locked(tx, production_order_id, expected_version)
    if found.item_ids != seen.item_ids:
        raise VersionMismatch(f"production order {found.number} was released meanwhile")
    return found, known


def _locked(tx: Transaction, production_order_id: str, expected_version: int | None) -> ProductionOrder:
    found = production_orders.find(tx.connection, production_order_id, lock=True)
    assert found is not None, "production orders are never deleted"
    if expected_version not in (None, found.version):
        raise VersionMismatch(f"production order {found.number} is at version {found.version}")
    return found


def _found(tx: Transaction, production_order_id: str) -> ProductionOrder:
    found = production_orders.find(tx.connection, production_order_id)
    if found is None:
        raise ProductionOrderNotFound("there is no such production order", field="production_order_id")
    return found


def _bom_on(tx: Transaction, order: ProductionOrder, day: date) -> Bom:
    bom = in_force(boms.versions(tx.connection, [order.item_id]).get(order.item_id, ()), day)
    if bom is None:
        sku = items.known(tx.connection, [order.item_id])[order.item_id].sku
        raise BomMissing(f"{sku} has no bill of materials on {day.isoformat()}", field="production_order_id")
    return bom


def _tell_released(tx: Transaction, order: ProductionOrder, known: dict[str, Item]) -> None:
    assert order.bom_version is not None
    assert order.released_on is not None
    assert order.due_on is not None
    event = ProductionOrderReleased(
        production_order_id=order.id,
        number=order.number,
        item_id=order.item_id,
        sku=known[order.item_id].sku,
        warehouse_id=order.warehouse_id,
        quantity=order.quantity,
        bom_version=order.bom_version,
        released_on=order.released_on,
        due_on=order.due_on,
        components=tuple(
            RequiredComponent(each.item_id, known[each.item_id].sku, each.required, each.held)
            for each in order.components
        ),
    )
    publish(tx, event)
