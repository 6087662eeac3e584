"""Purchase requisitions, with the names of what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common.db import matches
from libs.common.quantity import Quantity
from services.inventory.domain.requisition import RequisitionNotFound
from services.inventory.store import requisitions
from services.inventory.store.purchase_tables import purchase_order, requisition
from services.inventory.store.tables import item, supplier, warehouse


@dataclass(frozen=True)
class RequisitionView:
    """A requisition as it is shown."""

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
    supplier_id: str | None
    supplier_number: str | None
    purchase_order_id: str | None
    purchase_order_number: str | None
    requested_by: str | None
    approved_by: str | None
    note: str | None
    reason: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    order_id: str | None
    order_line_id: str | None
    approval_id: str | None


_QUERY: Select[Any] = (
    select(
        requisition,
        item.c.sku,
        item.c.name.label("item_name"),
        warehouse.c.code.label("warehouse_code"),
        supplier.c.number.label("supplier_number"),
        purchase_order.c.number.label("purchase_order_number"),
    )
    .join(item, item.c.id == requisition.c.item_id)
    .join(warehouse, warehouse.c.id == requisition.c.warehouse_id)
    .outerjoin(supplier, supplier.c.id == requisition.c.supplier_id)
    .outerjoin(purchase_order, purchase_order.c.id == requisition.c.purchase_order_id)
)


def one_requisition(connection: Connection, requisition_id: str) -> RequisitionView:
    """Return the requisition; refuse an id that none has."""
    row = connection.execute(_QUERY.where(requisition.c.id == requisition_id)).one_or_none()
    if row is None:
        raise RequisitionNotFound("there is no such requisition", field="requisition_id")
    return _view(row)


def list_requisitions(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[RequisitionView]:
    """Return requisitions, oldest first; ``filters``: state, origin, item_id, warehouse_id, supplier_id, order_id."""
    query = _QUERY.order_by(requisition.c.id).limit(limit)
    for name in ("state", "origin", "item_id", "warehouse_id", "supplier_id", "number", "order_id"):
        if filters.get(name) is not None:
            query = query.where(matches(requisition.c[name], filters[name]))
    if after is not None:
        query = query.where(requisition.c.id > after)
    return [_view(row) for row in connection.execute(query)]


def _view(row: Row[Any]) -> RequisitionView:
    return RequisitionView(
        **vars(requisitions.of_row(row)),
        sku=row.sku,
        item_name=row.item_name,
        warehouse_code=row.warehouse_code,
        supplier_number=row.supplier_number,
        purchase_order_number=row.purchase_order_number,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
