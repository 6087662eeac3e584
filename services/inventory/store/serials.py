"""Serials: where each is, changed by statements that guard themselves, and the history of all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from libs.common.db import Transaction, Upsert, chunks
from services.inventory.domain.serials import COMES_AGAIN, HERE, Serial, SerialState
from services.inventory.store.serial_tables import (
    goods_return_serial,
    serial,
    serial_event,
    stock_count_serial,
)

_COLUMNS = tuple(serial.c)
# What was lost may be found again, and what went back to a supplier may come again; nothing else that is known can.
_ENTER = Upsert(
    serial,
    lambda given: given.on_conflict_do_update(
        index_elements=["item_id", "serial"],
        set_={
            name: given.excluded[name]
            for name in ("state", "warehouse_id", "customer_id", "document_id", "line_id", "changed_at")
        },
        where=serial.c.state.in_(COMES_AGAIN),
    ).returning(serial.c.serial),
)
_ANNOUNCE = Upsert(
    goods_return_serial,
    lambda given: given.on_conflict_do_nothing().returning(goods_return_serial.c.serial),
)


@dataclass(frozen=True)
class Place:
    """Where a serial is after a change, by which document, and for which line of an order."""

    state: SerialState
    document_id: str
    warehouse_id: str | None = None
    customer_id: str | None = None
    line_id: str | None = None


@dataclass(frozen=True)
class Before:
    """Where a serial must be for a change; what is not said may be anything."""

    state: SerialState
    warehouse_id: str | None = None
    document_id: str | None = None
    line_id: str | None = None


def enter(tx: Transaction, item_id: str, name: str, place: Place) -> bool:
    """Let a serial be in the house, by one statement; false when it is known and cannot come in again."""
    values = vars(place) | {"item_id": item_id, "serial": name, "changed_at": tx.now}
    return tx.connection.execute(_ENTER.on(tx.connection), values).first() is not None


def change(tx: Transaction, item_id: str, name: str, before: Before, place: Place) -> bool:
    """Move a serial by one statement; false when it is not as ``before`` says, so of two who take it one does not."""
    this = serial.c
    conditions = [this[column] == wanted for column, wanted in vars(before).items() if wanted is not None]
    statement = update(serial).where(this.item_id == item_id, this.serial == name, *conditions)
    done = tx.connection.execute(statement.values(**vars(place), changed_at=tx.now))
    return done.rowcount == 1


def write_events(
    tx: Transaction, item_id: str, names: Sequence[str], kind: str, place: Place, reference: str
) -> None:
    """Append what happened to serials to their history."""
    for some in chunks(names):
        rows = [
            {
                "id": tx.new_id(),
                "item_id": item_id,
                "serial": name,
                "kind": kind,
                **vars(place),
                "reference": reference,
                "actor": tx.cause.actor,
                "recorded_at": tx.now,
            }
            for name in some
        ]
        tx.connection.execute(insert(serial_event), rows)


def find(connection: Connection, item_id: str, name: str) -> Serial | None:
    """Return a serial, or nothing."""
    query = select(*_COLUMNS).where(serial.c.item_id == item_id, serial.c.serial == name)
    row = connection.execute(query).one_or_none()
    return None if row is None else of_row(row)


def of_row(row: Row[Any]) -> Serial:
    """Return the serial in a row of its table."""
    return Serial(
        row.item_id, row.serial, row.state, row.warehouse_id, row.customer_id, row.document_id, row.line_id,
        row.changed_at,
    )  # fmt: skip


def some_of(connection: Connection, item_id: str, names: Iterable[str]) -> list[Serial]:
    """Return the known ones of ``names``."""
    found: list[Serial] = []
    for some in chunks(sorted(set(names))):
        query = select(*_COLUMNS).where(serial.c.item_id == item_id, serial.c.serial.in_(some))
        found += [of_row(row) for row in connection.execute(query)]
    return found


def came_in_with(connection: Connection, item_id: str, names: Iterable[str]) -> dict[str, str]:
    """Return the document with which each of ``names`` was received last."""
    this = serial_event.c
    found: dict[str, str] = {}
    for some in chunks(sorted(set(names))):
        query = select(this.serial, this.document_id).where(
            this.item_id == item_id, this.serial.in_(some), this.kind == "received"
        )
        found |= {row.serial: row.document_id for row in connection.execute(query.order_by(this.id))}
    return found


def of_document(connection: Connection, document_id: str, state: SerialState) -> list[Serial]:
    """Return the serials that a document holds in a state, in their order."""
    query = select(*_COLUMNS).where(serial.c.document_id == document_id, serial.c.state == state)
    rows = connection.execute(query.order_by(serial.c.item_id, serial.c.serial))
    return [of_row(row) for row in rows]


def in_warehouse(connection: Connection, item_id: str, warehouse_id: str) -> list[Serial]:
    """Return the serials of an item that the books have in a warehouse, whether picked or not."""
    this = serial.c
    query = select(*_COLUMNS).where(this.item_id == item_id, this.warehouse_id == warehouse_id)
    return [of_row(row) for row in connection.execute(query.where(this.state.in_(HERE)))]


def announce(connection: Connection, return_id: str, line_no: int, item_id: str, name: str) -> bool:
    """Note that a serial is to come back; false when another open return says so."""
    values = {
        "return_id": return_id,
        "line_no": line_no,
        "item_id": item_id,
        "serial": name,
        "outcome": "expected",
    }
    return connection.execute(_ANNOUNCE.on(connection), values).first() is not None


def announced(connection: Connection, return_id: str, *outcomes: str) -> dict[int, list[str]]:
    """Return the serials of a return with any of ``outcomes`` by its lines, in their order."""
    this = goods_return_serial.c
    query = select(this.line_no, this.serial).where(this.return_id == return_id)
    if outcomes:
        query = query.where(this.outcome.in_(outcomes))
    found: dict[int, list[str]] = {}
    for line_no, name in connection.execute(query.order_by(this.line_no, this.serial)):
        found.setdefault(line_no, []).append(name)
    return found


def set_outcome(
    connection: Connection, return_id: str, outcome: str, names: Collection[str] | None = None
) -> None:
    """Note what became of serials of a return; of all that are still expected, if none is named."""
    this = goods_return_serial.c
    statement = update(goods_return_serial).where(this.return_id == return_id)
    if names is None:
        connection.execute(statement.where(this.outcome == "expected").values(outcome=outcome))
        return
    for some in chunks(sorted(names)):
        connection.execute(statement.where(this.serial.in_(some)).values(outcome=outcome))


def save_counted(
    connection: Connection, count_id: str, line_no: int, found: Collection[str], expected: Collection[str]
) -> None:
    """Store what the last entry of a count's line found, and what the books said then."""
    this = stock_count_serial.c
    connection.execute(delete(stock_count_serial).where(this.count_id == count_id, this.line_no == line_no))
    for some in chunks(sorted({*found, *expected})):
        rows = [
            {
                "count_id": count_id,
                "line_no": line_no,
                "serial": name,
                "found": name in found,
                "expected": name in expected,
            }
            for name in some
        ]
        connection.execute(insert(stock_count_serial), rows)


def counted(connection: Connection, count_ids: Collection[str]) -> list[Row[Any]]:
    """Return the serials of counts that differ from the books: found, or expected, and not both."""
    this = stock_count_serial.c
    query = select(stock_count_serial).where(
        this.count_id.in_(sorted(count_ids)), this.found != this.expected
    )
    return list(connection.execute(query.order_by(this.count_id, this.line_no, this.serial)).all())
