"""Stock rows and the ledger of moves. Every change of a row is one UPDATE that guards itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Table,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    type_coerce,
    update,
)

from libs.common.db import Prepared, Transaction
from libs.common.money import Money
from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain.flow import flow_of
from services.inventory.domain.stock import StockKey, StockRow
from services.inventory.store import flows
from services.inventory.store.production_tables import component_want
from services.inventory.store.tables import stock, stock_document, stock_move, waiting, warehouse

_ON_HAND = type_coerce(stock.c.on_hand_milli, BigInteger)
_RESERVED = type_coerce(stock.c.reserved_milli, BigInteger)
PROMISED: ColumnElement[bool] = _RESERVED > 0
"""The condition that something of a stock row is promised."""
_CHANGE = bindparam("change", type_=BigInteger)
_NOBODY: ColumnElement[int] = literal_column("0")
_THIS_ROW = (
    stock.c.item_id == bindparam("b_item_id"),
    stock.c.warehouse_id == bindparam("b_warehouse_id"),
    stock.c.lot == bindparam("b_lot"),
)
_RESERVE = Prepared(
    update(stock)
    .where(*_THIS_ROW, ~stock.c.expired, _ON_HAND - _RESERVED >= _CHANGE)
    .values(reserved_milli=_RESERVED + _CHANGE)
)
_UNRESERVE = Prepared(
    update(stock).where(*_THIS_ROW, _RESERVED >= _CHANGE).values(reserved_milli=_RESERVED - _CHANGE)
)
_CONSUME = Prepared(
    update(stock)
    .where(*_THIS_ROW, _RESERVED >= _CHANGE, _ON_HAND >= _CHANGE)
    .values(reserved_milli=_RESERVED - _CHANGE, on_hand_milli=_ON_HAND - _CHANGE)
)
_ADD = Prepared(
    update(stock)
    .where(*_THIS_ROW, _ON_HAND + _CHANGE <= LIMIT_MILLI, _ON_HAND + _CHANGE >= _RESERVED)
    .values(on_hand_milli=_ON_HAND + _CHANGE)
)


def _wanted_by(queue: Table) -> ColumnElement[Any]:
    """Return how much those in a queue want of a stock row's item."""
    wanted = select(func.sum(queue.c.quantity_milli)).where(queue.c.item_id == stock.c.item_id)
    return func.coalesce(wanted.scalar_subquery(), _NOBODY)


_OF_ITEMS = (
    select(stock, warehouse.c.code, warehouse.c.is_default)
    .join(warehouse, warehouse.c.id == stock.c.warehouse_id)
    .where(
        stock.c.item_id.in_(bindparam("b_item_ids", expanding=True)),
        warehouse.c.quarantine_of.is_(None),
        warehouse.c.transit_to.is_(None),
    )
)
_ROWS = Prepared(_OF_ITEMS)
_SUPPLY = Prepared(
    _OF_ITEMS.add_columns(
        (_wanted_by(waiting) + _wanted_by(component_want)).label("wanted"),
    )
)
_ADD_MOVES = Prepared(insert(stock_move))


@dataclass(frozen=True)
class Move:
    """A line of the ledger: a signed quantity, the document that it was booked with, and what the goods are worth.

    Without a ``value`` no cost was known, or the goods stay in the house.
    """

    key: StockKey
    quantity: Quantity
    kind: str
    document_id: str
    reference: str
    moved_on: date
    value: Money | None = None


def rows(connection: Connection, item_ids: Iterable[str]) -> list[StockRow]:
    """Return every stock row of ``item_ids`` from which orders may be filled: nothing in quarantine or under way."""
    found = connection.execute(_ROWS, {"b_item_ids": sorted(set(item_ids))})
    return [_row(row) for row in found]


def supply(connection: Connection, item_ids: Iterable[str]) -> tuple[list[StockRow], dict[str, int]]:
    """Return every stock row of ``item_ids``, and the milli that those who wait want of each item that has one."""
    found = connection.execute(_SUPPLY, {"b_item_ids": sorted(set(item_ids))}).all()
    return [_row(row) for row in found], {row.item_id: int(row.wanted or 0) for row in found}


def _row(row: Row[Any]) -> StockRow:
    return StockRow(
        key=StockKey(row.item_id, row.warehouse_id, row.lot),
        on_hand=row.on_hand_milli,
        reserved=row.reserved_milli,
        warehouse_code=row.code,
        in_default_warehouse=row.is_default,
        expires_on=row.expires_on,
        age=row.age,
        expired=row.expired,
    )


def under_way(connection: Connection, item_ids: Iterable[str]) -> dict[str, int]:
    """Return the milli of each item that are between two warehouses."""
    query = (
        select(stock.c.item_id, func.sum(_ON_HAND).label("milli"))
        .join(warehouse, warehouse.c.id == stock.c.warehouse_id)
        .where(
            stock.c.item_id.in_(sorted(set(item_ids))),
            warehouse.c.transit_to.is_not(None),
            ~stock.c.expired,
        )
        .group_by(stock.c.item_id)
    )
    return {row.item_id: int(row.milli) for row in connection.execute(query)}


def reserve(connection: Connection, sums: Mapping[StockKey, Quantity]) -> bool:
    """Promise ``sums`` out of what is available, all or (when it answers false) less than all."""
    return _change(connection, _RESERVE, sums)


