"""Bringing suppliers, items, warehouses and opening stock in over HTTP."""

from __future__ import annotations

from libs.common.importing_api import ImportMount, imports_noun, plainly
from services.inventory.api.company_day import company_day
from services.inventory.imports.items import ITEMS, items
from services.inventory.imports.stock import STOCK, stock
from services.inventory.imports.suppliers import SUPPLIERS, suppliers
from services.inventory.imports.warehouses import WAREHOUSES, warehouses

imports = tuple(
    imports_noun(mount)
    for mount in (
        ImportMount("supplier", SUPPLIERS, plainly(suppliers)),
        ImportMount("item", ITEMS, plainly(items)),
        ImportMount("warehouse", WAREHOUSES, plainly(warehouses)),
        ImportMount("stock", STOCK, lambda tx, _owners: stock(company_day(tx.now))),
    )
)
