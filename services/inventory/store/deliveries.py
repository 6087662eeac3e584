"""Delivery notes with their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, true, update

from libs.common.db import Prepared, Transaction, chunks
from libs.common.errors import VersionMismatch
from services.inventory.domain.delivery import OPEN_STATES, Delivery
from services.inventory.domain.delivery_credit import NEVER, CheckRule, CreditState
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.store.credit_tables import delivery_check
from services.inventory.store.delivery_checks import CHECK_COLUMNS, to_check
from services.inventory.store.tables import delivery, delivery_line, warehouse

_HEAD = (
    "id", "number", "order_id", "order_number", "customer_id", "warehouse_id", "correlation_id", "state",
    "promised_on", "shipped_on", "backorder_of", "reason", "version", "ordered_at", "reserved_at", "confirmed_at",
    "took_ms", "credit", "credit_since",
)  # fmt: skip
_COLUMNS = tuple(delivery.c[name] for name in _HEAD)
_THIS = delivery.c.id == bindparam("b_id")
_LOCK_VERSION = Prepared(select(delivery.c.version).where(_THIS).with_for_update(key_share=True))
_OPEN_OF_ORDER = Prepared(
    select(*_COLUMNS)
    .where(delivery.c.order_id == bindparam("b_order_id"), delivery.c.state.in_(OPEN_STATES))
    .order_by(delivery.c.id)
    .with_for_update(key_share=True)
)
_LINE_COLUMNS = tuple(delivery_line.c[name] for name in ("order_line_id", "item_id", "lot", "quantity_milli"))
_LINES = Prepared(
    select(*_LINE_COLUMNS)
    .where(delivery_line.c.delivery_id == bindparam("b_id"))
    .order_by(delivery_line.c.position)
)
_FIND = Prepared(
    select(*_COLUMNS, *_LINE_COLUMNS, warehouse.c.packing_required, *CHECK_COLUMNS)
    .join(delivery_line, delivery_line.c.delivery_id == delivery.c.id)
    .join(warehouse, warehouse.c.id == delivery.c.warehouse_id)
    .outerjoin(delivery_check, true())
    .where(_THIS)
    .order_by(delivery_line.c.position)
)
_ADD = Prepared(insert(delivery))
_ADD_LINES = Prepared(insert(delivery_line))
_SAVE = Prepared(
    update(delivery)
    .where(_THIS, delivery.c.version == bindparam("b_version"))
    .values(
        state=bindparam("b_state"),
        shipped_on=bindparam("b_shipped_on"),
        reason=bindparam("b_reason"),
        version=delivery.c.version + 1,
        updated_at=bindparam("b_now"),
    )
)
_SET_CREDIT = Prepared(
    update(delivery)
    .where(_THIS, delivery.c.version == bindparam("b_version"), delivery.c.state.in_(OPEN_STATES))
    .values(credit=bindparam("b_credit"), version=delivery.c.version + 1, updated_at=bindparam("b_now"))
)


def find(connection: Connection, delivery_id: str) -> Delivery | None:
    """Return a delivery note, or nothing."""
    rows = connection.execute(_FIND, {"b_id": delivery_id}).all()
    if not rows:
        return None
    return _delivery(rows[0], rows, must_pack=rows[0].packing_required, check=to_check(rows[0]))


def set_credit(tx: Transaction, before: Delivery, credit: CreditState) -> Delivery:
    """Store finance's word about an open note as its next version, and return the note so."""
    change = {"b_id": before.id, "b_version": before.version, "b_credit": credit, "b_now": tx.now}
    if tx.connection.execute(_SET_CREDIT, change).rowcount != 1:
        raise VersionMismatch(f"delivery {before.number} was changed meanwhile", cure="read it again")
    return replace(before, credit=credit, version=before.version + 1)


def lock(connection: Connection, seen: Delivery) -> Delivery | None:
    """Keep a note to this transaction and return it as it is now; read again only when it is not as ``seen``.

    Whatever changes a note or its lines counts its version up.
    """
    version = connection.execute(_LOCK_VERSION, {"b_id": seen.id}).scalar_one_or_none()
    return seen if version == seen.version else find(connection, seen.id)


def open_of_order(connection: Connection, order_id: str) -> list[Delivery]:
    """Return the notes of an order that have not left yet, locked, in the order in which they were made."""
    rows = connection.execute(_OPEN_OF_ORDER, {"b_order_id": order_id}).all()
    return [_delivery(row, connection.execute(_LINES, {"b_id": row.id})) for row in rows]


def _delivery(
    head: Row[Any], lines: Iterable[Row[Any]], *, must_pack: bool = False, check: CheckRule = NEVER
) -> Delivery:
    allocations = tuple(
        Allocation(
            line.order_line_id, StockKey(line.item_id, head.warehouse_id, line.lot), line.quantity_milli
        )
        for line in lines
    )
    values = {name: getattr(head, name) for name in _HEAD}
    return Delivery(**values, lines=allocations, must_pack=must_pack, check=check)


def add(tx: Transaction, new: Delivery) -> None:
    """Store a new delivery note."""
    add_many(tx, [new])


def add_many(tx: Transaction, new: Sequence[Delivery]) -> None:
    """Store many new delivery notes, in chunks; a number that is taken breaks a constraint."""
    stamps = {"created_at": tx.now, "updated_at": tx.now}
    for some in chunks(new):
        heads = [{name: getattr(note, name) for name in _HEAD} | stamps for note in some]
        tx.connection.execute(_ADD, heads)
    for lines in chunks(values for note in new for values in _line_values(note)):
        tx.connection.execute(_ADD_LINES, lines)


def taken(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Return those of ``numbers`` that a delivery note has."""
    found: set[str] = set()
    for some in chunks(numbers):
        found |= set(
            connection.execute(select(delivery.c.number).where(delivery.c.number.in_(some))).scalars()
        )
    return found


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
    change = {
        "b_id": after.id,
        "b_version": before.version,
        "b_state": after.state,
        "b_shipped_on": after.shipped_on,
        "b_reason": after.reason,
        "b_now": tx.now,
    }
    if tx.connection.execute(_SAVE, change).rowcount != 1:
        raise VersionMismatch(
            f"delivery {after.number} was changed meanwhile", cure="read it again and repeat"
        )
    if after.lines != before.lines:
        tx.connection.execute(delete(delivery_line).where(delivery_line.c.delivery_id == after.id))
        tx.connection.execute(_ADD_LINES, list(_line_values(after)))
