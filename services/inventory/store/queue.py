"""The queues of those who wait for stock: per item, in the order of their requests.

Orders of customers wait for all that they want at once, or for what they have not got of it (``waiting``), production
orders for what they still lack (``component_want``); their numbers are of one series, so everybody's place among all is
known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    distinct,
    func,
    insert,
    select,
    type_coerce,
    union_all,
)

from libs.common.db import matches
from services.inventory.domain.queue import Holder, Waiter
from services.inventory.store.production_tables import component_want
from services.inventory.store.tables import allocation, reservation, reservation_line, stock, waiting

_UP_TO = bindparam("b_up_to", type_=BigInteger)
_ALL = union_all(
    select(
        waiting.c.item_id,
        waiting.c.queue_no,
        waiting.c.quantity_milli,
        waiting.c.reservation_id.label("whose"),
    ),
    select(
        component_want.c.item_id,
        component_want.c.queue_no,
        component_want.c.quantity_milli,
        component_want.c.production_order_id,
    ),
).subquery("all_who_wait")
_WANTED = (
    select(_ALL.c.item_id, func.sum(_ALL.c.quantity_milli))
    .where(_ALL.c.item_id.in_(bindparam("b_item_ids", expanding=True)))
    .group_by(_ALL.c.item_id)
)
_WANTED_UP_TO = _WANTED.where(_ALL.c.queue_no <= _UP_TO)


def enter(connection: Connection, reservation_id: str, queue_no: int, wants: Mapping[str, int]) -> None:
    """Put an order at the end of the queue of each item that it wants (milli by item)."""
    connection.execute(
        insert(waiting),
        [
            {
                "item_id": item_id,
                "queue_no": queue_no,
                "reservation_id": reservation_id,
                "quantity_milli": milli,
            }
            for item_id, milli in sorted(wants.items())
        ],
    )


def leave(connection: Connection, reservation_id: str) -> None:
    """Take an order out of every queue."""
    connection.execute(delete(waiting).where(waiting.c.reservation_id == reservation_id))


def want(connection: Connection, reservation_id: str, queue_no: int, wants: Mapping[str, int]) -> None:
    """Let an order wait at its place for ``wants`` (milli by item), and for nothing else."""
    leave(connection, reservation_id)
    if wants:
        enter(connection, reservation_id, queue_no, wants)


def wanted(connection: Connection, item_ids: Collection[str], *, up_to: int | None = None) -> dict[str, int]:
    """Return the milli of each item that all who wait want; only those up to number ``up_to``, if given."""
    statement = _WANTED if up_to is None else _WANTED_UP_TO
    found = connection.execute(statement, {"b_item_ids": sorted(item_ids), "b_up_to": up_to})
    return {item_id: int(milli) for item_id, milli in found}


def count(connection: Connection, item_ids: Collection[str], *, up_to: int) -> int:
    """Return how many, up to number ``up_to``, wait for any of ``item_ids``."""
    statement = select(func.count(distinct(_ALL.c.whose))).where(_of(item_ids, up_to=up_to))
    return int(connection.execute(statement).scalar_one())


def candidates(connection: Connection, item_id: str, *, after: int, limit: int) -> dict[str, int]:
    """Return the next ``limit`` reservations in an item's queue behind number ``after``, with their numbers."""
    statement = (
        select(waiting.c.reservation_id, waiting.c.queue_no)
        .where(waiting.c.item_id == item_id, waiting.c.queue_no > after)
        .order_by(waiting.c.queue_no)
        .limit(limit)
    )
    return {row.reservation_id: row.queue_no for row in connection.execute(statement)}


def waiting_among(connection: Connection, reservation_ids: Collection[str]) -> dict[str, int]:
    """Return those of the orders that wait for anything, with their numbers."""
    statement = select(waiting.c.reservation_id, waiting.c.queue_no).where(
        waiting.c.reservation_id.in_(sorted(reservation_ids))
    )
    return {row.reservation_id: row.queue_no for row in connection.execute(statement)}


