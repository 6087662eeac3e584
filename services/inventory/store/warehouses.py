"""Warehouses: load and save."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from libs.common.db import upsert_into
from services.inventory.domain.items import Warehouse
from services.inventory.store.tables import warehouse

_COLUMNS = (
    warehouse.c.id, warehouse.c.code, warehouse.c.name, warehouse.c.is_default, warehouse.c.version,
    warehouse.c.quarantine_of, warehouse.c.transit_to, warehouse.c.packing_required,
)  # fmt: skip


def find(connection: Connection, warehouse_id: str) -> Warehouse | None:
    """Return the warehouse, or nothing."""
    row = connection.execute(select(*_COLUMNS).where(warehouse.c.id == warehouse_id)).one_or_none()
    return Warehouse(**row._asdict()) if row else None


def quarantine_of(connection: Connection, warehouse_id: str) -> Warehouse | None:
    """Return the place where the warehouse keeps what is to be inspected, or nothing before the first return."""
    found = connection.execute(select(*_COLUMNS).where(warehouse.c.quarantine_of == warehouse_id))
    row = found.one_or_none()
    return Warehouse(**row._asdict()) if row else None


def transit_to(connection: Connection, warehouse_id: str) -> Warehouse | None:
    """Return the place of what is under way to the warehouse, or nothing before the first transfer."""
    found = connection.execute(select(*_COLUMNS).where(warehouse.c.transit_to == warehouse_id))
    row = found.one_or_none()
    return Warehouse(**row._asdict()) if row else None


def code_taken(connection: Connection, code: str) -> bool:
    """Tell whether a warehouse has this code."""
    return connection.execute(select(warehouse.c.id).where(warehouse.c.code == code)).first() is not None


def has_default(connection: Connection) -> bool:
    """Tell whether a default warehouse exists."""
    return default_id(connection) is not None


def default_id(connection: Connection) -> str | None:
    """Return the id of the default warehouse, or nothing."""
    return connection.execute(select(warehouse.c.id).where(warehouse.c.is_default)).scalar_one_or_none()


def add(connection: Connection, new: Warehouse, now: datetime) -> bool:
    """Store a new warehouse; false when its code, or the place of the default one, was taken meanwhile."""
    statement = upsert_into(connection, warehouse).values(**vars(new), created_at=now)
    return (
        connection.execute(statement.on_conflict_do_nothing().returning(warehouse.c.id)).first() is not None
    )


def unset_default(connection: Connection) -> None:
    """Make no warehouse the default one, so that another can become it."""
    connection.execute(
        update(warehouse)
        .where(warehouse.c.is_default)
        .values(is_default=False, version=warehouse.c.version + 1)
    )


def save_packing(connection: Connection, changed: Warehouse) -> bool:
    """Store whether a warehouse packs, as its next version; false when somebody was faster."""
    statement = update(warehouse).where(warehouse.c.id == changed.id, warehouse.c.version == changed.version)
    done = connection.execute(
        statement.values(packing_required=changed.packing_required, version=changed.version + 1)
    )
    return done.rowcount == 1


def that_pack(connection: Connection, warehouse_ids: Collection[str]) -> set[str]:
    """Return those of ``warehouse_ids`` that ship only what is packed."""
    statement = select(warehouse.c.id).where(
        warehouse.c.id.in_(sorted(warehouse_ids)), warehouse.c.packing_required
    )
    return set(connection.execute(statement).scalars())
