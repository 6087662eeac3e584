"""Holds: the reasons why orders wait, open and released."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from libs.common.db import Prepared, Transaction
from libs.common.errors import VersionMismatch
from services.sales.domain.holds import Hold, HoldCode
from services.sales.store.tables import order_hold

_OF_ORDERS = Prepared(
    select(order_hold)
    .where(order_hold.c.order_id.in_(bindparam("order_ids", expanding=True)))
    .order_by(order_hold.c.since, order_hold.c.id)
)
_OPEN = Prepared(
    select(order_hold).where(
        order_hold.c.order_id == bindparam("of_order"),
        order_hold.c.code == bindparam("of_code"),
        order_hold.c.released_at.is_(None),
    )
)


def of_order(connection: Connection, order_id: str) -> tuple[Hold, ...]:
    """Return all holds of an order, released ones too, in the order of their placing."""
    return of_orders(connection, [order_id]).get(order_id, ())


def of_orders(connection: Connection, order_ids: list[str]) -> dict[str, tuple[Hold, ...]]:
    """Return all holds of several orders, by order."""
    found: dict[str, tuple[Hold, ...]] = {}
    for row in connection.execute(_OF_ORDERS, {"order_ids": order_ids}):
        found[row.order_id] = (*found.get(row.order_id, ()), Hold(**row._asdict()))
    return found


def find_open(connection: Connection, order_id: str, code: HoldCode) -> Hold | None:
    """Return the hold of this code that an order waits on, or nothing."""
    row = connection.execute(_OPEN, {"of_order": order_id, "of_code": code}).one_or_none()
    return None if row is None else Hold(**row._asdict())


def add(tx: Transaction, new: Hold) -> None:
    """Store a new hold; a second open one of its code on the same order breaks a constraint."""
    tx.connection.execute(insert(order_hold).values(**vars(new)))


def save(tx: Transaction, changed: Hold) -> None:
    """Store a changed hold that is still open in the database."""
    values = {name: value for name, value in vars(changed).items() if name not in ("id", "order_id", "code")}
    still_open = (order_hold.c.id == changed.id) & order_hold.c.released_at.is_(None)
    if tx.connection.execute(update(order_hold).where(still_open).values(**values)).rowcount != 1:
        raise VersionMismatch(f"the {changed.code} hold was released meanwhile")


def overdue(connection: Connection, now: datetime, limit: int) -> list[tuple[str, HoldCode]]:
    """Return order and code of open holds whose deadline has passed, up to ``limit``."""
    statement = (
        select(order_hold.c.order_id, order_hold.c.code)
        .where(order_hold.c.released_at.is_(None), order_hold.c.deadline <= now)
        .order_by(order_hold.c.deadline)
        .limit(limit)
    )
    return [(row.order_id, row.code) for row in connection.execute(statement)]
