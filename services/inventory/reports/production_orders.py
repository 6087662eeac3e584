"""Production orders as they are shown: what they need, hold and lack, and what was made of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common.quantity import Quantity
from services.inventory.domain.production_errors import ProductionOrderNotFound
from services.inventory.domain.production_order import Component, ProductionOrder
from services.inventory.store import production_orders
from services.inventory.store.production_tables import (
    production_consumption,
    production_order,
    production_report,
)
from services.inventory.store.tables import item, warehouse


@dataclass(frozen=True)
class ComponentShown:
    """What an order needs of a component: in all, held for the rest, still missing, and really used up so far."""

    item_id: str
    sku: str
    required: Quantity
    reserved: Quantity
    missing: Quantity
    planned: Quantity
    consumed: Quantity


@dataclass(frozen=True)
class ConsumptionShown:
    """What a report used up of a component, and what it would have by the bill of materials."""

    item_id: str
    sku: str
    planned: Quantity
    quantity: Quantity


@dataclass(frozen=True)
class ReportShown:
    """What was made with one report."""

    id: str
    finished: Quantity
    scrapped: Quantity
    lot: str | None
    reason: str | None
    reported_on: date
    actor: str | None
    consumed: tuple[ConsumptionShown, ...]


@dataclass(frozen=True)
class ProductionOrderView:
    """A production order as it is shown."""

    id: str
    number: str
    state: str
    origin: str
    item_id: str
    sku: str
    item_name: str
    warehouse_id: str
    warehouse_code: str
    need: Quantity
    quantity: Quantity
    most: Quantity
    finished: Quantity
    scrapped: Quantity
    outstanding: Quantity
    bom_version: int | None
    due_on: date | None
    released_on: date | None
    requested_by: str | None
    released_by: str | None
    note: str | None
    reason: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    components: tuple[ComponentShown, ...]
    reports: tuple[ReportShown, ...]


_QUERY: Select[Any] = (
    select(
        production_order, item.c.sku, item.c.name.label("item_name"), warehouse.c.code.label("warehouse_code")
    )
    .join(item, item.c.id == production_order.c.item_id)
    .join(warehouse, warehouse.c.id == production_order.c.warehouse_id)
)


def one_production_order(connection: Connection, production_order_id: str) -> ProductionOrderView:
    """Return the order; refuse an id that none has."""
    row = connection.execute(_QUERY.where(production_order.c.id == production_order_id)).one_or_none()
    if row is None:
        raise ProductionOrderNotFound("there is no such production order", field="production_order_id")
    return _views(connection, [row])[0]


def list_production_orders(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[ProductionOrderView]:
    """Return production orders, oldest first; ``filters``: state, origin, item_id, warehouse_id, number."""
    query = _QUERY.order_by(production_order.c.id).limit(limit)
    for name in ("state", "origin", "item_id", "warehouse_id", "number"):
        if filters.get(name) is not None:
            query = query.where(production_order.c[name] == filters[name])
    if after is not None:
        query = query.where(production_order.c.id > after)
    return _views(connection, connection.execute(query).all())


def _views(connection: Connection, rows: Sequence[Row[Any]]) -> list[ProductionOrderView]:
    order_ids = [row.id for row in rows]
    components = production_orders.components_of(connection, order_ids)
    reports, consumed = _reports(connection, order_ids), _consumed(connection, order_ids)
    named = {each.item_id for of in components.values() for each in of}
    skus = {
        row.id: row.sku
        for row in connection.execute(select(item.c.id, item.c.sku).where(item.c.id.in_(sorted(named))))
    }
    return [
        _view(
            row,
            production_orders.of_row(row, components.get(row.id, ())),
            tuple(_component(each, skus) for each in components.get(row.id, ())),
            tuple(_report(each, consumed.get(each.id, ()), skus) for each in reports.get(row.id, ())),
        )
        for row in rows
    ]


def _reports(connection: Connection, order_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    query = select(production_report).where(production_report.c.production_order_id.in_(order_ids))
    for row in connection.execute(query.order_by(production_report.c.id)):
        found.setdefault(row.production_order_id, []).append(row)
    return found


def _consumed(connection: Connection, order_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    query = (
        select(production_consumption)
        .join(production_report, production_report.c.id == production_consumption.c.report_id)
        .where(production_report.c.production_order_id.in_(order_ids))
        .order_by(production_consumption.c.component_id)
    )
    for row in connection.execute(query):
        found.setdefault(row.report_id, []).append(row)
    return found


def _view(
    row: Row[Any],
    order: ProductionOrder,
    components: tuple[ComponentShown, ...],
    reports: tuple[ReportShown, ...],
) -> ProductionOrderView:
    shown = vars(order) | {"components": components, "reports": reports}
    del shown["queue_no"]
    return ProductionOrderView(
        **shown,
        outstanding=order.outstanding if order.state not in ("done", "cancelled") else Quantity.zero(),
        sku=row.sku,
        item_name=row.item_name,
        warehouse_code=row.warehouse_code,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _component(part: Component, skus: dict[str, str]) -> ComponentShown:
    return ComponentShown(
        item_id=part.item_id,
        sku=skus[part.item_id],
        required=part.required,
        reserved=part.held,
        missing=Quantity(part.missing),
        planned=part.used,
        consumed=part.consumed,
    )


def _report(row: Row[Any], consumed: Sequence[Row[Any]], skus: dict[str, str]) -> ReportShown:
    return ReportShown(
        id=row.id,
        finished=row.finished_milli,
        scrapped=row.scrapped_milli,
        lot=row.lot or None,
        reason=row.reason,
        reported_on=row.reported_on,
        actor=row.actor,
        consumed=tuple(
            ConsumptionShown(
                each.component_id, skus[each.component_id], each.planned_milli, each.quantity_milli
            )
            for each in consumed
        ),
    )
