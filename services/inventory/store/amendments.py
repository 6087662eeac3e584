"""What became of changes of orders, and how one is written into a reservation, its lines and its notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from libs.common.db import Transaction
from libs.common.quantity import Quantity
from services.inventory.domain.delivery import OPEN_STATES
from services.inventory.domain.reservation import Reservation
from services.inventory.store.amendment_tables import reservation_change
from services.inventory.store.fulfilment_tables import missing_part
from services.inventory.store.tables import allocation, delivery, reservation, reservation_line, waiting


@dataclass(frozen=True)
class Decided:
    """What the warehouse answered to a change."""

    change_id: str
    order_id: str
    change_no: int
    outcome: str
    fully_shipped: bool
    reason: str | None = None
    detail: str | None = None


def find(connection: Connection, change_id: str) -> Decided | None:
    """Return what was answered to a change, or nothing as long as nothing was."""
    columns = (reservation_change.c[name] for name in Decided.__dataclass_fields__)
    row = connection.execute(
        select(*columns).where(reservation_change.c.change_id == change_id)
    ).one_or_none()
    return None if row is None else Decided(**row._asdict())


def add(tx: Transaction, decided: Decided) -> None:
    """Store what is answered to a change, once."""
    tx.connection.execute(insert(reservation_change).values(**vars(decided), decided_at=tx.now))


def has_notes(connection: Connection, order_id: str) -> bool:
    """Tell whether an order had any delivery note yet."""
    query = select(exists().where(delivery.c.order_id == order_id))
    return bool(connection.execute(query).scalar_one())


def write_lines(tx: Transaction, before: Reservation, after: Reservation) -> None:
    """Store which lines a locked reservation has, and how much of each is wanted."""
    old = {line.order_line_id: line for line in before.lines}
    for line in after.lines:
        was = old.pop(line.order_line_id, None)
        if was is None:
            _add_line(tx.connection, after.id, line.order_line_id, line.item_id, line.quantity)
        elif was.quantity != line.quantity:
            tx.connection.execute(
                update(reservation_line)
                .where(
                    reservation_line.c.reservation_id == after.id,
                    reservation_line.c.order_line_id == line.order_line_id,
                )
                .values(quantity_milli=line.quantity)
            )
    for gone in old:
        for table in (allocation, reservation_line):
            tx.connection.execute(
                delete(table).where(table.c.reservation_id == after.id, table.c.order_line_id == gone)
            )


def _add_line(
    connection: Connection, reservation_id: str, order_line_id: str, item_id: str, quantity: Quantity
) -> None:
    last = select(func.coalesce(func.max(reservation_line.c.position), -1)).where(
        reservation_line.c.reservation_id == reservation_id
    )
    connection.execute(
        insert(reservation_line).values(
            reservation_id=reservation_id,
            order_line_id=order_line_id,
            position=connection.execute(last).scalar_one() + 1,
            item_id=item_id,
            quantity_milli=quantity,
            shipped_milli=Quantity.zero(),
        )
    )


def write_head(tx: Transaction, after: Reservation, promised_on: date | None) -> None:
    """Store the number of the last change of a locked reservation, and what is promised, also on its open notes."""
    this = reservation.c.id == after.id
    head = {"change_no": after.change_no, "promised_on": promised_on}
    tx.connection.execute(update(reservation).where(this).values(**head))
    if after.promised_on == promised_on:
        return
    tx.connection.execute(
        update(delivery)
        .where(delivery.c.order_id == after.order_id, delivery.c.state.in_(OPEN_STATES))
        .values(promised_on=promised_on, version=delivery.c.version + 1, updated_at=tx.now)
    )


def want_less_missing(
    tx: Transaction, reservation_id: str, less: Iterable[tuple[str, str, Quantity]]
) -> None:
    """Let a locked order lack so much less (order line, item, quantity), and want as much less in the queues."""
    for order_line_id, item_id, quantity in less:
        line = (missing_part.c.reservation_id == reservation_id) & (
            missing_part.c.order_line_id == order_line_id
        )
        place = (waiting.c.reservation_id == reservation_id) & (waiting.c.item_id == item_id)
        for table, this in ((missing_part, line), (waiting, place)):
            # A row of nothing is refused by its table, so the one that would be is taken away.
            gone = delete(table).where(this, table.c.quantity_milli == quantity.milli)
            if tx.connection.execute(gone).rowcount == 0:
                rest = table.c.quantity_milli - quantity.milli
                tx.connection.execute(update(table).where(this).values(quantity_milli=rest))
