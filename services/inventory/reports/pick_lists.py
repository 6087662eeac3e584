"""Pick lists as a person walks them: by item and lot, with whom each is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from libs.common.db import matches
from libs.common.quantity import Quantity
from services.inventory.reports.serials import NamedSerials, serials_of_notes
from services.inventory.store.fulfilment_tables import pick_list, pick_list_note
from services.inventory.store.tables import delivery, delivery_line, item, stock, warehouse


@dataclass(frozen=True)
class PickFor:
    """How much of a line of the list is for a note, with the serials that were named for it."""

    delivery_id: str
    number: str
    order_number: str
    order_line_id: str
    quantity: Quantity
    serials: tuple[str, ...]


@dataclass(frozen=True)
class PickLine:
    """An item, and lot, with what is to be taken of it for all notes together."""

    item_id: str
    sku: str
    item_name: str
    uom: str
    lot: str | None
    expires_on: date | None
    tracking: str
    quantity: Quantity
    notes: tuple[PickFor, ...]


@dataclass(frozen=True)
class PickListShown:
    """A pick list; ``lines`` only where one list is shown, and only of notes that were not given up."""

    id: str
    number: str
    state: str
    warehouse_id: str
    warehouse_code: str
    made_by: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    lines: tuple[PickLine, ...] = ()


def list_pick_lists(
    connection: Connection, filters: dict[str, Any], *, after: str | None, limit: int
) -> list[PickListShown]:
    """Return up to ``limit`` lists without their lines, oldest first; ``filters``: id, state, warehouse_id."""
    names = ("id", "number", "state", "warehouse_id", "made_by", "created_at", "updated_at", "version")
    statement = (
        select(*(pick_list.c[name] for name in names), warehouse.c.code.label("warehouse_code"))
        .join(warehouse, warehouse.c.id == pick_list.c.warehouse_id)
        .order_by(pick_list.c.id)
        .limit(limit)
    )
    for name in ("id", "state", "warehouse_id"):
        if filters.get(name) is not None:
            statement = statement.where(matches(pick_list.c[name], filters[name]))
    if after is not None:
        statement = statement.where(pick_list.c.id > after)
    return [PickListShown(**row._asdict()) for row in connection.execute(statement)]


def find_pick_list(connection: Connection, pick_list_id: str) -> PickListShown | None:
    """Return a list with its lines, or nothing."""
    found = list_pick_lists(connection, {"id": pick_list_id}, after=None, limit=1)
    if not found:
        return None
    return PickListShown(**(vars(found[0]) | {"lines": _lines(connection, pick_list_id)}))


def _lines(connection: Connection, pick_list_id: str) -> tuple[PickLine, ...]:
    """Group what the notes hold by item and lot; until it is picked that is what is proposed."""
    line = delivery_line.c
    statement = (
        select(
            line.item_id, item.c.sku, item.c.name, item.c.uom, line.lot, stock.c.expires_on, line.delivery_id,
            delivery.c.number, delivery.c.order_number, line.order_line_id, line.quantity_milli,
            item.c.lot_tracked, item.c.serial_tracked,
        )
        .join(delivery, delivery.c.id == line.delivery_id)
        .join(pick_list_note, pick_list_note.c.delivery_id == delivery.c.id)
        .join(item, item.c.id == line.item_id)
        .outerjoin(
            stock,
            (stock.c.item_id == line.item_id)
            & (stock.c.warehouse_id == delivery.c.warehouse_id)
            & (stock.c.lot == line.lot),
        )
        .where(pick_list_note.c.pick_list_id == pick_list_id, delivery.c.state != "cancelled")
        .order_by(item.c.sku, line.lot, pick_list_note.c.position, line.position)
    )  # fmt: skip
    groups: dict[tuple[str, str], list[Any]] = {}
    for row in connection.execute(statement):
        groups.setdefault((row.item_id, row.lot), []).append(row)
    named = serials_of_notes(
        connection, {row.delivery_id for rows in groups.values() for row in rows if row.serial_tracked}
    )
    return tuple(_line(rows, named) for rows in groups.values())


def _line(rows: list[Any], named: NamedSerials) -> PickLine:
    first = rows[0]
    notes = tuple(
        PickFor(
            row.delivery_id,
            row.number,
            row.order_number,
            row.order_line_id,
            row.quantity_milli,
            named.get((row.delivery_id, row.order_line_id), ()),
        )
        for row in rows
    )
    return PickLine(
        item_id=first.item_id,
        sku=first.sku,
        item_name=first.name,
        uom=first.uom,
        lot=first.lot or None,
        expires_on=first.expires_on,
        tracking="serial" if first.serial_tracked else "lot" if first.lot_tracked else "none",
        quantity=Quantity(sum(each.quantity.milli for each in notes)),
        notes=notes,
    )
