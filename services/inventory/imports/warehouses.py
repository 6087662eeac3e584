"""Warehouses."""

from __future__ import annotations

from libs.common.importing import Batch, Format, must, values
from services.inventory.reports.natural_keys import warehouses_by_code
from services.inventory.use_cases.open_warehouse import OpenWarehouse, open_warehouse

WAREHOUSES = Format("warehouses", "inventory", ("code",), (
    must("code", values.words(32), "Code", "MAIN"),
    must("name", values.words(200), "Name", "Main warehouse"),
    must("default", values.yes_no, "Used where none is named: yes for one", "yes"),
))  # fmt: skip


def warehouses(batch: Batch) -> None:
    """Open each warehouse."""
    known = warehouses_by_code(batch.tx.connection, batch.cells("code"))
    for row in batch.fresh(known, lambda row: row["code"], "code"):
        with batch.taking(row, {"is_default": "default"}):
            open_warehouse(batch.tx, OpenWarehouse(row["code"], row["name"], row["default"]))
