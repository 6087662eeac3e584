"""Looking at serials: where each is, and how it came there, forwards and backwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, literal, select, tuple_

from libs.common.db import matches
from libs.common.db.types import Id
from services.inventory.domain.serial_errors import SerialNotFound
from services.inventory.store.serial_tables import serial, serial_event
from services.inventory.store.tables import customer, item, warehouse

NamedSerials = Mapping[tuple[str, str], tuple[str, ...]]
_FILTERS = ("item_id", "serial", "customer_id", "warehouse_id", "state", "document_id")


@dataclass(frozen=True)
class SerialShown:
    """A serial with the names of what it is and where it is."""

    item_id: str
    sku: str
    serial: str
    state: str
    warehouse_id: str | None
    warehouse_code: str | None
    customer_id: str | None
    customer_number: str | None
    customer_name: str | None
    document_id: str
    changed_at: datetime


@dataclass(frozen=True)
class SerialEventShown:
    """What happened to a serial: when, by which document, and by whom."""

    kind: str
    state: str
    warehouse_code: str | None
    customer_id: str | None
    customer_number: str | None
    customer_name: str | None
    document_id: str
    reference: str
    actor: str | None
    recorded_at: datetime


@dataclass(frozen=True)
class SerialTraced(SerialShown):
    """A serial with all that happened to it, oldest first."""

    trace: tuple[SerialEventShown, ...]


_PLACES = (
    warehouse.c.code.label("warehouse_code"),
    customer.c.number.label("customer_number"),
    customer.c.name.label("customer_name"),
)
_SHOWN: Select[Any] = (
    select(serial, item.c.sku, *_PLACES)
    .join(item, item.c.id == serial.c.item_id)
    .outerjoin(warehouse, warehouse.c.id == serial.c.warehouse_id)
    .outerjoin(customer, customer.c.id == serial.c.customer_id)
)
_TRACE: Select[Any] = (
    select(serial_event, *_PLACES)
    .outerjoin(warehouse, warehouse.c.id == serial_event.c.warehouse_id)
    .outerjoin(customer, customer.c.id == serial_event.c.customer_id)
)


def list_serials(
    connection: Connection, filters: dict[str, Any], *, after: tuple[str, str] | None, limit: int
) -> list[SerialShown]:
    """Return up to ``limit`` serials by number and item, behind ``after``; ``filters`` are ``_FILTERS``."""
    statement = _SHOWN.order_by(serial.c.serial, serial.c.item_id).limit(limit)
    for name in _FILTERS:
        if filters.get(name) is not None:
            statement = statement.where(matches(serial.c[name], filters[name]))
    if after is not None:
        place = (literal(after[0]), literal(after[1], Id))
        statement = statement.where(tuple_(serial.c.serial, serial.c.item_id) > tuple_(*place))
    return [SerialShown(**_head(row)) for row in connection.execute(statement)]


def trace(connection: Connection, item_id: str, name: str) -> SerialTraced:
    """Return a serial with its history; refuse one that there is not."""
    statement = _SHOWN.where(serial.c.item_id == item_id, serial.c.serial == name)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise SerialNotFound("there is no such serial of this item", field="serial")
    events = _TRACE.where(serial_event.c.item_id == item_id, serial_event.c.serial == name)
    rows = connection.execute(events.order_by(serial_event.c.id))
    return SerialTraced(**_head(row), trace=tuple(_event(each) for each in rows))


def _head(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SerialShown.__dataclass_fields__}


def _event(row: Row[Any]) -> SerialEventShown:
    return SerialEventShown(**{name: getattr(row, name) for name in SerialEventShown.__dataclass_fields__})


def serials_of_notes(connection: Connection, delivery_ids: Collection[str]) -> NamedSerials:
    """Return the serials of delivery notes, by note and order line: what is picked for them, or left with them."""
    ids = sorted(delivery_ids)
    picked = select(serial.c.document_id, serial.c.line_id, serial.c.serial).where(
        serial.c.document_id.in_(ids), serial.c.state == "picked"
    )
    left = select(serial_event.c.document_id, serial_event.c.line_id, serial_event.c.serial).where(
        serial_event.c.document_id.in_(ids), serial_event.c.kind == "shipped"
    )
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for document_id, line_id, name in sorted(
        {tuple(row) for query in (picked, left) for row in connection.execute(query)}
    ):
        found[document_id, line_id] = (*found.get((document_id, line_id), ()), name)
    return found
