"""Packages of a delivery and what is in them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, update

from libs.common.db import Transaction
from services.inventory.domain.packing import Package
from services.inventory.domain.stock import Allocation
from services.inventory.store.fulfilment_tables import package, package_line

_MEASURES = ("weight_g", "length_mm", "width_mm", "height_mm", "tracking_number")


def add(tx: Transaction, delivery_id: str, packed: Sequence[tuple[Package, tuple[Allocation, ...]]]) -> None:
    """Store the packages of a note, numbered from 1."""
    heads, lines = [], []
    for number, (each, held) in enumerate(packed, start=1):
        key = {"delivery_id": delivery_id, "package_no": number}
        measures = {name: getattr(each, name) for name in _MEASURES}
        heads.append(key | measures | {"packed_by": tx.cause.actor, "packed_at": tx.now})
        lines += [
            key | {"order_line_id": line.order_line_id, "lot": line.key.lot, "quantity_milli": line.quantity}
            for line in held
        ]
    tx.connection.execute(insert(package), heads)
    tx.connection.execute(insert(package_line), lines)


def remove(connection: Connection, delivery_id: str) -> None:
    """Take the goods of a note out of its packages."""
    connection.execute(delete(package_line).where(package_line.c.delivery_id == delivery_id))
    connection.execute(delete(package).where(package.c.delivery_id == delivery_id))


def forget_tracking(connection: Connection, delivery_id: str) -> None:
    """Let the packages of a note bear no numbers any more, because others were given."""
    statement = update(package).where(
        package.c.delivery_id == delivery_id, package.c.tracking_number.is_not(None)
    )
    connection.execute(statement.values(tracking_number=None))
