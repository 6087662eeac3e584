"""Register a supplier, and say what it supplies."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.db import Transaction
from services.inventory.domain.errors import SupplierNumberTaken, UnknownSupplier
from services.inventory.domain.suppliers import Supplier
from services.inventory.store import suppliers


@dataclass(frozen=True)
class RegisterSupplier:
    """A new supplier under the number that it has with us."""

    number: str
    name: str
    contact_name: str | None = None
    country: str | None = None
    city: str | None = None
    address: str | None = None
    phone: str | None = None


def register_supplier(tx: Transaction, command: RegisterSupplier) -> Supplier:
    """Store a new supplier; refuse a number that is taken."""
    supplier = Supplier(id=tx.new_id(), **vars(command))
    if not suppliers.add(tx.connection, supplier, tx.now):
        raise SupplierNumberTaken(
            f"there is a supplier {supplier.number} already", field="number", cure="choose another number"
        )
    return supplier


def supply_item(tx: Transaction, item_id: str, supplier_number: str) -> None:
    """Say from whom an item usually comes."""
    supplier_id = suppliers.find_by_number(tx.connection, supplier_number)
    if supplier_id is None:
        raise UnknownSupplier(
            f"there is no supplier {supplier_number}", field="supplier", cure="register the supplier first"
        )
    suppliers.supply(tx.connection, item_id, supplier_id)
