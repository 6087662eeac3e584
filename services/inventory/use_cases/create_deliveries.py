"""Make the delivery notes of a confirmed order, one per warehouse that holds a part of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from libs.common.db import Transaction, next_number
from libs.common.errors import Later
from libs.common.outbox import publish
from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery, made_after, milli_by_line
from services.inventory.domain.reservation import Reservation
from services.inventory.domain.stock import Allocation
from services.inventory.events import DeliveryCreated, DeliveryLine
from services.inventory.store import deliveries, reservations


def create_deliveries(
    tx: Transaction,
    order_id: str,
    *,
    customer_id: str,
    promised_on: date | None,
    confirmed_at: datetime | None = None,
) -> list[Delivery]:
    """Turn what the order has reserved into delivery notes that are ready, once; ``Later`` before it is reserved."""
    reservation = reservations.lock_head(tx.connection, order_id)
    if reservation is None or reservation.state == "waiting":
        raise Later(f"the stock of order {order_id} is not reserved yet")
    if reservation.state != "reserved":
        return []
    by_warehouse: dict[str, list[Allocation]] = {}
    for part in reservations.held_without_note(tx.connection, reservation):
        by_warehouse.setdefault(part.key.warehouse_id, []).append(part)
    promised = promised_on or reservation.promised_on
    return [
        _create(tx, reservation, warehouse_id, lines, customer_id, promised, confirmed_at)
        for warehouse_id, lines in sorted(by_warehouse.items())
    ]


def _create(
    tx: Transaction,
    reservation: Reservation,
    warehouse_id: str,
    lines: list[Allocation],
    customer_id: str,
    promised_on: date | None,
    confirmed_at: datetime | None,
) -> Delivery:
    return add_delivery(
        tx,
        Delivery(
            id=tx.new_id(),
            number="",
            order_id=reservation.order_id,
            order_number=reservation.order_number,
            customer_id=customer_id,
            warehouse_id=warehouse_id,
            correlation_id=reservation.correlation_id,
            state="ready",
            lines=tuple(lines),
            promised_on=promised_on,
            ordered_at=reservation.ordered_at,
            reserved_at=reservation.reserved_at,
            confirmed_at=confirmed_at,
            took_ms=made_after(reservation, tx.now),
        ),
    )


def add_delivery(tx: Transaction, draft: Delivery) -> Delivery:
    """Give ``draft`` the next number, store it and tell of it."""
    number = f"DN-{next_number(tx, 'delivery'):06d}"
    delivery = replace(draft, number=number)
    deliveries.add(tx, delivery)
    items = {line.order_line_id: line.key.item_id for line in delivery.lines}
    lines = tuple(
        DeliveryLine(order_line_id, items[order_line_id], Quantity(milli))
        for order_line_id, milli in milli_by_line(delivery.lines).items()
    )
    event = DeliveryCreated(
        delivery_id=delivery.id,
        number=delivery.number,
        order_id=delivery.order_id,
        order_number=delivery.order_number,
        customer_id=delivery.customer_id,
        warehouse_id=delivery.warehouse_id,
        lines=lines,
        promised_on=delivery.promised_on,
        backorder_of=delivery.backorder_of,
    )
    publish(tx, event, correlation_id=delivery.correlation_id)
    return delivery
