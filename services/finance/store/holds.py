"""Credit holds: one row per order, the waiting ones in their customer's order of asking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, literal, or_, select, update

from libs.common.db import Prepared, Upsert, rows_among
from libs.common.money import Money
from services.finance.domain.credit import CreditHold, HoldState
from services.finance.store.tables import credit_hold

_OF_ORDER = credit_hold.c.order_id == bindparam("b_order_id")
_OF_CUSTOMER = credit_hold.c.customer_id == bindparam("b_customer_id")
_FIND = Prepared(select(credit_hold).where(_OF_ORDER))
_LOCK = Prepared(select(credit_hold).where(_OF_ORDER).with_for_update())
# Written into the statement, not given as a parameter: only so can a prepared plan use the index of the queue.
_IS_WAITING = credit_hold.c.state == literal("waiting", literal_execute=True)
_WAITING = Prepared(select(credit_hold).where(_OF_CUSTOMER, _IS_WAITING).order_by(credit_hold.c.queue_no))
_BEFORE_ANEW = Prepared(
    select(credit_hold.c.order_id).where(or_(_OF_ORDER, _OF_CUSTOMER & _IS_WAITING)).limit(1)
)
_NEXT_NO = select(func.coalesce(func.max(credit_hold.c.queue_no), 0) + 1).where(_OF_CUSTOMER)
_ADD_IF_NEW = Upsert(
    credit_hold, lambda insert: insert.on_conflict_do_nothing().returning(credit_hold.c.order_id)
)
_ENQUEUE = Upsert(
    credit_hold,
    lambda insert: (
        insert.values(queue_no=_NEXT_NO.scalar_subquery())
        .on_conflict_do_nothing()
        .returning(credit_hold.c.queue_no)
    ),
)
_SETTLE = Prepared(
    update(credit_hold)
    .where(_OF_ORDER)
    .values(
        state=bindparam("b_state"),
        held_minor=bindparam("b_held"),
        decided_at=bindparam("b_at"),
        reason=bindparam("b_reason"),
        version=credit_hold.c.version + 1,
    )
)

_GROW = Prepared(
    update(credit_hold)
    .where(_OF_ORDER, credit_hold.c.state == "granted")
    .values(
        amount_minor=credit_hold.c.amount_minor + bindparam("b_more"),
        held_minor=credit_hold.c.held_minor + bindparam("b_more"),
        version=credit_hold.c.version + 1,
    )
)


def to_hold(row: Row[Any]) -> CreditHold:
    """Return the hold of a row of the table."""
    return CreditHold(
        order_id=row.order_id,
        customer_id=row.customer_id,
        order_number=row.order_number,
        state=row.state,
        amount=Money(row.amount_minor, row.currency),
        held=Money(row.held_minor, row.currency),
        queue_no=row.queue_no,
        correlation_id=row.correlation_id,
        asked_at=row.asked_at,
        reason=row.reason,
        version=row.version,
    )


def add_if_new(connection: Connection, new: CreditHold) -> bool:
    """Insert a hold unless the order has one; return whether it was inserted."""
    inserted = connection.execute(_ADD_IF_NEW.on(connection), _values(new))
    return inserted.one_or_none() is not None


def enqueue(connection: Connection, new: CreditHold) -> CreditHold | None:
    """Insert a hold as the last of its customer's, whose account must be locked, and return it with its place.

    ``None`` when the order has a hold already.
    """
    values = _values(new) | {"b_customer_id": new.customer_id}
    del values["queue_no"]
    row = connection.execute(_ENQUEUE.on(connection), values).one_or_none()
    return None if row is None else replace(new, queue_no=row.queue_no)


def _values(new: CreditHold) -> dict[str, object]:
    return {
        "order_id": new.order_id,
        "customer_id": new.customer_id,
        "order_number": new.order_number,
        "state": new.state,
        "currency": new.amount.currency,
        "amount_minor": new.amount.minor,
        "held_minor": new.held.minor,
        "queue_no": new.queue_no,
        "correlation_id": new.correlation_id,
        "reason": new.reason,
        "asked_at": new.asked_at,
        "decided_at": None if new.state == "waiting" else new.asked_at,
        "version": new.version,
    }


def find(connection: Connection, order_id: str, *, locked: bool = False) -> CreditHold | None:
    """Return the order's hold, if it has one."""
    row = connection.execute(_LOCK if locked else _FIND, {"b_order_id": order_id}).one_or_none()
    return None if row is None else to_hold(row)


def is_next(connection: Connection, order_id: str, customer_id: str) -> bool:
    """Tell whether a request of the order would be new, and no other of the customer waits before it."""
    wanted = {"b_order_id": order_id, "b_customer_id": customer_id}
    return connection.execute(_BEFORE_ANEW, wanted).first() is None


def waiting(connection: Connection, customer_id: str) -> list[CreditHold]:
    """Return the customer's waiting requests, first come first."""
    return [to_hold(row) for row in connection.execute(_WAITING, {"b_customer_id": customer_id})]


def waiting_before(connection: Connection, customer_id: str, queue_no: int) -> tuple[int, int]:
    """Return how many requests wait before ``queue_no``, and their sum in minor units."""
    query = select(func.count(), func.coalesce(func.sum(credit_hold.c.amount_minor), 0)).where(
        credit_hold.c.customer_id == customer_id,
        _IS_WAITING,
        credit_hold.c.queue_no < queue_no,
    )
    count, total = connection.execute(query).one()
    return int(count), int(total)


def customers_of(connection: Connection, order_ids: Iterable[str]) -> set[str]:
    """Return the customers of the orders' holds; a tombstone has none."""
    query = select(credit_hold.c.customer_id).where(credit_hold.c.customer_id.is_not(None))
    rows = rows_among(connection, query, credit_hold.c.order_id, order_ids)
    return {str(row.customer_id) for row in rows}


def customers_waiting(connection: Connection) -> list[str]:
    """Return the customers that have a request waiting."""
    query = select(credit_hold.c.customer_id).where(_IS_WAITING).distinct()
    return sorted(str(row.customer_id) for row in connection.execute(query))


def settle(
    connection: Connection,
    order_id: str,
    state: HoldState,
    held: Money,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Record what became of a request, and how much is held for it now."""
    change = {"b_state": state, "b_held": held.minor, "b_at": at, "b_reason": reason}
    connection.execute(_SETTLE, {"b_order_id": order_id, **change})


def join(connection: Connection, change_id: str, order_id: str, at: datetime, reason: str) -> None:
    """End the hold of a change whose order holds the same now, and note which order that is."""
    values = {
        "state": "released",
        "held_minor": 0,
        "decided_at": at,
        "reason": reason,
        "joined_order_id": order_id,
    }
    connection.execute(
        update(credit_hold)
        .where(credit_hold.c.order_id == change_id)
        .values(version=credit_hold.c.version + 1, **values)
    )


def grow(connection: Connection, order_id: str, more: Money) -> bool:
    """Hold so much more for an order that has a granted hold; false when it has none."""
    return connection.execute(_GROW, {"b_order_id": order_id, "b_more": more.minor}).rowcount == 1
