"""Production orders with their components, what is outstanding of them, and what was made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Select, func, insert, select, type_coerce, update

from libs.common.db import Transaction
from libs.common.errors import VersionMismatch
from libs.common.quantity import Quantity
from services.inventory.domain.availability import InProduction
from services.inventory.domain.consumption import ConsumptionLine
from services.inventory.domain.production_order import RELEASED, Component, ProductionOrder
from services.inventory.domain.requisition import Origin
from services.inventory.store.production_tables import (
    component_allocation,
    production_component,
    production_consumption,
    production_order,
    production_report,
)

_NAMES = (
    "id", "number", "item_id", "warehouse_id", "origin", "state", "bom_version", "queue_no", "due_on", "released_on",
    "requested_by", "released_by", "note", "reason", "version",
)  # fmt: skip
_CHANGING = ("state", "bom_version", "queue_no", "due_on", "released_on", "released_by", "reason")
_QUANTITY = type_coerce(production_order.c.quantity_milli, BigInteger)
_FINISHED = type_coerce(production_order.c.finished_milli, BigInteger)
_HELD = type_coerce(component_allocation.c.held_milli, BigInteger)


def find(connection: Connection, production_order_id: str, *, lock: bool = False) -> ProductionOrder | None:
    """Return a production order, or nothing; ``lock`` keeps it to this transaction.

    Whoever changes one locks its item and its components first.
    """
    query = select(production_order).where(production_order.c.id == production_order_id)
    row = connection.execute(_locked(query) if lock else query).one_or_none()
    if row is None:
        return None
    return of_row(row, components_of(connection, [row.id]).get(row.id, ()))


def of_row(row: Row[Any], components: Sequence[Component] = ()) -> ProductionOrder:
    """Return the production order that stands in a row of its table."""
    known = {name: getattr(row, name) for name in _NAMES}
    return ProductionOrder(
        **known,
        need=row.need_milli,
        quantity=row.quantity_milli,
        most=row.most_milli,
        finished=row.finished_milli,
        scrapped=row.scrapped_milli,
        components=tuple(components),
    )


def components_of(connection: Connection, order_ids: Collection[str]) -> dict[str, list[Component]]:
    """Return the components of released orders, by order, with what is held of each."""
    wanted, held = sorted(set(order_ids)), {}
    query = (
        select(
            component_allocation.c.production_order_id,
            component_allocation.c.item_id,
            func.sum(_HELD).label("milli"),
        )
        .where(component_allocation.c.production_order_id.in_(wanted))
        .group_by(component_allocation.c.production_order_id, component_allocation.c.item_id)
    )
    for row in connection.execute(query):
        held[row.production_order_id, row.item_id] = Quantity(int(row.milli))
    found: dict[str, list[Component]] = {}
    part = production_component
    lines = select(part).where(part.c.production_order_id.in_(wanted)).order_by(part.c.position)
    for row in connection.execute(lines):
        component = Component(
            item_id=row.component_id,
            required=row.required_milli,
            used=row.used_milli,
            consumed=row.consumed_milli,
            held=held.get((row.production_order_id, row.component_id), Quantity.zero()),
        )
        found.setdefault(row.production_order_id, []).append(component)
    return found


def standing(connection: Connection, item_ids: Collection[str], origin: Origin) -> dict[str, ProductionOrder]:
    """Return the unreleased orders of an origin for locked items, by item, and keep them to this transaction.

    Of shortages there is one per item, because all are for the default warehouse; if that changed, the first counts.
    """
    query = _requests(item_ids).where(production_order.c.origin == origin)
    found: dict[str, ProductionOrder] = {}
    for row in connection.execute(_locked(query.order_by(production_order.c.id))):
        found.setdefault(row.item_id, of_row(row))
    return found


def requests(connection: Connection, item_id: str, warehouse_id: str) -> list[ProductionOrder]:
    """Return all unreleased orders for a locked item and a warehouse, and keep them to this transaction."""
    query = _requests([item_id]).where(production_order.c.warehouse_id == warehouse_id)
    return [of_row(row) for row in connection.execute(_locked(query.order_by(production_order.c.id)))]


def outstanding(connection: Connection, item_ids: Collection[str]) -> dict[str, int]:
    """Return the milli of each item that released orders have still to bring."""
    query = (
        select(production_order.c.item_id, func.sum(_QUANTITY - _FINISHED).label("milli"))
        .where(
            production_order.c.item_id.in_(sorted(set(item_ids))),
            production_order.c.state.in_(RELEASED),
            _QUANTITY > _FINISHED,
        )
        .group_by(production_order.c.item_id)
    )
    return {row.item_id: int(row.milli) for row in connection.execute(query)}


def in_production(connection: Connection, item_id: str) -> list[InProduction]:
    """Return what released orders have still to bring of an item, the next first."""
    query = (
        select(production_order)
        .where(
            production_order.c.item_id == item_id,
            production_order.c.state.in_(RELEASED),
            _QUANTITY > _FINISHED,
        )
        .order_by(production_order.c.due_on, production_order.c.number)
    )
    return [
        InProduction(
            row.due_on, row.id, row.number, row.warehouse_id, row.quantity_milli - row.finished_milli
        )
        for row in connection.execute(query)
    ]


def add(tx: Transaction, new: ProductionOrder) -> None:
    """Store a new production order, which has no components before its release."""
    values = {name: getattr(new, name) for name in _NAMES}
    stamps = {"created_at": tx.now, "updated_at": tx.now}
    tx.connection.execute(insert(production_order).values(**values, **_quantities(new), **stamps))


def add_components(tx: Transaction, released: ProductionOrder) -> None:
    """Store what a released order needs."""
    tx.connection.execute(
        insert(production_component),
        [
            {
                "production_order_id": released.id,
                "component_id": each.item_id,
                "position": place,
                "required_milli": each.required,
                "used_milli": each.used,
                "consumed_milli": each.consumed,
            }
            for place, each in enumerate(released.components)
        ],
    )


def save(tx: Transaction, changed: ProductionOrder) -> ProductionOrder:
    """Store the head of a changed order as its next version; ``VersionMismatch`` when somebody was faster."""
    values = {name: getattr(changed, name) for name in _CHANGING}
    statement = (
        update(production_order)
        .where(production_order.c.id == changed.id, production_order.c.version == changed.version)
        .values(**values, **_quantities(changed), version=changed.version + 1, updated_at=tx.now)
    )
    if tx.connection.execute(statement).rowcount != 1:
        raise VersionMismatch(f"production order {changed.number} was changed meanwhile")
    return replace(changed, version=changed.version + 1)


def save_components(tx: Transaction, before: ProductionOrder, after: ProductionOrder) -> None:
    """Store what a locked order needs and used up, where that changed; what it holds is stored where it is held."""
    part = production_component
    for old, new in zip(before.components, after.components, strict=True):
        if (old.required, old.used, old.consumed) == (new.required, new.used, new.consumed):
            continue
        statement = update(part).where(
            part.c.production_order_id == after.id, part.c.component_id == new.item_id
        )
        values = {"required_milli": new.required, "used_milli": new.used, "consumed_milli": new.consumed}
        tx.connection.execute(statement.values(**values))


def add_report(
    tx: Transaction,
    order: ProductionOrder,
    *,
    report_id: str,
    finished: Quantity,
    scrapped: Quantity,
    lot: str,
    reason: str | None,
    reported_on: date,
    lines: Sequence[ConsumptionLine],
) -> None:
    """Store what was made with one report, and what of each component that used up."""
    tx.connection.execute(
        insert(production_report).values(
            id=report_id,
            production_order_id=order.id,
            finished_milli=finished,
            scrapped_milli=scrapped,
            lot=lot,
            reason=reason,
            reported_on=reported_on,
            actor=tx.cause.actor,
            recorded_at=tx.now,
        )
    )
    if not lines:
        return
    tx.connection.execute(
        insert(production_consumption),
        [
            {
                "report_id": report_id,
                "component_id": each.item_id,
                "planned_milli": each.planned,
                "quantity_milli": each.quantity,
            }
            for each in lines
        ],
    )


def _quantities(order: ProductionOrder) -> dict[str, Quantity]:
    return {
        "need_milli": order.need,
        "quantity_milli": order.quantity,
        "most_milli": order.most,
        "finished_milli": order.finished,
        "scrapped_milli": order.scrapped,
    }


def _requests(item_ids: Collection[str]) -> Select[Any]:
    return select(production_order).where(
        production_order.c.item_id.in_(sorted(set(item_ids))), production_order.c.state == "request"
    )


def _locked(query: Select[Any]) -> Select[Any]:
    return query.with_for_update(key_share=True)
