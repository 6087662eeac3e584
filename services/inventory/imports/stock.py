"""Opening stock."""

from __future__ import annotations

from datetime import date

from libs.common.importing import Batch, Format, Loader, Row, group_by, may, must, values
from services.inventory.reports.natural_keys import items_by_sku, opened_stock, warehouses_by_code
from services.inventory.use_cases.book_stock import BookStock, StockLine, book_stock

STOCK = Format("stock", "inventory", ("warehouse", "sku", "lot"), (
    must("warehouse", values.words(32), "Code of the warehouse", "MAIN"),
    must("sku", values.words(64), "Item", "VALVE-A"),
    may("lot", values.words(64), "Lot, for items kept by lot"),
    must("quantity", values.quantity, "On hand", "120"),
    may("unit_cost", values.unit_cost, "What a unit cost, with its currency", "9.50 USD"),
    may("serials", values.words(20_000), "Serials of the units, with spaces between; ranges as SN01..SN50"),
))  # fmt: skip
_COLUMNS = {
    "lines.0.quantity": "quantity",
    "lines.0.lot": "lot",
    "lines.0.item_id": "sku",
    "lines.0.unit_cost": "unit_cost",
    "lines.0.serials": "serials",
}


def stock(today: date) -> Loader:
    """Return a loader that books each row as opening stock of ``today``, the company's day."""

    def load(batch: Batch) -> None:
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
                    with batch.taking(row, _COLUMNS):
                        book_stock(batch.tx, _command(row, warehouse_id, item_id, today))

    return load


def _command(row: Row, warehouse_id: str, item_id: str, today: date) -> BookStock:
    line = StockLine(
        item_id,
        row["quantity"],
        row["lot"],
        unit_cost=row["unit_cost"],
        serials=tuple((row["serials"] or "").split()),
    )
    return BookStock("opening", warehouse_id, (line,), today, reference="import")
