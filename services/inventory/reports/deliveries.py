"""Delivery notes with the names that a person in the warehouse reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, String, bindparam, cast, func, select

from libs.common.db import Prepared, matches
from libs.common.quantity import Quantity
from services.inventory.reports.serials import NamedSerials, serials_of_notes
from services.inventory.store.credit_tables import delivery_credit
from services.inventory.store.tables import customer, delivery, delivery_line, item, warehouse
from services.inventory.store.teams import SIGHT

_HEAD = (
    "id", "number", "order_id", "order_number", "customer_id", "warehouse_id", "state", "promised_on", "shipped_on",
    "backorder_of", "reason", "version", "created_at", "updated_at", "credit",
)  # fmt: skip
_CREDIT = ("status", "reasons", "figures", "owner", "deadline", "escalations", "asked_at", "decided_at")
_SHOWN = (*_HEAD, "conversation_id", "customer_number", "customer_name", "warehouse_code")
# Named by their order too, by which notes are indexed: a backorder is always of the same order.
_backorder = delivery.alias("backorder")
_BACKORDERS = (
    select(func.aggregate_strings(cast(_backorder.c.id, String), ","))
    .where(_backorder.c.order_id == delivery.c.order_id, _backorder.c.backorder_of == delivery.c.id)
    .scalar_subquery()
)
_HEADS: Select[Any] = (
    select(
        *(delivery.c[name] for name in _HEAD),
        _BACKORDERS.label("backorders"),
        delivery.c.correlation_id.label("conversation_id"),
        customer.c.number.label("customer_number"),
        customer.c.name.label("customer_name"),
        warehouse.c.code.label("warehouse_code"),
        *(delivery_credit.c[name].label(f"credit_{name}") for name in _CREDIT),
    )
    .join(warehouse, warehouse.c.id == delivery.c.warehouse_id)
    .outerjoin(delivery_credit, delivery_credit.c.delivery_id == delivery.c.id)
    .outerjoin(customer, customer.c.id == delivery.c.customer_id)
)
_LINE = (
    delivery_line.c.order_line_id,
    delivery_line.c.item_id,
    delivery_line.c.quantity_milli,
    delivery_line.c.lot,
    item.c.sku,
    item.c.name.label("item_name"),
    item.c.uom,
    item.c.serial_tracked,
)
_LINES = Prepared(
    select(delivery_line.c.delivery_id, *_LINE)
    .join(item, item.c.id == delivery_line.c.item_id)
    .where(delivery_line.c.delivery_id.in_(bindparam("b_ids", expanding=True)))
    .order_by(delivery_line.c.delivery_id, delivery_line.c.position)
)
# One row per line.
_WITH_LINES = (
    _HEADS.add_columns(*_LINE)
    .join(delivery_line, delivery_line.c.delivery_id == delivery.c.id)
    .join(item, item.c.id == delivery_line.c.item_id)
    .where(delivery.c.id == bindparam("b_id"))
    .order_by(delivery_line.c.position)
)
_ONE = Prepared(_WITH_LINES)
_ONE_OF_OWNER = Prepared(_WITH_LINES.where(SIGHT.holds(customer.c.owner_id, bindparam("b_owner_id"))))


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
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class CreditShown:
    """What finance was asked about a note and said last; ``owner`` is the role that sees to it until ``deadline``."""

    status: str | None
    reasons: tuple[str, ...]
    figures: dict[str, str]
    owner: str
    deadline: datetime
    escalations: int
    asked_at: datetime
    decided_at: datetime | None


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
    credit: str
    credit_check: CreditShown | None


def find(connection: Connection, delivery_id: str, *, owner_id: str | None = None) -> DeliveryShown | None:
    """Return the note; nothing when there is none, or when its customer is not ``owner_id``'s."""
    if owner_id is None:
        rows = connection.execute(_ONE, {"b_id": delivery_id}).all()
    else:
        rows = connection.execute(_ONE_OF_OWNER, {"b_id": delivery_id, "b_owner_id": owner_id}).all()
    return _shown(rows[0], rows, _named(connection, [delivery_id], rows)) if rows else None


def list_deliveries(
    connection: Connection, filters: dict[str, Any], *, owner_id: str | None, after: str | None, limit: int
) -> list[DeliveryShown]:
    """Return up to ``limit`` notes, oldest first; with ``owner_id`` only those of that person's customers.

    ``filters``: order_id, customer_id, warehouse_id, state, number, credit.
    """
    statement = _HEADS.order_by(delivery.c.id).limit(limit)
    if owner_id is not None:
        statement = statement.where(SIGHT.holds(customer.c.owner_id, owner_id))
    for name in ("order_id", "customer_id", "warehouse_id", "state", "number", "credit"):
        if filters.get(name) is not None:
            statement = statement.where(matches(delivery.c[name], filters[name]))
    if after is not None:
        statement = statement.where(delivery.c.id > after)
    heads = connection.execute(statement).all()
    ids = [head.id for head in heads]
    lines = _lines(connection, ids)
    named = _named(connection, ids, [row for rows in lines.values() for row in rows])
    return [_shown(head, lines.get(head.id, ()), named) for head in heads]


def _shown(head: Row[Any], lines: Iterable[Row[Any]], named: NamedSerials) -> DeliveryShown:
    return DeliveryShown(
        **{name: getattr(head, name) for name in _SHOWN},
        backorders=_listed(head.backorders),
        lines=tuple(_line(row, named.get((head.id, row.order_line_id), ())) for row in lines),
        credit_check=_credit(head),
    )


def _credit(head: Row[Any]) -> CreditShown | None:
    if head.credit == "not_needed" or head.credit_owner is None:
        return None
    values = {name: getattr(head, f"credit_{name}") for name in _CREDIT}
    return CreditShown(
        **values | {"reasons": tuple(values["reasons"] or ()), "figures": values["figures"] or {}}
    )


def _listed(ids: str | None) -> tuple[str, ...]:
    """Return ids that the engine has joined by commas, in their order, which is the order in which they were made."""
    return tuple(sorted(ids.split(","))) if ids else ()


def _named(connection: Connection, ids: Sequence[str], rows: Iterable[Row[Any]]) -> NamedSerials:
    """Return the serials on notes; most notes hold no item that has any."""
    return serials_of_notes(connection, ids) if any(row.serial_tracked for row in rows) else {}


def _lines(connection: Connection, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(_LINES, {"b_ids": ids}) if ids else ():
        found.setdefault(row.delivery_id, []).append(row)
    return found


def _line(row: Row[Any], named: tuple[str, ...]) -> DeliveryLineShown:
    return DeliveryLineShown(
        row.order_line_id,
        row.item_id,
        row.sku,
        row.item_name,
        row.uom,
        row.quantity_milli,
        row.lot or None,
        named,
    )
