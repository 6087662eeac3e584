"""Goods on their way to customers who are invoiced once they have signed; their account is locked first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from libs.common.db import Prepared, Transaction
from libs.common.money import Money
from libs.common.quantity import Quantity
from services.finance.domain.in_transit import Arrival, Travelling
from services.finance.store.billing_tables import arrival, travelling

_OF_DELIVERY = travelling.c.delivery_id == bindparam("b_delivery_id")
_LOCK = Prepared(
    select(travelling).where(_OF_DELIVERY).order_by(travelling.c.order_line_id).with_for_update()
)
_KNOWN = Prepared(select(travelling.c.order_id).where(_OF_DELIVERY).limit(1))
_OF_ORDER = Prepared(
    select(travelling.c.order_line_id, travelling.c.left_milli, travelling.c.refused_milli).where(
        travelling.c.order_id == bindparam("b_order_id")
    )
)
_ADD = Prepared(insert(travelling))
_SET = Prepared(
    update(travelling)
    .where(_OF_DELIVERY, travelling.c.order_line_id == bindparam("b_line_id"))
    .values(
        left_milli=bindparam("b_left"),
        refused_milli=bindparam("b_refused"),
        back_before_milli=travelling.c.back_before_milli + bindparam("b_back"),
        cost_left_minor=bindparam("b_cost"),
    )
)
_ARRIVAL = Prepared(select(arrival).where(arrival.c.delivery_id == bindparam("b_delivery_id")))
_ADD_ARRIVAL = Prepared(insert(arrival))
_FORGET = Prepared(
    update(arrival)
    .where(arrival.c.order_id == bindparam("b_order_id"), arrival.c.return_number == bindparam("b_number"))
    .values(return_number=None)
)


@dataclass(frozen=True)
class Left:
    """What is left of a line, what of that was ``refused``, and what just came back before anybody signed for it."""

    line: Travelling
    refused: Quantity
    back_before: Quantity


def lock(connection: Connection, delivery_id: str) -> list[Travelling]:
    """Return what is on its way with a delivery, line by line; none where it was invoiced as it left."""
    rows = connection.execute(_LOCK, {"b_delivery_id": delivery_id})
    return [_to_line(row) for row in rows]


def is_known(connection: Connection, delivery_id: str) -> bool:
    """Tell whether a delivery is invoiced as it arrives; whoever then changes what is left locks its account first."""
    return connection.execute(_KNOWN, {"b_delivery_id": delivery_id}).first() is not None


def _to_line(row: Row[Any]) -> Travelling:
    cost = None if row.cost_left_minor is None else Money(row.cost_left_minor, row.cost_currency)
    return Travelling(row.order_line_id, row.left_milli, cost)


def add(
    tx: Transaction,
    order_id: str,
    delivery: tuple[str, str, date],
    lines: Iterable[Travelling],
) -> None:
    """Insert what left with a ``delivery`` (its id, its number and its day)."""
    delivery_id, number, shipped_on = delivery
    rows = [
        {
            "delivery_id": delivery_id,
            "order_line_id": line.order_line_id,
            "order_id": order_id,
            "delivery_number": number,
            "shipped_on": shipped_on,
            "shipped_milli": line.quantity,
            "left_milli": line.quantity,
            "refused_milli": Quantity.zero(),
            "back_before_milli": Quantity.zero(),
            "cost_currency": line.cost.currency if line.cost else None,
            "cost_left_minor": line.cost.minor if line.cost else None,
        }
        for line in lines
    ]
    tx.connection.execute(_ADD, rows)


def keep(connection: Connection, delivery_id: str, left: Iterable[Left]) -> None:
    """Store what is left of locked lines."""
    rows = [
        {
            "b_delivery_id": delivery_id,
            "b_line_id": each.line.order_line_id,
            "b_left": each.line.quantity,
            "b_refused": each.refused,
            "b_back": each.back_before,
            "b_cost": None if each.line.cost is None else each.line.cost.minor,
        }
        for each in left
    ]
    if rows:
        connection.execute(_SET, rows)


def still_to_arrive(connection: Connection, order_id: str) -> dict[str, Quantity]:
    """Return how much of each order line is on its way and may yet be invoiced."""
    found: dict[str, Quantity] = {}
    for row in connection.execute(_OF_ORDER, {"b_order_id": order_id}):
        quantity = row.left_milli - row.refused_milli
        found[row.order_line_id] = found.get(row.order_line_id, Quantity.zero()) + quantity
    return found


def arrival_of(connection: Connection, delivery_id: str) -> Arrival | None:
    """Return what is kept of a delivery's arrival; ``None``: nobody has signed for it."""
    row = connection.execute(_ARRIVAL, {"b_delivery_id": delivery_id}).one_or_none()
    return None if row is None else Arrival(row.delivery_id, row.return_number)


def add_arrival(tx: Transaction, order_id: str, delivered_on: date, new: Arrival) -> None:
    """Keep that a delivery arrived; a second time breaks the key."""
    values = {
        "delivery_id": new.delivery_id,
        "order_id": order_id,
        "delivered_on": delivered_on,
        "return_number": new.return_number,
        "created_at": tx.now,
    }
    tx.connection.execute(_ADD_ARRIVAL, [values])


def forget_return(connection: Connection, order_id: str, number: str) -> None:
    """Expect the return of an arrival no more: it is inspected, or called off."""
    connection.execute(_FORGET, {"b_order_id": order_id, "b_number": number})
