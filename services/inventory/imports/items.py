"""Items."""

from __future__ import annotations

from libs.common.importing import Batch, Format, may, must, values
from services.inventory.reports.natural_keys import items_by_sku
from services.inventory.use_cases.register_item import RegisterItem, register_item
from services.inventory.use_cases.register_supplier import supply_item

ITEMS = Format("items", "inventory", ("sku",), (
    must("sku", values.words(64), "Your code of the item", "VALVE-A"),
    must("name", values.words(200), "Name", "Valve A"),
    may("category", values.words(120), "Category", "Valves"),
    must("uom", values.words(16), "Unit of measure", "piece"),
    must("decimals", values.whole(3), "Decimals that a quantity may have", "0"),
    must("lot_tracked", values.yes_no, "Kept by lot: yes or no", "no"),
    may("supplier", values.words(32), "Number of the supplier", "S-100"),
    may("serial_tracked", values.yes_no, "Each unit kept by its serial number: yes or no"),
))  # fmt: skip
_ITEM = ("sku", "name", "uom", "decimals", "category", "lot_tracked")


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
