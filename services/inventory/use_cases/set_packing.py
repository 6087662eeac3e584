"""Say whether a warehouse ships only what is packed."""

from __future__ import annotations

from dataclasses import replace

from libs.common.db import Transaction
from libs.common.errors import NotFound, VersionMismatch
from services.inventory.domain.items import Warehouse
from services.inventory.store import warehouses
from services.inventory.use_cases.book_stock import require_open_place


def set_packing(
    tx: Transaction, warehouse_id: str, *, required: bool, expected_version: int | None
) -> Warehouse:
    """Let a warehouse pack, or not; notes that have not left follow the new rule."""
    if warehouses.find(tx.connection, warehouse_id) is None:
        raise NotFound("there is no such warehouse", field="warehouse_id", cure="list the warehouses")
    found = require_open_place(tx, warehouse_id)
    if expected_version not in (None, found.version):
        raise VersionMismatch(f"warehouse {found.code} is at version {found.version}")
    changed = replace(found, packing_required=required)
    if not warehouses.save_packing(tx.connection, changed):
        raise VersionMismatch(f"warehouse {found.code} was changed meanwhile")
    return replace(changed, version=found.version + 1)
