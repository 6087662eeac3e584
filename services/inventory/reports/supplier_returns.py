"""Looking at returns to suppliers, and at what of the receipts of a purchase order may still go back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common.money import Money
from libs.common.quantity import Quantity
from services.inventory.domain.supplier_returns import SupplierReturnNotFound
from services.inventory.store import supplier_return_serials, supplier_returns
from services.inventory.store.serial_tables import serial, serial_event
from services.inventory.store.supplier_return_tables import supplier_return
from services.inventory.store.tables import item, stock_document, supplier, warehouse


@dataclass(frozen=True)
class SupplierReturnLineShown:
    """A line of a return to a supplier."""

    line_no: int
    receipt_id: str
    position: int
    purchase_order_line_id: str
    item_id: str
    sku: str
    uom: str
    lot: str | None
    quantity: Quantity
    goods_return_id: str | None
    goods_return_line: int | None
    value: Money | None
    serials: tuple[str, ...]


@dataclass(frozen=True)
class SupplierReturnShown:
    """A return to a supplier with its lines."""

    id: str
    number: str
    supplier_id: str
    supplier_number: str
    supplier_name: str
    purchase_order_id: str
    purchase_order_number: str
    warehouse_id: str
    warehouse_code: str
    state: str
    reason: str
    answer: str | None
    requested_by: str | None
    shipped_on: date | None
    credit_note: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    lines: tuple[SupplierReturnLineShown, ...]


@dataclass(frozen=True)
class Returnable:
    """A part of a receipt, and how much of it may still go back; ``serials`` of what lies in the house."""

    receipt_id: str
    receipt_number: str
    position: int
    received_on: date
    purchase_order_line_id: str
    item_id: str
    sku: str
    lot: str | None
    received: Quantity
    left: Quantity
    serials: tuple[str, ...]


_HEADS: Select[Any] = (
    select(
        supplier_return,
        supplier.c.number.label("supplier_number"),
        supplier.c.name.label("supplier_name"),
        warehouse.c.code.label("warehouse_code"),
    )
    .join(supplier, supplier.c.id == supplier_return.c.supplier_id)
    .join(warehouse, warehouse.c.id == supplier_return.c.warehouse_id)
)
_SHOWN = tuple(name for name in SupplierReturnShown.__annotations__ if name != "lines")


def one_supplier_return(connection: Connection, return_id: str) -> SupplierReturnShown:
    """Return a return to a supplier; refuse one that there is not."""
    rows = connection.execute(_HEADS.where(supplier_return.c.id == return_id)).all()
    if not rows:
        raise SupplierReturnNotFound("there is no such return to a supplier", field="return_id")
    return _shown(connection, rows)[0]


def list_supplier_returns(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[SupplierReturnShown]:
    """Return up to ``limit`` returns, oldest first; ``filters``: supplier_id, purchase_order_id, state, number."""
    query = _HEADS.order_by(supplier_return.c.id).limit(limit)
    for name in ("supplier_id", "purchase_order_id", "state", "number"):
        if filters.get(name) is not None:
            query = query.where(supplier_return.c[name] == filters[name])
    if after is not None:
        query = query.where(supplier_return.c.id > after)
    return _shown(connection, connection.execute(query).all())


def _shown(connection: Connection, heads: Any) -> list[SupplierReturnShown]:
    rows = supplier_returns.lines_of(connection, [head.id for head in heads])
    known = _items(connection, {row.item_id for row in rows})
    units = supplier_return_serials.of_returns(connection, [head.id for head in heads])
    lines: dict[str, list[SupplierReturnLineShown]] = defaultdict(list)
    for row in rows:
        named = units.get((row.return_id, row.line_no), ())
        lines[row.return_id].append(_line(row, known[row.item_id], named))
    return [
        SupplierReturnShown(**{name: getattr(head, name) for name in _SHOWN}, lines=tuple(lines[head.id]))
        for head in heads
    ]


def _items(connection: Connection, ids: set[str]) -> dict[str, Any]:
    query = select(item.c.id, item.c.sku, item.c.uom).where(item.c.id.in_(sorted(ids)))
    return {row.id: row for row in connection.execute(query)}


def _line(row: Row[Any], of_item: Any, named: tuple[str, ...]) -> SupplierReturnLineShown:
    return SupplierReturnLineShown(
        line_no=row.line_no,
        receipt_id=row.receipt_id,
        position=row.position,
        purchase_order_line_id=row.purchase_order_line_id,
        item_id=row.item_id,
        sku=of_item.sku,
        uom=of_item.uom,
        lot=row.lot or None,
        quantity=row.quantity_milli,
        goods_return_id=row.goods_return_id,
        goods_return_line=row.goods_return_line,
        value=None if row.value_minor is None else Money(row.value_minor, row.value_currency),
        serials=named,
    )


def returnable(connection: Connection, purchase_order_id: str) -> list[Returnable]:
    """Return the parts of the receipts of a purchase order with what may still go back, in their order."""
    parts = supplier_returns.parts_of_order(connection, purchase_order_id)
    known = _items(connection, {part.item_id for part in parts.values()})
    query = select(stock_document.c.id, stock_document.c.number, stock_document.c.booked_on)
    ids = sorted({part.receipt_id for part in parts.values()})
    receipts = {row.id: row for row in connection.execute(query.where(stock_document.c.id.in_(ids)))}
    units = _units_of_receipts(connection, ids)
    return [
        Returnable(
            receipt_id=part.receipt_id,
            receipt_number=receipts[part.receipt_id].number,
            position=part.position,
            received_on=receipts[part.receipt_id].booked_on,
            purchase_order_line_id=part.purchase_order_line_id,
            item_id=part.item_id,
            sku=known[part.item_id].sku,
            lot=part.lot or None,
            received=part.received,
            left=supplier_returns.left(connection, part),
            serials=units.get((part.receipt_id, part.item_id), ()),
        )
        for _, part in sorted(parts.items())
    ]


def _units_of_receipts(
    connection: Connection, receipt_ids: list[str]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the units that came in with receipts and lie on a shelf or in quarantine, by receipt and item."""
    came = serial_event.c
    query = (
        select(came.document_id, came.item_id, came.serial)
        .join(serial, (serial.c.item_id == came.item_id) & (serial.c.serial == came.serial))
        .where(
            came.document_id.in_(receipt_ids),
            came.kind == "received",
            serial.c.state.in_(("in_stock", "quarantine")),
        )
        .distinct()
    )
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for document_id, item_id, name in sorted(map(tuple, connection.execute(query))):
        found[document_id, item_id] = (*found.get((document_id, item_id), ()), name)
    return found
