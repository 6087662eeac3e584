"""Reservations with their lines, and the allocations that they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    bindparam,
    exists,
    insert,
    select,
    true,
    type_coerce,
    update,
)

from libs.common.db import Prepared, Transaction, Upsert, chunks, rows_among
from libs.common.errors import VersionMismatch
from services.inventory.domain.delivery_credit import CheckRule
from services.inventory.domain.reservation import Reservation, ReservationLine
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.store.credit_tables import delivery_check
from services.inventory.store.delivery_checks import CHECK_COLUMNS, to_check
from services.inventory.store.tables import allocation, delivery, reservation, reservation_line

_HEAD = (
    "id", "order_id", "order_number", "customer_id", "correlation_id", "state", "ordered_on", "promised_on",
    "queue_no", "reason", "detail", "version", "ordered_at", "reserved_at", "ship_complete", "source",
    "change_no", "confirmed_at", "credit_since", "takes_part",
)  # fmt: skip
_HELD = type_coerce(allocation.c.held_milli, BigInteger)
_CHANGE = bindparam("change", type_=BigInteger)
_TAKE = Prepared(
    update(allocation)
    .where(
        allocation.c.reservation_id == bindparam("b_reservation_id"),
        allocation.c.order_line_id == bindparam("b_order_line_id"),
        allocation.c.warehouse_id == bindparam("b_warehouse_id"),
        allocation.c.lot == bindparam("b_lot"),
        _HELD >= _CHANGE,
    )
    .values(held_milli=_HELD - _CHANGE)
)
_SET_SHIPPED = Prepared(
    update(reservation_line)
    .where(
        reservation_line.c.reservation_id == bindparam("b_reservation_id"),
        reservation_line.c.order_line_id == bindparam("b_order_line_id"),
    )
    .values(shipped_milli=bindparam("b_shipped"))
)
_SET_ALL_SHIPPED = Prepared(
    update(reservation_line)
    .where(reservation_line.c.reservation_id == bindparam("b_reservation_id"))
    .values(shipped_milli=reservation_line.c.quantity_milli)
)
_SET_STATE = Prepared(
    update(reservation)
    .where(reservation.c.id == bindparam("b_id"))
    .values(
        state=bindparam("b_state"),
        version=reservation.c.version + 1,
        updated_at=bindparam("b_now", type_=reservation.c.updated_at.type),
    )
)


_SAVE = Prepared(
    update(reservation)
    .where(reservation.c.id == bindparam("b_id"), reservation.c.version == bindparam("b_version"))
    .values(
        state=bindparam("b_state"),
        queue_no=bindparam("b_queue_no"),
        reason=bindparam("b_reason"),
        detail=bindparam("b_detail"),
        reserved_at=bindparam("b_reserved_at"),
        version=reservation.c.version + 1,
        updated_at=bindparam("b_now"),
    )
)
_HEADS = select(*(reservation.c[name] for name in _HEAD))
_OF_ORDER = _HEADS.where(reservation.c.order_id == bindparam("b_key"))
_OF_ID = _HEADS.where(reservation.c.id == bindparam("b_key"))
_FIND_OF_ORDER = Prepared(_OF_ORDER)
_LOCK_OF_ORDER = Prepared(_OF_ORDER.with_for_update(key_share=True))
# With the rule of credit at the delivery: a company that has none pays no statement for it.
_LOCK_TO_DELIVER = Prepared(
    _OF_ORDER.add_columns(*CHECK_COLUMNS)
    .select_from(reservation.outerjoin(delivery_check, true()))
    .with_for_update(key_share=True, of=reservation)
)
_CONFIRM_WAITING = Prepared(
    update(reservation)
    .where(reservation.c.id == bindparam("b_id"), reservation.c.confirmed_at.is_(None))
    .values(
        confirmed_at=bindparam("b_confirmed_at"),
        credit_since=bindparam("b_credit_since"),
        promised_on=bindparam("b_promised_on"),
        version=reservation.c.version + 1,
        updated_at=bindparam("b_now"),
    )
)
_FIND_OF_ID = Prepared(_OF_ID)
_LOCK_OF_ID = Prepared(_OF_ID.with_for_update(key_share=True))
_LINES = Prepared(
    select(
        reservation_line.c.order_line_id,
        reservation_line.c.item_id,
        reservation_line.c.quantity_milli,
        reservation_line.c.shipped_milli,
    )
    .where(reservation_line.c.reservation_id == bindparam("b_reservation_id"))
    .order_by(reservation_line.c.position)
)
_ADD_IF_NEW = Upsert(
    reservation,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["order_id"]).returning(reservation.c.id),
)
_ADD = Prepared(insert(reservation))
_ADD_LINES = Prepared(insert(reservation_line))
_ADD_ALLOCATIONS = Prepared(insert(allocation))
_HELD_OF = (
    select(
        allocation.c.order_line_id,
        allocation.c.item_id,
        allocation.c.warehouse_id,
        allocation.c.lot,
        allocation.c.held_milli,
    )
    .join(
        reservation_line,
        (reservation_line.c.reservation_id == allocation.c.reservation_id)
        & (reservation_line.c.order_line_id == allocation.c.order_line_id),
    )
    .where(allocation.c.reservation_id == bindparam("b_reservation_id"), allocation.c.held_milli > 0)
    .order_by(reservation_line.c.position, allocation.c.warehouse_id, allocation.c.lot)
)
_HELD_PARTS = Prepared(_HELD_OF)
_HELD_WITHOUT_NOTE = Prepared(_HELD_OF.where(~exists().where(delivery.c.order_id == bindparam("b_order_id"))))


def of_order(connection: Connection, order_id: str, *, lock: bool = False) -> Reservation | None:
    """Return the reservation of an order, or nothing; ``lock`` keeps it to this transaction."""
    return _with_lines(connection, _head(connection, _LOCK_OF_ORDER if lock else _FIND_OF_ORDER, order_id))


def lock_to_deliver(connection: Connection, order_id: str) -> tuple[Reservation, CheckRule] | None:
    """Return the reservation of an order without its lines, or nothing, and keep it to this transaction.

    With it comes the rule by which finance is asked before anything of it leaves.
    """
    row = connection.execute(_LOCK_TO_DELIVER, {"b_key": order_id}).one_or_none()
    if row is None:
        return None
    return Reservation(**{name: getattr(row, name) for name in _HEAD}), to_check(row)


def confirm_waiting(tx: Transaction, confirmed: Reservation) -> None:
    """Note that the order of a locked reservation, from which its stock was taken back, is confirmed; once."""
    change = {
        "b_id": confirmed.id,
        "b_confirmed_at": confirmed.confirmed_at,
        "b_credit_since": confirmed.credit_since,
        "b_promised_on": confirmed.promised_on,
        "b_now": tx.now,
    }
    tx.connection.execute(_CONFIRM_WAITING, change)


def of_id(connection: Connection, reservation_id: str, *, lock: bool = False) -> Reservation | None:
    """Return a reservation by its id, or nothing; ``lock`` keeps it to this transaction."""
    return _with_lines(connection, _head(connection, _LOCK_OF_ID if lock else _FIND_OF_ID, reservation_id))


def _head(connection: Connection, statement: Prepared, key: str) -> Reservation | None:
    row = connection.execute(statement, {"b_key": key}).one_or_none()
    return None if row is None else Reservation(**row._asdict())


def _with_lines(connection: Connection, head: Reservation | None) -> Reservation | None:
    if head is None:
        return None
    rows = connection.execute(_LINES, {"b_reservation_id": head.id})
    return replace(head, lines=tuple(_line(row) for row in rows))


def _line(row: Row[Any]) -> ReservationLine:
    return ReservationLine(row.order_line_id, row.item_id, row.quantity_milli, row.shipped_milli)


def lock_of_orders(connection: Connection, order_ids: Iterable[str]) -> dict[str, Reservation]:
    """Return the reservations of many orders by order, those that there are, and keep them to this transaction."""
    heads: dict[str, Row[Any]] = {}
    lines: dict[str, list[ReservationLine]] = {}
    for some in chunks(sorted(set(order_ids))):
        statement = _HEADS.where(reservation.c.order_id.in_(some))
        statement = statement.order_by(reservation.c.id).with_for_update(key_share=True)
        found = {row.id: row for row in connection.execute(statement)}
        heads |= found
        rows = select(reservation_line).where(reservation_line.c.reservation_id.in_(list(found)))
        for row in connection.execute(rows.order_by(reservation_line.c.position)):
            lines.setdefault(row.reservation_id, []).append(_line(row))
    return {
        row.order_id: Reservation(**row._asdict(), lines=tuple(lines.get(row.id, ())))
        for row in heads.values()
    }


def add(tx: Transaction, new: Reservation, *, positions: Sequence[int] | None = None) -> bool:
    """Store a new reservation; false when the order has one already, made by somebody who was faster.

    Its lines are counted from 0 unless ``positions`` say otherwise.
    """
    if tx.connection.execute(_ADD_IF_NEW.on(tx.connection), _head_values(tx, new)).first() is None:
        return False
    if new.lines:
        tx.connection.execute(_ADD_LINES, _lines_values(new, positions or range(len(new.lines))))
    return True


def add_many(tx: Transaction, new: Iterable[tuple[Reservation, Sequence[int]]]) -> None:
    """Store many reservations, each with the positions of its lines; an order that has one already keeps that."""
    first: dict[str, tuple[Reservation, Sequence[int]]] = {}
    for each, positions in new:
        first.setdefault(each.order_id, (each, positions))
    query = select(reservation.c.order_id)
    for row in rows_among(tx.connection, query, reservation.c.order_id, first):
        del first[row.order_id]
    for some in chunks(first.values()):
        tx.connection.execute(_ADD, [_head_values(tx, each) for each, _ in some])
    for lines in chunks(values for each in first.values() for values in _lines_values(*each)):
        tx.connection.execute(_ADD_LINES, lines)


def _head_values(tx: Transaction, new: Reservation) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(new, name) for name in _HEAD}
    return values | {"created_at": tx.now, "updated_at": tx.now}


def _lines_values(new: Reservation, positions: Sequence[int]) -> list[dict[str, Any]]:
    return [_line_values(new.id, *each) for each in zip(positions, new.lines, strict=True)]


def _line_values(reservation_id: str, position: int, line: ReservationLine) -> dict[str, Any]:
    return {
        "reservation_id": reservation_id,
        "order_line_id": line.order_line_id,
        "position": position,
        "item_id": line.item_id,
        "quantity_milli": line.quantity,
        "shipped_milli": line.shipped,
    }


def save(connection: Connection, changed: Reservation, now: datetime) -> None:
    """Store the head of a changed reservation as its next version."""
    change = {
        "b_id": changed.id,
        "b_version": changed.version,
        "b_state": changed.state,
        "b_queue_no": changed.queue_no,
        "b_reason": changed.reason,
        "b_detail": changed.detail,
        "b_reserved_at": changed.reserved_at,
        "b_now": now,
    }
    if connection.execute(_SAVE, change).rowcount != 1:
        raise VersionMismatch(f"the reservation of order {changed.order_number} was changed meanwhile")


def save_shipped(connection: Connection, before: Reservation, after: Reservation) -> None:
    """Store how much of each line of a locked reservation was shipped, where that changed."""
    if after.fully_shipped:
        connection.execute(_SET_ALL_SHIPPED, {"b_reservation_id": after.id})
        return
    changed = _shipped_values(before, after)
    if changed:
        connection.execute(_SET_SHIPPED, changed)


def _shipped_values(before: Reservation, after: Reservation) -> list[dict[str, Any]]:
    return [
        {"b_reservation_id": after.id, "b_order_line_id": new.order_line_id, "b_shipped": new.shipped.milli}
        for old, new in zip(before.lines, after.lines, strict=True)
        if old.shipped != new.shipped
    ]


def save_many(
    connection: Connection,
    before: Mapping[str, Reservation],
    after: Mapping[str, Reservation],
    now: datetime,
) -> None:
    """Store state and shipped quantities of locked reservations, by order, where they changed.

    The table's checks refuse more than was ordered.
    """
    changed = [order_id for order_id, new in after.items() if new != before[order_id]]
    for some in chunks(changed):
        connection.execute(
            _SET_STATE, [{"b_id": after[key].id, "b_state": after[key].state, "b_now": now} for key in some]
        )
    for lines in chunks(line for key in changed for line in _shipped_values(before[key], after[key])):
        connection.execute(_SET_SHIPPED, lines)


def add_allocations(connection: Connection, reservation_id: str, new: Iterable[Allocation]) -> None:
    """Store which stock rows fill the reservation."""
    connection.execute(
        _ADD_ALLOCATIONS,
        [
            {
                "reservation_id": reservation_id,
                "order_line_id": each.order_line_id,
                **each.key._asdict(),
                "held_milli": each.quantity,
            }
            for each in new
        ],
    )


def hold_more(connection: Connection, reservation_id: str, new: Iterable[Allocation]) -> None:
    """Let a locked reservation hold more, of the same stock rows as before or of others."""
    known = {(part.order_line_id, part.key) for part in _held_ever(connection, reservation_id)}
    for each in new:
        if (each.order_line_id, each.key) not in known:
            add_allocations(connection, reservation_id, [each])
            continue
        grown = update(allocation).where(
            allocation.c.reservation_id == reservation_id,
            allocation.c.order_line_id == each.order_line_id,
            allocation.c.warehouse_id == each.key.warehouse_id,
            allocation.c.lot == each.key.lot,
        )
        connection.execute(grown.values(held_milli=_HELD + each.quantity.milli))


def _held_ever(connection: Connection, reservation_id: str) -> tuple[Allocation, ...]:
    """Return the rows of what the reservation holds or held."""
    query = select(allocation).where(allocation.c.reservation_id == reservation_id)
    return _parts(connection.execute(query))


def held(connection: Connection, reservation_id: str) -> tuple[Allocation, ...]:
    """Return what the reservation still holds, line by line."""
    return _parts(connection.execute(_HELD_PARTS, {"b_reservation_id": reservation_id}))


def held_without_note(connection: Connection, reservation: Reservation) -> tuple[Allocation, ...]:
    """Return what a locked reservation holds, line by line; nothing when the order has any delivery note."""
    wanted = {"b_reservation_id": reservation.id, "b_order_id": reservation.order_id}
    return _parts(connection.execute(_HELD_WITHOUT_NOTE, wanted))


def _parts(rows: Iterable[Row[Any]]) -> tuple[Allocation, ...]:
    return tuple(
        Allocation(row.order_line_id, StockKey(row.item_id, row.warehouse_id, row.lot), row.held_milli)
        for row in rows
    )


def take_held(connection: Connection, reservation_id: str, parts: Sequence[Allocation]) -> bool:
    """Take ``parts`` out of what the reservation holds; false when it does not hold them."""
    parameters = [
        {
            "b_reservation_id": reservation_id,
            "b_order_line_id": part.order_line_id,
            "b_warehouse_id": part.key.warehouse_id,
            "b_lot": part.key.lot,
            "change": part.quantity.milli,
        }
        for part in parts
    ]
    return not parameters or connection.execute(_TAKE, parameters).rowcount == len(parameters)
