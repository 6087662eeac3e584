"""Purchase orders with their lines and receipts, and the names of what they are about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common.db import matches
from libs.common.money import Money, Price
from libs.common.quantity import Quantity
from services.inventory.domain.purchase import PurchaseLine, PurchaseOrderNotFound
from services.inventory.store import items, purchase_orders
from services.inventory.store.purchase_tables import (
    purchase_order,
    purchase_order_line,
    purchase_receipt_line,
)
from services.inventory.store.tables import stock_document, supplier, warehouse


@dataclass(frozen=True)
class PurchaseLineView:
    """A line of a purchase order as it is shown; ``most_received`` is the most that is taken in."""

    id: str
    item_id: str
    sku: str
    requisition_id: str
    quantity: Quantity
    most_received: Quantity
    received: Quantity
    outstanding: Quantity
    unit_price: Price
    amount: Money
    expected_on: date


@dataclass(frozen=True)
class PurchaseReceiptView:
    """A receipt of a purchase order: the document whose moves are in the stock ledger."""

    id: str
    number: str
    received_on: date
    reference: str | None


@dataclass(frozen=True)
class PurchaseOrderView:
    """A purchase order as it is shown."""

    id: str
    number: str
    state: str
    supplier_id: str
    supplier_number: str
    supplier_name: str
    warehouse_id: str
    warehouse_code: str
    total: Money
    drafted_by: str | None
    sent_by: str | None
    ordered_on: date | None
    expected_on: date
    reference: str | None
    reason: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    lines: tuple[PurchaseLineView, ...]
    receipts: tuple[PurchaseReceiptView, ...]
    approval_id: str | None


_QUERY: Select[Any] = (
    select(
        purchase_order,
        supplier.c.number.label("supplier_number"),
        supplier.c.name.label("supplier_name"),
        warehouse.c.code.label("warehouse_code"),
    )
    .join(supplier, supplier.c.id == purchase_order.c.supplier_id)
    .join(warehouse, warehouse.c.id == purchase_order.c.warehouse_id)
)


def one_purchase_order(connection: Connection, purchase_order_id: str) -> PurchaseOrderView:
    """Return the purchase order; refuse an id that none has."""
    row = connection.execute(_QUERY.where(purchase_order.c.id == purchase_order_id)).one_or_none()
    if row is None:
        raise PurchaseOrderNotFound("there is no such purchase order", field="purchase_order_id")
    return _views(connection, [row])[0]


def list_purchase_orders(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[PurchaseOrderView]:
    """Return purchase orders, oldest first; ``filters``: state, supplier_id, warehouse_id, number."""
    query = _QUERY.order_by(purchase_order.c.id).limit(limit)
    for name in ("state", "supplier_id", "warehouse_id", "number"):
        if filters.get(name) is not None:
            query = query.where(matches(purchase_order.c[name], filters[name]))
    if after is not None:
        query = query.where(purchase_order.c.id > after)
    return _views(connection, connection.execute(query).all())


def _views(connection: Connection, rows: Sequence[Row[Any]]) -> list[PurchaseOrderView]:
    lines = purchase_orders.lines_of(connection, {row.id: row.currency for row in rows})
    receipts = _receipts(connection, [row.id for row in rows])
    known = items.known(connection, (line.item_id for each in lines.values() for line in each))
    shown = {
        order_id: tuple(_line(line, known[line.item_id].sku) for line in each)
        for order_id, each in lines.items()
    }
    return [_view(row, shown[row.id], tuple(receipts.get(row.id, ()))) for row in rows]


def _line(line: PurchaseLine, sku: str) -> PurchaseLineView:
    return PurchaseLineView(
        id=line.id,
        item_id=line.item_id,
        sku=sku,
        requisition_id=line.requisition_id,
        quantity=line.quantity,
        most_received=line.most,
        received=line.received,
        outstanding=line.outstanding,
        unit_price=line.unit_price,
        amount=line.amount,
        expected_on=line.expected_on,
    )


def _receipts(connection: Connection, order_ids: Collection[str]) -> dict[str, list[PurchaseReceiptView]]:
    query = (
        select(
            purchase_order_line.c.purchase_order_id,
            stock_document.c.id,
            stock_document.c.number,
            stock_document.c.booked_on,
            stock_document.c.reference,
        )
        .join(
            purchase_receipt_line, purchase_receipt_line.c.purchase_order_line_id == purchase_order_line.c.id
        )
        .join(stock_document, stock_document.c.id == purchase_receipt_line.c.document_id)
        .where(purchase_order_line.c.purchase_order_id.in_(sorted(order_ids)))
        .distinct()
        .order_by(stock_document.c.id)
    )
    found: dict[str, list[PurchaseReceiptView]] = {}
    for row in connection.execute(query):
        shown = PurchaseReceiptView(row.id, row.number, row.booked_on, row.reference)
        found.setdefault(row.purchase_order_id, []).append(shown)
    return found


def _view(
    row: Row[Any], lines: tuple[PurchaseLineView, ...], receipts: tuple[PurchaseReceiptView, ...]
) -> PurchaseOrderView:
    return PurchaseOrderView(
        id=row.id,
        number=row.number,
        state=row.state,
        supplier_id=row.supplier_id,
        supplier_number=row.supplier_number,
        supplier_name=row.supplier_name,
        warehouse_id=row.warehouse_id,
        warehouse_code=row.warehouse_code,
        total=Money(row.total_minor, row.currency),
        drafted_by=row.drafted_by,
        sent_by=row.sent_by,
        ordered_on=row.ordered_on,
        expected_on=max(line.expected_on for line in lines),
        reference=row.reference,
        reason=row.reason,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
        lines=lines,
        receipts=receipts,
        approval_id=row.approval_id,
    )
