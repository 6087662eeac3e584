"""Carriers, what they took along, and the proof of what arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from libs.common.db import Transaction, upsert_into
from libs.common.errors import VersionMismatch
from services.inventory.domain.carriers import Carrier
from services.inventory.domain.delivered import Proof
from services.inventory.store.fulfilment_tables import carrier, proof_of_delivery, shipment, tracking

_NAMES = ("id", "code", "name", "tracking_url", "active", "version")
_COLUMNS = tuple(carrier.c[name] for name in _NAMES)


def find(connection: Connection, carrier_id: str) -> Carrier | None:
    """Return a carrier, or nothing."""
    row = connection.execute(select(*_COLUMNS).where(carrier.c.id == carrier_id)).one_or_none()
    return Carrier(**row._asdict()) if row else None


def of_code(connection: Connection, code: str) -> Carrier | None:
    """Return the carrier with this code, or nothing."""
    row = connection.execute(select(*_COLUMNS).where(carrier.c.code == code)).one_or_none()
    return Carrier(**row._asdict()) if row else None


def add(tx: Transaction, new: Carrier) -> bool:
    """Store a new carrier; false when its code is taken."""
    statement = upsert_into(tx.connection, carrier).values(**vars(new), created_at=tx.now, updated_at=tx.now)
    statement = statement.on_conflict_do_nothing(index_elements=["code"]).returning(carrier.c.id)
    return tx.connection.execute(statement).first() is not None


def save(tx: Transaction, changed: Carrier) -> None:
    """Store the changed carrier as its next version; ``VersionMismatch`` when somebody was faster."""
    values = vars(changed) | {"version": changed.version + 1, "updated_at": tx.now}
    statement = update(carrier).where(carrier.c.id == changed.id, carrier.c.version == changed.version)
    if tx.connection.execute(statement.values(**values)).rowcount != 1:
        raise VersionMismatch(f"carrier {changed.code} was changed meanwhile")


def set_shipment(
    connection: Connection, delivery_id: str, carrier_id: str | None, numbers: Sequence[str]
) -> str | None:
    """Note who takes a locked delivery along, under which numbers, instead of what was noted before.

    Return a number under which another delivery went, and then nothing more was noted.
    """
    connection.execute(delete(tracking).where(tracking.c.delivery_id == delivery_id))
    connection.execute(delete(shipment).where(shipment.c.delivery_id == delivery_id))
    if carrier_id is None:
        return None
    connection.execute(insert(shipment).values(delivery_id=delivery_id, carrier_id=carrier_id))
    for position, number in enumerate(numbers):
        row: dict[str, Any] = {
            "carrier_id": carrier_id,
            "number": number,
            "delivery_id": delivery_id,
            "position": position,
        }
        statement = upsert_into(connection, tracking).values(**row).on_conflict_do_nothing()
        if connection.execute(statement.returning(tracking.c.number)).first() is None:
            return number
    return None


def add_proof(tx: Transaction, delivery_id: str, proof: Proof, return_id: str | None) -> None:
    """Store how a delivery arrived."""
    row = vars(proof) | {"delivery_id": delivery_id, "return_id": return_id}
    tx.connection.execute(insert(proof_of_delivery).values(**row, actor=tx.cause.actor, recorded_at=tx.now))


def sent_with(connection: Connection, delivery_id: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the name of the carrier of a delivery, if one was named, and the numbers that it goes under."""
    statement = (
        select(carrier.c.name, tracking.c.number)
        .join(shipment, shipment.c.carrier_id == carrier.c.id)
        .outerjoin(tracking, tracking.c.delivery_id == shipment.c.delivery_id)
        .where(shipment.c.delivery_id == delivery_id)
        .order_by(tracking.c.position)
    )
    rows = connection.execute(statement).all()
    return (rows[0].name if rows else None), tuple(row.number for row in rows if row.number is not None)
