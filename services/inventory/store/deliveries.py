"""Delivery notes with their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from libs.common.db import Transaction, chunks
from libs.common.errors import VersionMismatch
from services.inventory.domain.delivery import OPEN_STATES, Delivery
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.store.tables import delivery, delivery_line

_HEAD = (
    "id", "number", "order_id", "order_number", "customer_id", "warehouse_id", "correlation_id", "state",
    "promised_on", "shipped_on", "backorder_of", "reason", "version",
)  # fmt: skip
_COLUMNS = tuple(delivery.c[name] for name in _HEAD)


def find(connection: Connection, delivery_id: str, *, lock: bool = False) -> Delivery | None:
    """Return a delivery note, or nothing; ``lock`` keeps it to this transaction."""
    statement = select(*_COLUMNS).where(delivery.c.id == delivery_id)
    if lock:
        statement = statement.with_for_update(key_share=True)
    row = connection.execute(statement).one_or_none()
    return _delivery(connection, row) if row else None


def open_of_order(connection: Connection, order_id: str) -> list[Delivery]:
    """Return the notes of an order that have not left yet, locked, in the order in which they were made."""
    statement = (
        select(*_COLUMNS)
        .where(delivery.c.order_id == order_id, delivery.c.state.in_(OPEN_STATES))
        .order_by(delivery.c.id)
        .with_for_update(key_share=True)
    )
    return [_delivery(connection, row) for row in connection.execute(statement).all()]


def exists_for(connection: Connection, order_id: str) -> bool:
    """Tell whether the order has any delivery note."""
    return (
        connection.execute(select(delivery.c.id).where(delivery.c.order_id == order_id)).first() is not None
    )


def _delivery(connection: Connection, row: Row[Any]) -> Delivery:
    statement = (
        select(delivery_line).where(delivery_line.c.delivery_id == row.id).order_by(delivery_line.c.position)
    )
    lines = tuple(
        Allocation(
            line.order_line_id, StockKey(line.item_id, row.warehouse_id, line.lot), line.quantity_milli
        )
        for line in connection.execute(statement)
    )
    return Delivery(**row._asdict(), lines=lines)


def add(tx: Transaction, new: Delivery) -> None:
    """Store a new delivery note."""
    values = {name: getattr(new, name) for name in _HEAD}
    tx.connection.execute(insert(delivery).values(**values, created_at=tx.now, updated_at=tx.now))
    _add_lines(tx.connection, new)


def add_many(tx: Transaction, new: Sequence[Delivery]) -> None:
    """Store many new delivery notes, in chunks; a number that is taken breaks a constraint."""
    stamps = {"created_at": tx.now, "updated_at": tx.now}
    for some in chunks(new):
        heads = [{name: getattr(note, name) for name in _HEAD} | stamps for note in some]
        tx.connection.execute(insert(delivery), heads)
    for lines in chunks(values for note in new for values in _line_values(note)):
        tx.connection.execute(insert(delivery_line), lines)


def taken(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Return those of ``numbers`` that a delivery note has."""
    found: set[str] = set()
    for some in chunks(numbers):
        found |= set(
            connection.execute(select(delivery.c.number).where(delivery.c.number.in_(some))).scalars()
        )
    return found


def _add_lines(connection: Connection, new: Delivery) -> None:
    connection.execute(insert(delivery_line), list(_line_values(new)))


def _line_values(new: Delivery) -> Iterator[dict[str, Any]]:
    for position, line in enumerate(new.lines):
        yield {
            "delivery_id": new.id,
            "order_line_id": line.order_line_id,
            "lot": line.key.lot,
            "position": position,
            "item_id": line.key.item_id,
            "quantity_milli": line.quantity,
        }


def save(tx: Transaction, before: Delivery, after: Delivery) -> None:
    """Store a changed delivery note as its next version, with its lines when they became fewer."""
    statement = (
        update(delivery)
        .where(delivery.c.id == after.id, delivery.c.version == before.version)
        .values(
            state=after.state,
            shipped_on=after.shipped_on,
            reason=after.reason,
            version=before.version + 1,
            updated_at=tx.now,
        )
    )
    if tx.connection.execute(statement).rowcount != 1:
        raise VersionMismatch(
            f"delivery {after.number} was changed meanwhile", cure="read it again and repeat"
        )
    if after.lines != before.lines:
        tx.connection.execute(delete(delivery_line).where(delivery_line.c.delivery_id == after.id))
        _add_lines(tx.connection, after)
