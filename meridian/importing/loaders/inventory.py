"""Suppliers, items, warehouses, opening stock, and shipments of the past."""

from __future__ import annotations

from meridian.importing.batch import Batch, Document, group_by
from meridian.importing.reading import Row
from services.inventory.domain.history import PastDelivery, PastLine
from services.inventory.reports.natural_keys import (
    delivery_numbers,
    items_by_sku,
    opened_stock,
    orders_by_number,
    recorded_lines,
    suppliers_by_number,
    warehouses_by_code,
)
from services.inventory.settings import read_settings
from services.inventory.use_cases.book_stock import BookStock, StockLine, book_stock
from services.inventory.use_cases.bring_in_deliveries import bring_in_deliveries
from services.inventory.use_cases.open_warehouse import OpenWarehouse, open_warehouse
from services.inventory.use_cases.register_item import RegisterItem, register_item
from services.inventory.use_cases.register_supplier import RegisterSupplier, register_supplier, supply_item

_NOTE = ("order", "shipped_on")
_COLUMNS = {"order_id": "order", "order_line_id": "line_no"}
_SUPPLIER = ("number", "name", "contact_name", "country", "city", "address", "phone")
_ITEM = ("sku", "name", "uom", "decimals", "category", "lot_tracked")


def suppliers(batch: Batch) -> None:
    """Register each supplier."""
    known = suppliers_by_number(batch.tx.connection, batch.cells("number"))
    for row in batch.fresh(known, lambda row: row["number"], "number"):
        with batch.taking(row):
            register_supplier(batch.tx, RegisterSupplier(**{name: row[name] for name in _SUPPLIER}))


def items(batch: Batch) -> None:
    """Register each item and say who supplies it."""
    known = items_by_sku(batch.tx.connection, batch.cells("sku"))
    for row in batch.fresh(known, lambda row: row["sku"], "sku"):
        with batch.taking(row, {"number": "supplier"}):
            about = {name: row[name] for name in _ITEM}
            command = RegisterItem(**about, serial_tracked=bool(row["serial_tracked"]))
            item = register_item(batch.tx, command)
            if row["supplier"]:
                supply_item(batch.tx, item.id, row["supplier"])


def warehouses(batch: Batch) -> None:
    """Open each warehouse."""
    known = warehouses_by_code(batch.tx.connection, batch.cells("code"))
    for row in batch.fresh(known, lambda row: row["code"], "code"):
        with batch.taking(row):
            open_warehouse(batch.tx, OpenWarehouse(row["code"], row["name"], row["default"]))


def stock(batch: Batch) -> None:
    """Book each row as opening stock, a document per warehouse."""
    places = warehouses_by_code(batch.tx.connection, batch.cells("warehouse"))
    known = items_by_sku(batch.tx.connection, batch.cells("sku"))
    opened = opened_stock(batch.tx.connection, batch.cells("sku"))
    fresh = list(batch.fresh(opened, lambda row: (row["warehouse"], row["sku"], row["lot"] or ""), "sku"))
    for rows in group_by(fresh, "warehouse").values():
        warehouse_id = batch.look_up(rows[0], "warehouse", places, "warehouse")
        lines = {row.line: batch.look_up(row, "sku", known, "item") for row in rows}
        for row in rows:
            item_id = lines[row.line]
            if warehouse_id is not None and item_id is not None:
                with batch.taking(
                    row,
                    {
                        "lines.0.quantity": "quantity",
                        "lines.0.lot": "lot",
                        "lines.0.item_id": "sku",
                        "lines.0.unit_cost": "unit_cost",
                        "lines.0.serials": "serials",
                    },
                ):
                    line = StockLine(
                        item_id,
                        row["quantity"],
                        row["lot"],
                        unit_cost=row["unit_cost"],
                        serials=tuple((row["serials"] or "").split()),
                    )
                    today = batch.tx.now.astimezone(read_settings().company_zone).date()
                    book_stock(
                        batch.tx, BookStock("opening", warehouse_id, (line,), today, reference="import")
                    )


def shipments(batch: Batch) -> None:
    """Write each delivery note down out of its rows, which must agree on the order and the day."""
    connection = batch.tx.connection
    numbers = batch.cells("order")
    orders, lines = orders_by_number(connection, numbers), recorded_lines(connection, numbers)
    fresh = batch.fresh(
        delivery_numbers(connection, batch.cells("number")), lambda row: row["number"], "number"
    )
    past: list[PastDelivery] = []
    documents: list[Document] = []
    for rows in group_by(fresh, "number").values():
        order_id = batch.look_up(rows[0], "order", orders, "order")
        if batch.agree(rows, _NOTE, "delivery note") and order_id is not None:
            parts = tuple(_part(batch, row, lines) for row in rows)
            past.append(PastDelivery(rows[0]["number"], order_id, rows[0]["shipped_on"], parts))
            documents.append(Document(batch, rows[0], rows))
    if documents:
        today = batch.tx.now.astimezone(read_settings().company_zone).date()
        with batch.taking_all(documents, _COLUMNS):
            bring_in_deliveries(batch.tx, past, today)


def _part(batch: Batch, row: Row, lines: dict[tuple[str, int], str]) -> PastLine:
    """Return what left of a line; of one that is not known the store will say so."""
    line_id = lines.get((row["order"], row["line_no"]), "")
    return PastLine(line_id, row["quantity"], row["lot"])
