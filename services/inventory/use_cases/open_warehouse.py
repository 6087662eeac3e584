"""Open a warehouse."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from services.inventory.domain.errors import WarehouseCodeTaken
from services.inventory.domain.items import Warehouse
from services.inventory.store import warehouses


@dataclass(frozen=True)
class OpenWarehouse:
    """A new warehouse; the first one is the default whatever is said."""

    code: str
    name: str
    is_default: bool = False


def open_warehouse(tx: Transaction, command: OpenWarehouse) -> Warehouse:
    """Store a new warehouse; when it becomes the default one, the former default is one no longer."""
    connection = tx.connection
    if warehouses.code_taken(connection, command.code):
        raise _taken(command.code)
    is_default = command.is_default or not warehouses.has_default(connection)
    if is_default:
        warehouses.unset_default(connection)
    warehouse = Warehouse(tx.new_id(), command.code, command.name, is_default)
    if not warehouses.add(connection, warehouse, tx.now):
        raise _taken(command.code)
    return warehouse


def _taken(code: str) -> WarehouseCodeTaken:
    return WarehouseCodeTaken(
        f"warehouse {code} exists already, or another default one was opened meanwhile",
        field="code",
        cure="list the warehouses, then choose another code or repeat",
    )
