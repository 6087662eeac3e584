"""What customers hold: add, and find by what a ticket names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, select, type_coerce, update

from libs.common.db import Transaction, Upsert, chunks
from libs.common.quantity import Quantity
from services.service_desk.domain.installed import InstalledItem
from services.service_desk.store.tables import installed_item, installed_serial

_ADD = Upsert(
    installed_item,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["delivery_id", "line_no"]),
)


_ADD_SERIALS = Upsert(
    installed_serial,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["delivery_id", "line_no", "serial"]),
)


def add(tx: Transaction, rows: Iterable[InstalledItem]) -> None:
    """Store the lines of delivery notes; those that are there already stay as they are."""
    new = list(rows)
    for some in chunks(new):
        tx.connection.execute(_ADD.on(tx.connection), [_values(row, tx.now) for row in some])
    for units in chunks(values for row in new for values in _serials(row, tx.now)):
        tx.connection.execute(_ADD_SERIALS.on(tx.connection), units)


def _values(row: InstalledItem, now: datetime) -> dict[str, Any]:
    values = vars(row) | {"quantity_milli": row.quantity, "created_at": now}
    del values["quantity"], values["serials"]
    return values


def _serials(row: InstalledItem, now: datetime) -> Iterator[dict[str, Any]]:
    for name in row.serials:
        yield {
            "delivery_id": row.delivery_id,
            "line_no": row.line_no,
            "serial": name,
            "item_id": row.item_id,
            "created_at": now,
        }


@dataclass(frozen=True)
class Held:
    """A shipped line and how much of it the customer still holds."""

    id: str
    held: Quantity


def of_delivery(connection: Connection, delivery_id: str, item_id: str, lot: str | None) -> list[Held]:
    """Return the lines of an item and lot of a delivery, in their order, each with what is still held of it."""
    this = installed_item.c
    query = select(this.id, this.quantity_milli, this.returned_milli).where(
        this.delivery_id == delivery_id, this.item_id == item_id, this.lot.is_not_distinct_from(lot)
    )
    rows = connection.execute(query.order_by(this.line_no).with_for_update())
    return [Held(row.id, row.quantity_milli - row.returned_milli) for row in rows]


@dataclass(frozen=True)
class ShippedPart:
    """A shipped line: whose it is, where it came from, how much left, and how much of that is still held."""

    id: str
    customer_id: str
    delivery_id: str
    line_no: int
    order_id: str
    item_id: str
    lot: str | None
    shipped: Quantity
    held: Quantity


def lock_part(connection: Connection, row_id: str) -> ShippedPart | None:
    """Return a shipped line, or nothing, and keep it to this transaction."""
    query = select(installed_item).where(installed_item.c.id == row_id).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    names = ("id", "customer_id", "delivery_id", "line_no", "order_id", "item_id", "lot")
    shipped = row.quantity_milli
    plain = {name: getattr(row, name) for name in names}
    return ShippedPart(**plain, shipped=shipped, held=shipped - row.returned_milli)


def held_serials(connection: Connection, part: ShippedPart) -> set[str]:
    """Return the serials of a shipped line that are still held."""
    this = installed_serial.c
    query = select(this.serial).where(
        this.delivery_id == part.delivery_id, this.line_no == part.line_no, this.returned_on.is_(None)
    )
    return set(connection.execute(query).scalars())


def give_back(connection: Connection, row_id: str, quantity: Quantity) -> None:
    """Note that so much more of a line came back; the table refuses more than was shipped."""
    more = type_coerce(installed_item.c.returned_milli, BigInteger) + quantity.milli
    connection.execute(
        update(installed_item).where(installed_item.c.id == row_id).values(returned_milli=more)
    )


def give_back_serials(
    connection: Connection, delivery_id: str, item_id: str, names: Collection[str], on: date
) -> None:
    """Note that units of a delivery came back."""
    this = installed_serial.c
    for some in chunks(sorted(names)):
        connection.execute(
            update(installed_serial)
            .where(this.delivery_id == delivery_id, this.item_id == item_id, this.serial.in_(some))
            .values(returned_on=on)
        )


def conversation_of(
    connection: Connection, customer_id: str, *, order_id: str | None = None, item_id: str | None = None
) -> str | None:
    """Return the conversation of something that the customer holds of the order and the item, or nothing."""
    columns = installed_item.c
    statement = select(columns.correlation_id).where(columns.customer_id == customer_id)
    if order_id is not None:
        statement = statement.where(columns.order_id == order_id)
    if item_id is not None:
        statement = statement.where(columns.item_id == item_id)
    return connection.execute(
        statement.order_by(columns.shipped_on.desc(), columns.id.desc()).limit(1)
    ).scalar()
