"""What arrived of orders, and when they were late."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Connection, cast, func, insert, select

from libs.common.db import Transaction, upsert_into
from libs.common.quantity import Quantity
from services.sales.domain.arrival import Arrival
from services.sales.store.arrival_tables import order_arrival, order_arrival_line, order_delay
from services.sales.store.tables import sales_order

_HEAD = ("delivery_id", "number", "shipped_on", "delivered_on", "signed_by", "on_time", "return_number")


def add(tx: Transaction, order_id: str, new: Arrival) -> bool:
    """Store that a delivery arrived, which it does once; true when a ticket wanted the order that it is of.

    That is asked on the way: hardly any order was wanted by one, so there is no look of its own for it.
    """
    head = {name: getattr(new, name) for name in _HEAD} | {"order_id": order_id, "recorded_at": tx.now}
    statement = upsert_into(tx.connection, order_arrival).values(**head).on_conflict_do_nothing()
    of_ticket = select(sales_order.c.ticket_request_id.is_not(None)).where(sales_order.c.id == order_id)
    added = tx.connection.execute(statement.returning(of_ticket.scalar_subquery())).first()
    if added is None:
        return False
    rows = [
        {
            "delivery_id": new.delivery_id,
            "order_line_id": part.order_line_id,
            "delivered_milli": part.delivered,
            "refused_milli": part.refused,
        }
        for part in new.parts
    ]
    tx.connection.execute(insert(order_arrival_line), rows)
    return bool(added[0])


def add_delay(tx: Transaction, order_id: str, promised_on: date, noticed_on: date, waits_for: str) -> None:
    """Store that an order was late for a day; once for each day that was promised."""
    row = {
        "order_id": order_id,
        "promised_on": promised_on,
        "noticed_on": noticed_on,
        "waits_for": waits_for,
        "recorded_at": tx.now,
    }
    tx.connection.execute(upsert_into(tx.connection, order_delay).values(**row).on_conflict_do_nothing())


def delivered_by_line(connection: Connection, order_id: str) -> dict[str, tuple[Quantity, Quantity]]:
    """Return, by order line, what came to the door and what of it was refused."""
    line = order_arrival_line.c
    statement = (
        select(
            line.order_line_id,
            cast(func.sum(line.delivered_milli), BigInteger),
            cast(func.sum(line.refused_milli), BigInteger),
        )
        .join(order_arrival, order_arrival.c.delivery_id == line.delivery_id)
        .where(order_arrival.c.order_id == order_id)
        .group_by(line.order_line_id)
    )
    return {row[0]: (Quantity(int(row[1])), Quantity(int(row[2]))) for row in connection.execute(statement)}
