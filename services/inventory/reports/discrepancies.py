"""Goods that the books had and the shelf had not, as people read of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from libs.common.quantity import Quantity
from services.inventory.store.fulfilment_tables import stock_discrepancy
from services.inventory.store.tables import delivery, item, stock_document, warehouse

_OWN = (
    "id", "number", "item_id", "warehouse_id", "reason", "note", "delivery_id", "order_line_id", "state", "answer",
    "noted_by", "settled_by", "version", "created_at", "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class DiscrepancyShown:
    """A discrepancy with names; ``document_number`` is the correction by which the goods left the books."""

    id: str
    number: str
    state: str
    item_id: str
    sku: str
    item_name: str
    uom: str
    warehouse_id: str
    warehouse_code: str
    lot: str | None
    missing: Quantity
    found: Quantity
    reason: str
    note: str | None
    answer: str | None
    delivery_id: str
    delivery_number: str
    order_line_id: str
    order_number: str
    document_number: str
    noted_by: str | None
    settled_by: str | None
    created_at: datetime
    updated_at: datetime
    version: int


def list_discrepancies(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[DiscrepancyShown]:
    """Return up to ``limit`` discrepancies, oldest first.

    ``filters``: id, state, item_id, warehouse_id, delivery_id.
    """
    statement = (
        select(
            *(stock_discrepancy.c[name] for name in _OWN),
            stock_discrepancy.c.lot.label("lot_text"),
            stock_discrepancy.c.missing_milli.label("missing"),
            stock_discrepancy.c.found_milli.label("found"),
            item.c.sku,
            item.c.name.label("item_name"),
            item.c.uom,
            warehouse.c.code.label("warehouse_code"),
            delivery.c.number.label("delivery_number"),
            delivery.c.order_number,
            stock_document.c.number.label("document_number"),
        )
        .join(item, item.c.id == stock_discrepancy.c.item_id)
        .join(warehouse, warehouse.c.id == stock_discrepancy.c.warehouse_id)
        .join(delivery, delivery.c.id == stock_discrepancy.c.delivery_id)
        .join(stock_document, stock_document.c.id == stock_discrepancy.c.document_id)
        .order_by(stock_discrepancy.c.id)
        .limit(limit)
    )
    for name in ("id", "state", "item_id", "warehouse_id", "delivery_id"):
        if filters.get(name) is not None:
            statement = statement.where(stock_discrepancy.c[name] == filters[name])
    if after is not None:
        statement = statement.where(stock_discrepancy.c.id > after)
    return [_shown(row._asdict()) for row in connection.execute(statement)]


def _shown(row: dict[str, Any]) -> DiscrepancyShown:
    return DiscrepancyShown(lot=row.pop("lot_text") or None, **row)


def find_discrepancy(connection: Connection, discrepancy_id: str) -> DiscrepancyShown | None:
    """Return a discrepancy, or nothing."""
    found = list_discrepancies(connection, {"id": discrepancy_id}, after=None, limit=1)
    return found[0] if found else None