def set_aside(connection: Connection, item_ids: Iterable[str], today: date) -> list[str]:
    """Set aside, by one statement, what has expired before ``today``; return the items of which there was any.

    Nothing of it is available or can be promised from then on; it stays on hand.
    """
    due = update(stock).where(
        stock.c.item_id.in_(sorted(set(item_ids))), stock.c.expires_on < today, ~stock.c.expired
    )
    found = connection.execute(due.values(expired=True).returning(stock.c.item_id))
    return sorted(set(found.scalars()))


def set_aside_among(connection: Connection, keys: Iterable[StockKey]) -> list[StockKey]:
    """Return those of ``keys`` that are set aside, in the order in which rows are locked."""
    wanted = set(keys)
    query = select(stock.c.item_id, stock.c.warehouse_id, stock.c.lot).where(
        stock.c.item_id.in_(sorted({key.item_id for key in wanted})), stock.c.expired
    )
    return sorted(wanted & {StockKey(*row) for row in connection.execute(query)})


def promised_expired(connection: Connection, item_id: str, today: date) -> dict[StockKey, Quantity]:
    """Return what is promised of an item's rows that expired before ``today``."""
    query = select(stock).where(stock.c.item_id == item_id, stock.c.expires_on < today, PROMISED)
    return {
        StockKey(row.item_id, row.warehouse_id, row.lot): row.reserved_milli
        for row in connection.execute(query)
    }


def unreserve(connection: Connection, sums: Mapping[StockKey, Quantity]) -> bool:
    """Give promised ``sums`` back."""
    return _change(connection, _UNRESERVE, sums)


def consume(connection: Connection, sums: Mapping[StockKey, Quantity]) -> bool:
    """Take promised ``sums`` out of the house."""
    return _change(connection, _CONSUME, sums)


def add_to_row(connection: Connection, key: StockKey, quantity: Quantity) -> bool:
    """Put ``quantity`` (of any sign) on an existing row; false when it is missing, would overflow or fall short."""
    return _change(connection, _ADD, {key: quantity})


def add_row(tx: Transaction, key: StockKey, quantity: Quantity, expires_on: date | None) -> None:
    """Store the first stock of an item and lot in a warehouse."""
    tx.connection.execute(
        insert(stock).values(
            **key._asdict(), age=tx.new_id(), expires_on=expires_on, on_hand_milli=quantity, reserved_milli=0
        )
    )


def has_row(connection: Connection, key: StockKey) -> bool:
    """Tell whether any stock of this item and lot ever lay in this warehouse."""
    found = connection.execute(
        select(stock.c.item_id).where(
            stock.c.item_id == key.item_id, stock.c.warehouse_id == key.warehouse_id, stock.c.lot == key.lot
        )
    )
    return found.first() is not None


def expiry_of(connection: Connection, item_id: str, lot: str) -> date | None:
    """Return the day after which a lot may not be used, as any warehouse knows it."""
    known = select(func.min(stock.c.expires_on)).where(stock.c.item_id == item_id, stock.c.lot == lot)
    found: date | None = connection.execute(known).scalar_one()
    return found


def set_expiry(connection: Connection, key: StockKey, expires_on: date) -> None:
    """Note the day after which a lot may not be used."""
    connection.execute(
        update(stock)
        .where(
            stock.c.item_id == key.item_id, stock.c.warehouse_id == key.warehouse_id, stock.c.lot == key.lot
        )
        .values(expires_on=expires_on)
    )


def _change(connection: Connection, statement: Prepared, sums: Mapping[StockKey, Quantity]) -> bool:
    """Run ``statement`` for each row, in the order of their keys, and tell whether each found its row fit."""
    parameters = [
        {
            "b_item_id": key.item_id,
            "b_warehouse_id": key.warehouse_id,
            "b_lot": key.lot,
            "change": quantity.milli,
        }
        for key, quantity in sorted(sums.items())
    ]
    return not parameters or connection.execute(statement, parameters).rowcount == len(parameters)


def write_moves(tx: Transaction, moves: Sequence[Move]) -> None:
    """Append ``moves`` to the ledger, and add them to the sums of their days."""
    tx.connection.execute(_ADD_MOVES, [_move_values(tx, move) for move in moves])
    for move in moves:
        key = move.key
        flows.count(tx, flow_of(move.moved_on, key.item_id, key.warehouse_id, move.kind, move.quantity.milli))


def _move_values(tx: Transaction, move: Move) -> dict[str, Any]:
    return {
        **move.key._asdict(),
        "id": tx.new_id(),
        "quantity_milli": move.quantity,
        "kind": move.kind,
        "document_id": move.document_id,
        "reference": move.reference,
        "moved_on": move.moved_on,
        "value_minor": None if move.value is None else move.value.minor,
        "actor": tx.cause.actor,
        "recorded_at": tx.now,
    }


def add_document(
    tx: Transaction, *, number: str, kind: str, warehouse_id: str, booked_on: date, reference: str | None
) -> str:
    """Store the head of a booking and return its id."""
    document_id = tx.new_id()
    tx.connection.execute(
        insert(stock_document).values(
            id=document_id,
            number=number,
            kind=kind,
            warehouse_id=warehouse_id,
            booked_on=booked_on,
            reference=reference,
            actor=tx.cause.actor,
            created_at=tx.now,
        )
    )
    return document_id
