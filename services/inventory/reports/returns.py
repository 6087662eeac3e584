"""Returns with the names that people read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from libs.common.db import matches
from libs.common.quantity import Quantity
from services.inventory.store.serial_tables import goods_return_serial
from services.inventory.store.tables import customer, goods_return, goods_return_line, item, warehouse
from services.inventory.store.teams import SIGHT

_HEAD = (
    "id", "number", "delivery_id", "delivery_number", "order_id", "order_number", "customer_id", "state", "reason",
    "answer", "warehouse_id", "received_on", "version", "created_at", "updated_at", "ticket_id", "ticket_number",
)  # fmt: skip
_SHOWN = (*_HEAD, "conversation_id", "customer_number", "customer_name", "warehouse_code")
_HEADS: Select[Any] = (
    select(
        *(goods_return.c[name] for name in _HEAD),
        goods_return.c.correlation_id.label("conversation_id"),
        customer.c.number.label("customer_number"),
        customer.c.name.label("customer_name"),
        warehouse.c.code.label("warehouse_code"),
    )
    .outerjoin(warehouse, warehouse.c.id == goods_return.c.warehouse_id)
    .outerjoin(customer, customer.c.id == goods_return.c.customer_id)
)


@dataclass(frozen=True)
class ReturnedSerialShown:
    """A unit that is to come back, and what became of it."""

    serial: str
    outcome: str


@dataclass(frozen=True)
class ReturnLineShown:
    """A line of a return; ``outcome`` says what became of it, as far as that is known."""

    line_no: int
    order_line_id: str
    item_id: str
    sku: str
    item_name: str
    uom: str
    lot: str | None
    quantity: Quantity
    received: Quantity
    restocked: Quantity
    scrapped: Quantity
    credit: bool
    note: str | None
    outcome: str
    serials: tuple[ReturnedSerialShown, ...] = ()


@dataclass(frozen=True)
class ReturnShown:
    """A return with the customer's name and its lines."""

    id: str
    number: str
    delivery_id: str
    delivery_number: str
    order_id: str
    order_number: str
    customer_id: str
    customer_number: str | None
    customer_name: str | None
    warehouse_id: str | None
    warehouse_code: str | None
    conversation_id: str
    state: str
    reason: str
    answer: str | None
    received_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int
    lines: tuple[ReturnLineShown, ...]
    ticket_id: str | None = None
    ticket_number: str | None = None


_Named = dict[tuple[str, int], list[ReturnedSerialShown]]


def find(connection: Connection, return_id: str, *, owner_id: str | None = None) -> ReturnShown | None:
    """Return a return; nothing when there is none, or when its customer is not ``owner_id``'s."""
    statement = _HEADS.where(goods_return.c.id == return_id)
    if owner_id is not None:
        statement = statement.where(SIGHT.holds(customer.c.owner_id, owner_id))
    head = connection.execute(statement).one_or_none()
    return (
        None
        if head is None
        else _shown(
            head, _lines(connection, [return_id]).get(return_id, ()), _serials(connection, [return_id])
        )
    )


def list_returns(
    connection: Connection, filters: dict[str, Any], *, owner_id: str | None, after: str | None, limit: int
) -> list[ReturnShown]:
    """Return up to ``limit`` returns, oldest first; with ``owner_id`` only those of that person's customers.

    ``filters``: order_id, delivery_id, customer_id, state, number.
    """
    statement = _HEADS.order_by(goods_return.c.id).limit(limit)
    if owner_id is not None:
        statement = statement.where(SIGHT.holds(customer.c.owner_id, owner_id))
    for name in ("order_id", "delivery_id", "customer_id", "state", "number"):
        if filters.get(name) is not None:
            statement = statement.where(matches(goods_return.c[name], filters[name]))
    if after is not None:
        statement = statement.where(goods_return.c.id > after)
    heads = connection.execute(statement).all()
    lines = _lines(connection, [head.id for head in heads])
    named = _serials(connection, [head.id for head in heads])
    return [_shown(head, lines.get(head.id, ()), named) for head in heads]


def _lines(connection: Connection, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    line = goods_return_line.c
    query = (
        select(goods_return_line, item.c.sku, item.c.name.label("item_name"), item.c.uom)
        .join(item, item.c.id == line.item_id)
        .where(line.return_id.in_(ids))
        .order_by(line.return_id, line.line_no)
    )
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.return_id, []).append(row)
    return found


def _serials(connection: Connection, ids: Sequence[str]) -> _Named:
    this = goods_return_serial.c
    query = select(goods_return_serial).where(this.return_id.in_(ids)).order_by(this.return_id, this.serial)
    found: _Named = {}
    for row in connection.execute(query):
        shown = ReturnedSerialShown(row.serial, row.outcome)
        found.setdefault((row.return_id, row.line_no), []).append(shown)
    return found


def _shown(head: Row[Any], lines: Iterable[Row[Any]], named: _Named) -> ReturnShown:
    return ReturnShown(
        **{name: getattr(head, name) for name in _SHOWN},
        lines=tuple(_line(row, head.state, named) for row in lines),
    )


def _line(row: Row[Any], state: str, named: _Named) -> ReturnLineShown:
    return ReturnLineShown(
        line_no=row.line_no,
        order_line_id=row.order_line_id,
        item_id=row.item_id,
        sku=row.sku,
        item_name=row.item_name,
        uom=row.uom,
        lot=row.lot or None,
        quantity=row.quantity_milli,
        received=row.received_milli,
        restocked=row.restocked_milli,
        scrapped=row.scrapped_milli,
        credit=row.credit,
        note=row.note,
        outcome=_outcome(row, state),
        serials=tuple(named.get((row.return_id, row.line_no), ())),
    )


def _outcome(row: Row[Any], state: str) -> str:
    """Say in a word what became of a line."""
    if state not in ("received", "closed"):
        return "expected" if state in ("requested", "approved") else "not_received"
    if not row.received_milli:
        return "not_received"
    if row.restocked_milli and row.scrapped_milli:
        return "divided"
    if row.restocked_milli:
        return "restocked"
    return "scrapped" if row.scrapped_milli else "in_quarantine"