def items_of(connection: Connection, reservation_ids: Collection[str]) -> dict[str, set[str]]:
    """Return, by reservation, the items on its lines, whether it waits for them still or has them: what to lock."""
    found: dict[str, set[str]] = {}
    statement = select(reservation_line.c.reservation_id, reservation_line.c.item_id).distinct()
    for reservation_id, item_id in connection.execute(
        statement.where(reservation_line.c.reservation_id.in_(sorted(reservation_ids)))
    ):
        found.setdefault(reservation_id, set()).add(item_id)
    return found


def waiters(
    connection: Connection, item_ids: Collection[str], *, after: int, up_to: int, servable: Collection[str]
) -> list[Waiter]:
    """Return who waits for any of ``item_ids`` behind ``after`` and up to ``up_to``, and for how much of them."""
    statement = select(_ALL)
    numbers: dict[str, int] = {}
    wants: dict[str, dict[str, int]] = {}
    for row in connection.execute(statement.where(_of(item_ids, up_to=up_to), _ALL.c.queue_no > after)):
        numbers[row.whose] = row.queue_no
        wants.setdefault(row.whose, {})[row.item_id] = row.quantity_milli
    takers = _takers(connection, servable)
    return [
        Waiter(key, numbers[key], wants[key], servable=key in servable, takes_part=key in takers)
        for key in numbers
    ]


def _takers(connection: Connection, reservation_ids: Collection[str]) -> set[str]:
    """Return those that take what there is; what was promised once and not found is wanted together."""
    query = select(reservation.c.id).where(
        reservation.c.id.in_(sorted(reservation_ids)),
        reservation.c.takes_part,
        reservation.c.queue_no.is_not(None),
    )
    return set(connection.execute(query).scalars())


def holders(connection: Connection, item_ids: Collection[str]) -> list[Holder]:
    """Return who holds any of ``item_ids`` and cannot use it yet, because it leaves only when the rest is there.

    What has expired and is set aside is of no use to anybody: the job takes that promise back.
    """
    query = (
        select(
            reservation.c.id,
            reservation.c.queue_no,
            allocation.c.item_id,
            func.sum(type_coerce(allocation.c.held_milli, BigInteger)),
        )
        .join(allocation, allocation.c.reservation_id == reservation.c.id)
        .join(
            stock,
            (stock.c.item_id == allocation.c.item_id)
            & (stock.c.warehouse_id == allocation.c.warehouse_id)
            & (stock.c.lot == allocation.c.lot),
        )
        .where(
            ~stock.c.expired,
            matches(reservation.c.state, "partial"),
            reservation.c.ship_complete,
            allocation.c.item_id.in_(sorted(item_ids)),
            allocation.c.held_milli > 0,
        )
        .group_by(reservation.c.id, reservation.c.queue_no, allocation.c.item_id)
    )
    return [Holder(row[0], row[1], row[2], int(row[3])) for row in connection.execute(query)]


def items_waited_by(connection: Connection, reservation_id: str) -> list[str]:
    """Return the items that one order waits for."""
    query = select(waiting.c.item_id).where(waiting.c.reservation_id == reservation_id)
    return list(connection.execute(query).scalars())


def who_waits_for(item_id: str) -> Select[tuple[str]]:
    """Return the query for the reservations of the orders that wait for an item."""
    return select(waiting.c.reservation_id).where(waiting.c.item_id == item_id)


def items_waited_for(connection: Connection, item_ids: Collection[str]) -> list[str]:
    """Return those of ``item_ids`` that somebody waits for."""
    statement = select(_ALL.c.item_id).distinct().where(_of(item_ids)).order_by(_ALL.c.item_id)
    return list(connection.execute(statement).scalars())


def _of(item_ids: Collection[str], *, up_to: int | None = None) -> ColumnElement[Any]:
    condition = _ALL.c.item_id.in_(sorted(item_ids))
    return condition if up_to is None else condition & (_ALL.c.queue_no <= up_to)
