"""What was picked, what was not found, and which orders lack it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, insert, select, type_coerce, update

from libs.common.db import Prepared, Transaction, Upsert
from libs.common.quantity import Quantity
from services.inventory.domain.discrepancy import Discrepancy
from services.inventory.domain.stock import Allocation, StockKey
from services.inventory.store import reservations
from services.inventory.store.fulfilment_tables import missing_part, pick_record, stock_discrepancy
from services.inventory.store.tables import allocation, stock, waiting

_HELD = type_coerce(allocation.c.held_milli, BigInteger)
_HOLD = Upsert(
    allocation,
    lambda given: given.on_conflict_do_update(
        index_elements=["reservation_id", "order_line_id", "warehouse_id", "lot"],
        set_={"held_milli": _HELD + type_coerce(given.excluded.held_milli, BigInteger)},
    ),
)
_MISS = Upsert(
    missing_part,
    lambda given: given.on_conflict_do_update(
        index_elements=["reservation_id", "order_line_id"],
        set_={
            "quantity_milli": type_coerce(missing_part.c.quantity_milli, BigInteger)
            + type_coerce(given.excluded.quantity_milli, BigInteger)
        },
    ),
)
_WAIT = Upsert(
    waiting,
    lambda given: given.on_conflict_do_update(
        index_elements=["reservation_id", "item_id"],
        set_={"quantity_milli": waiting.c.quantity_milli + given.excluded.quantity_milli},
    ),
)
_EXPIRIES = Prepared(
    select(stock.c.item_id, stock.c.lot, stock.c.expires_on).where(
        stock.c.item_id.in_(bindparam("b_item_ids", expanding=True)),
        stock.c.warehouse_id == bindparam("b_warehouse_id"),
        stock.c.expires_on.is_not(None),
    )
)
_DISCREPANCY = (
    "id", "number", "item_id", "warehouse_id", "lot", "reason", "note", "delivery_id", "order_line_id", "document_id",
    "state", "answer", "version",
)  # fmt: skip


@dataclass(frozen=True)
class PickRecord:
    """What a hand did: ``taken``, ``short`` or ``put_back``; ``instead_of`` is the lot that was proposed."""

    kind: str
    line: Allocation
    instead_of: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class MissingPart:
    """What an order lacks again, and the note on which it should have left."""

    order_line_id: str
    item_id: str
    quantity: Quantity
    delivery_id: str


def write_records(tx: Transaction, delivery_id: str, records: Iterable[PickRecord]) -> None:
    """Append what was done for a note."""
    rows = [
        {
            "id": tx.new_id(),
            "delivery_id": delivery_id,
            "kind": each.kind,
            "order_line_id": each.line.order_line_id,
            "item_id": each.line.key.item_id,
            "lot": each.line.key.lot,
            "instead_of": each.instead_of,
            "quantity_milli": each.line.quantity,
            "reason": each.reason,
            "actor": tx.cause.actor,
            "recorded_at": tx.now,
        }
        for each in records
    ]
    tx.connection.execute(insert(pick_record), rows)


def expiries(connection: Connection, item_ids: Collection[str], warehouse_id: str) -> dict[StockKey, date]:
    """Return the last days of the lots of ``item_ids`` in a warehouse, of those that have one."""
    found = connection.execute(_EXPIRIES, {"b_item_ids": sorted(item_ids), "b_warehouse_id": warehouse_id})
    return {StockKey(row.item_id, warehouse_id, row.lot): row.expires_on for row in found}


def hold(connection: Connection, reservation_id: str, parts: Iterable[Allocation]) -> None:
    """Add ``parts`` to what a reservation holds; each order line and row is named once."""
    rows = [
        {
            "reservation_id": reservation_id,
            "order_line_id": each.order_line_id,
            **each.key._asdict(),
            "held_milli": each.quantity,
        }
        for each in parts
    ]
    connection.execute(_HOLD.on(connection), rows)


def miss(
    tx: Transaction, reservation_id: str, delivery_id: str, parts: Iterable[tuple[str, str, Quantity]]
) -> None:
    """Note that an order lacks ``parts`` (order line, item, quantity) again."""
    for order_line_id, item_id, quantity in parts:
        row = {
            "reservation_id": reservation_id,
            "order_line_id": order_line_id,
            "item_id": item_id,
            "quantity_milli": quantity,
            "delivery_id": delivery_id,
            "since": tx.now,
        }
        tx.connection.execute(_MISS.on(tx.connection), row)


def wait_in_front(connection: Connection, reservation_id: str, place: int, wants: Mapping[str, int]) -> None:
    """Put a reserved order into the queues of what it lacks (milli by item); one that stands there wants more."""
    rows = [
        {"item_id": item_id, "queue_no": place, "reservation_id": reservation_id, "quantity_milli": milli}
        for item_id, milli in sorted(wants.items())
    ]
    connection.execute(_WAIT.on(connection), rows)


def missing_of(connection: Connection, reservation_id: str) -> list[MissingPart]:
    """Return what an order lacks again, by line."""
    columns = (
        missing_part.c.order_line_id,
        missing_part.c.item_id,
        missing_part.c.quantity_milli,
        missing_part.c.delivery_id,
    )
    statement = select(*columns).where(missing_part.c.reservation_id == reservation_id)
    return [MissingPart(*row) for row in connection.execute(statement.order_by(missing_part.c.order_line_id))]


def claims(connection: Connection, reservation_id: str) -> list[Allocation | MissingPart]:
    """Return what a reservation holds, and what it lacks again and waits for in front: nobody is asked for either."""
    return [*reservations.held(connection, reservation_id), *missing_of(connection, reservation_id)]


def miss_no_more(connection: Connection, reservation_id: str) -> bool:
    """Forget what an order lacks; tell whether it lacked anything."""
    statement = delete(missing_part).where(missing_part.c.reservation_id == reservation_id)
    return connection.execute(statement).rowcount > 0


def add_discrepancy(tx: Transaction, new: Discrepancy) -> None:
    """Store a new discrepancy."""
    values: dict[str, Any] = {name: getattr(new, name) for name in _DISCREPANCY}
    values |= {"missing_milli": new.missing, "found_milli": new.found, "noted_by": tx.cause.actor}
    tx.connection.execute(insert(stock_discrepancy).values(**values, created_at=tx.now, updated_at=tx.now))


def find_discrepancy(
    connection: Connection, discrepancy_id: str, *, lock: bool = False
) -> Discrepancy | None:
    """Return a discrepancy, or nothing; ``lock`` keeps it to this transaction."""
    columns = (*(stock_discrepancy.c[name] for name in _DISCREPANCY), stock_discrepancy.c.missing_milli,
               stock_discrepancy.c.found_milli)  # fmt: skip
    statement = select(*columns).where(stock_discrepancy.c.id == discrepancy_id)
    row = connection.execute(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        return None
    found = row._asdict()
    return Discrepancy(missing=found.pop("missing_milli"), found=found.pop("found_milli"), **found)


def save_settled(tx: Transaction, settled: Discrepancy) -> bool:
    """Store how a discrepancy ended, once; false when it was settled before."""
    statement = (
        update(stock_discrepancy)
        .where(stock_discrepancy.c.id == settled.id, stock_discrepancy.c.state == "open")
        .values(
            state="settled",
            found_milli=settled.found,
            answer=settled.answer,
            settled_by=tx.cause.actor,
            version=stock_discrepancy.c.version + 1,
            updated_at=tx.now,
        )
    )
    return tx.connection.execute(statement).rowcount == 1


def short_of(connection: Connection, delivery_id: str) -> list[tuple[str, str, Quantity, str]]:
    """Return what was not found of a note: order line, item, quantity and reason."""
    columns = (
        pick_record.c.order_line_id,
        pick_record.c.item_id,
        pick_record.c.quantity_milli,
        pick_record.c.reason,
    )
    statement = select(*columns).where(
        pick_record.c.delivery_id == delivery_id, pick_record.c.kind == "short"
    )
    return [tuple(row) for row in connection.execute(statement.order_by(pick_record.c.id))]
