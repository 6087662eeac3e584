"""Delivery notes with the names that a person in the warehouse reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, select

from libs.common.db import Prepared
from libs.common.quantity import Quantity
from services.inventory.store.tables import customer, delivery, delivery_line, item, warehouse

_HEAD = (
    "id", "number", "order_id", "order_number", "customer_id", "warehouse_id", "state", "promised_on", "shipped_on",
    "backorder_of", "reason", "version", "created_at", "updated_at",
)  # fmt: skip
_HEADS: Select[Any] = (
    select(
        *(delivery.c[name] for name in _HEAD),
        delivery.c.correlation_id.label("conversation_id"),
        customer.c.number.label("customer_number"),
        customer.c.name.label("customer_name"),
        warehouse.c.code.label("warehouse_code"),
    )
    .join(warehouse, warehouse.c.id == delivery.c.warehouse_id)
    .outerjoin(customer, customer.c.id == delivery.c.customer_id)
)
_ONE = _HEADS.where(delivery.c.id == bindparam("b_id"))
_ONE_OF_OWNER = _ONE.where(customer.c.owner_id == bindparam("b_owner_id"))
_IDS: BindParameter[Any] = bindparam("b_ids", expanding=True)
_LINES = Prepared(
    select(delivery_line, item.c.sku, item.c.name, item.c.uom)
    .join(item, item.c.id == delivery_line.c.item_id)
    .where(delivery_line.c.delivery_id.in_(_IDS))
    .order_by(delivery_line.c.delivery_id, delivery_line.c.position)
)
# Named by their order too, by which notes are indexed: a backorder is always of the same order.
_BACKORDERS = Prepared(
    select(delivery.c.backorder_of, delivery.c.id)
    .where(
        delivery.c.order_id.in_(bindparam("b_order_ids", expanding=True)), delivery.c.backorder_of.in_(_IDS)
    )
    .order_by(delivery.c.id)
)


@dataclass(frozen=True)
class DeliveryLineShown:
    """A line of a note: one per order line and lot."""

    order_line_id: str
    item_id: str
    sku: str
    item_name: str
    uom: str
    quantity: Quantity
    lot: str | None


@dataclass(frozen=True)
class DeliveryShown:
    """A note with its addressee; ``backorders`` are the notes that took what did not leave with it."""

    id: str
    number: str
    order_id: str
    order_number: str
    customer_id: str
    customer_number: str | None
    customer_name: str | None
    warehouse_id: str
    warehouse_code: str
    conversation_id: str
    state: str
    promised_on: date | None
    shipped_on: date | None
    backorder_of: str | None
    backorders: tuple[str, ...]
    reason: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    lines: tuple[DeliveryLineShown, ...]


def find(connection: Connection, delivery_id: str, *, owner_id: str | None = None) -> DeliveryShown | None:
    """Return the note; nothing when there is none, or when its customer is not ``owner_id``'s."""
    statement = _ONE if owner_id is None else _ONE_OF_OWNER
    found = _shown(connection, statement, {"b_id": delivery_id, "b_owner_id": owner_id})
    return found[0] if found else None


def list_deliveries(
    connection: Connection, filters: dict[str, Any], *, owner_id: str | None, after: str | None, limit: int
) -> list[DeliveryShown]:
    """Return up to ``limit`` notes, oldest first; with ``owner_id`` only those of that person's customers.

    ``filters``: order_id, customer_id, warehouse_id, state, number.
    """
    statement = _HEADS.order_by(delivery.c.id).limit(limit)
    if owner_id is not None:
        statement = statement.where(customer.c.owner_id == owner_id)
    for name in ("order_id", "customer_id", "warehouse_id", "state", "number"):
        if filters.get(name) is not None:
            statement = statement.where(delivery.c[name] == filters[name])
    if after is not None:
        statement = statement.where(delivery.c.id > after)
    return _shown(connection, statement, {})


def _shown(connection: Connection, statement: Select[Any], wanted: dict[str, Any]) -> list[DeliveryShown]:
    heads = connection.execute(statement, wanted).all()
    ids = [head.id for head in heads]
    if not ids:
        return []
    lines = _lines(connection, ids)
    backorders = _backorders(connection, ids, sorted({head.order_id for head in heads}))
    return [
        DeliveryShown(
            **head._asdict(), lines=tuple(lines[head.id]), backorders=tuple(backorders.get(head.id, ()))
        )
        for head in heads
    ]


def _lines(connection: Connection, ids: Sequence[str]) -> dict[str, list[DeliveryLineShown]]:
    found: dict[str, list[DeliveryLineShown]] = {delivery_id: [] for delivery_id in ids}
    for row in connection.execute(_LINES, {"b_ids": ids}):
        found[row.delivery_id].append(_line(row))
    return found


def _line(row: Row[Any]) -> DeliveryLineShown:
    return DeliveryLineShown(
        row.order_line_id, row.item_id, row.sku, row.name, row.uom, row.quantity_milli, row.lot or None
    )


def _backorders(connection: Connection, ids: Sequence[str], order_ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for origin, backorder in connection.execute(_BACKORDERS, {"b_ids": ids, "b_order_ids": order_ids}):
        found.setdefault(origin, []).append(backorder)
    return found
