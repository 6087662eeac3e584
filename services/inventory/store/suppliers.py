"""Suppliers: store, and who usually supplies an item."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from libs.common.db import upsert_into
from services.inventory.domain.suppliers import Supplier
from services.inventory.store.tables import item_supplier, supplier

_COLUMNS = tuple(column for column in supplier.c if column.name != "created_at")


def add(connection: Connection, new: Supplier, now: datetime) -> bool:
    """Store a new supplier; false when the number is taken."""
    statement = upsert_into(connection, supplier).values(**vars(new), created_at=now)
    return connection.execute(statement.on_conflict_do_nothing().returning(supplier.c.id)).first() is not None


def find_by_number(connection: Connection, number: str) -> str | None:
    """Return the id of the supplier of that number."""
    return connection.execute(select(supplier.c.id).where(supplier.c.number == number)).scalar_one_or_none()


def find(connection: Connection, supplier_id: str) -> Supplier | None:
    """Return the supplier, or nothing."""
    row = connection.execute(select(*_COLUMNS).where(supplier.c.id == supplier_id)).one_or_none()
    return Supplier(**row._asdict()) if row else None


def supply(connection: Connection, item_id: str, supplier_id: str) -> None:
    """Say from whom an item usually comes."""
    statement = upsert_into(connection, item_supplier).values(item_id=item_id, supplier_id=supplier_id)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["item_id"], set_={"supplier_id": supplier_id})
    )
