"""Looking at what customers hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, literal, select, tuple_
from sqlalchemy.types import Date

from libs.common.db import Prepared
from libs.common.db.types import Id
from libs.common.quantity import Quantity
from services.service_desk.store.tables import customer, installed_item, installed_serial, item
from services.service_desk.store.teams import SIGHT


@dataclass(frozen=True)
class HeldSerial:
    """A unit of a shipped line, and the day on which it came back, if it did."""

    serial: str
    returned_on: date | None


@dataclass(frozen=True)
class InstalledRow:
    """One shipped line; ``item_name`` is what the item is called today, ``returned`` how much of it came back."""

    id: str
    customer_id: str
    item_id: str
    sku: str
    item_name: str
    lot: str | None
    quantity: Quantity
    order_id: str
    order_number: str
    delivery_id: str
    delivery_number: str
    shipped_on: date
    returned: Quantity
    line_no: int
    serials: tuple[HeldSerial, ...] = ()


@dataclass(frozen=True)
class InstalledSearch:
    """What to look for; ``only_owner`` is the subject of a caller who sees only customers of their own."""

    customer_id: str | None = None
    item_id: str | None = None
    order_id: str | None = None
    lot: str | None = None
    serial: str | None = None
    only_owner: str | None = None


_TODAYS_NAME = func.coalesce(item.c.name, installed_item.c.item_name).label("item_name")


def list_installed_items(
    connection: Connection, wanted: InstalledSearch, *, after: tuple[Any, ...] | None, limit: int
) -> list[InstalledRow]:
    """Return up to ``limit`` shipped lines, the latest first, those after the position ``after``."""
    columns = installed_item.c
    statement = _matching(wanted)
    if after is not None:
        shipped_on, row_id = after
        place = tuple_(literal(shipped_on, Date), literal(row_id, Id))
        statement = statement.where(tuple_(columns.shipped_on, columns.id) < place)
    rows = connection.execute(statement.order_by(columns.shipped_on.desc(), columns.id.desc()).limit(limit))
    found = [InstalledRow(**row._asdict()) for row in rows]
    named = _serials(connection, {row.delivery_id for row in found})
    return [replace(row, serials=tuple(named.get((row.delivery_id, row.line_no), ()))) for row in found]


def _serials(connection: Connection, delivery_ids: set[str]) -> dict[tuple[str, int], list[HeldSerial]]:
    this = installed_serial.c
    query = select(installed_serial).where(this.delivery_id.in_(sorted(delivery_ids))).order_by(this.serial)
    found: dict[tuple[str, int], list[HeldSerial]] = {}
    for row in connection.execute(query):
        found.setdefault((row.delivery_id, row.line_no), []).append(HeldSerial(row.serial, row.returned_on))
    return found


def position_of(row: InstalledRow) -> tuple[date, str]:
    """Return where the row stands in the order of ``list_installed_items``."""
    return row.shipped_on, row.id


def _matching(wanted: InstalledSearch) -> Select[Any]:
    columns = installed_item.c
    statement = select(
        columns.id,
        columns.customer_id,
        columns.item_id,
        columns.sku,
        _TODAYS_NAME,
        columns.lot,
        columns.quantity_milli.label("quantity"),
        columns.order_id,
        columns.order_number,
        columns.delivery_id,
        columns.delivery_number,
        columns.shipped_on,
        columns.returned_milli.label("returned"),
        columns.line_no,
    ).select_from(installed_item.outerjoin(item, item.c.id == columns.item_id))
    for name in ("customer_id", "item_id", "order_id", "lot"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(columns[name] == value)
    if wanted.serial is not None:
        unit = installed_serial.c
        statement = statement.where(
            exists().where(
                unit.serial == wanted.serial,
                unit.delivery_id == columns.delivery_id,
                unit.line_no == columns.line_no,
            )
        )
    if wanted.only_owner is not None:
        theirs = select(customer.c.id).where(SIGHT.holds(customer.c.owner_id, wanted.only_owner))
        statement = statement.where(columns.customer_id.in_(theirs))
    return statement


@dataclass(frozen=True)
class HeldLot:
    """How much of a lot a customer received; ``lot`` is ``None`` where the item is not tracked by lot."""

    lot: str | None
    quantity: Quantity
    last_shipped_on: date


@dataclass(frozen=True)
class HeldItem:
    """How much of an item a customer received in all, and in which lots (the latest first)."""

    item_id: str
    sku: str
    name: str
    quantity: Quantity
    last_shipped_on: date
    lots: tuple[HeldLot, ...]


_COLUMNS = installed_item.c
_THEIRS = _COLUMNS.customer_id == bindparam("of_customer")
_LATEST = func.max(_COLUMNS.shipped_on)
_HOW_MANY = Prepared(select(func.count(_COLUMNS.item_id.distinct())).where(_THEIRS))
_HELD = Prepared(
    select(
        _COLUMNS.item_id,
        func.max(_COLUMNS.sku).label("sku"),
        func.max(_TODAYS_NAME.element).label("name"),
        func.sum(_COLUMNS.quantity_milli).label("quantity"),
        _LATEST.label("last_shipped_on"),
    )
    .select_from(installed_item.outerjoin(item, item.c.id == _COLUMNS.item_id))
    .where(_THEIRS)
    .group_by(_COLUMNS.item_id)
    .order_by(_LATEST.desc(), _COLUMNS.item_id)
    .limit(bindparam("most"))
)
_LOTS = Prepared(
    select(
        _COLUMNS.item_id,
        _COLUMNS.lot,
        func.sum(_COLUMNS.quantity_milli).label("quantity"),
        _LATEST.label("day"),
    )
    .where(_THEIRS, _COLUMNS.item_id.in_(bindparam("item_ids", expanding=True)))
    .group_by(_COLUMNS.item_id, _COLUMNS.lot)
    .order_by(_LATEST.desc(), _COLUMNS.item_id, _COLUMNS.lot)
    .limit(bindparam("most"))
)


def count_held_items(connection: Connection, customer_id: str) -> int:
    """Return of how many different items the customer holds something."""
    return int(connection.execute(_HOW_MANY, {"of_customer": customer_id}).scalar_one())


def held_items(connection: Connection, customer_id: str, *, limit: int, lot_limit: int) -> list[HeldItem]:
    """Return the ``limit`` items that the customer received last, with up to ``lot_limit`` lots over all of them."""
    rows = connection.execute(_HELD, {"of_customer": customer_id, "most": limit}).all()
    lots = _lots(connection, customer_id, [row.item_id for row in rows], lot_limit)
    return [HeldItem(**row._asdict(), lots=tuple(lots.get(row.item_id, ()))) for row in rows]


def _lots(
    connection: Connection, customer_id: str, item_ids: list[str], limit: int
) -> dict[str, list[HeldLot]]:
    found: dict[str, list[HeldLot]] = {}
    if not item_ids:
        return found
    for row in connection.execute(_LOTS, {"of_customer": customer_id, "item_ids": item_ids, "most": limit}):
        found.setdefault(row.item_id, []).append(HeldLot(row.lot, row.quantity, row.day))
    return found
