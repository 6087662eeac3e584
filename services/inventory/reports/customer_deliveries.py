"""How a customer has been delivered to: the inventory section of the view of one customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, bindparam, case, func, select

from libs.common.db import Prepared
from services.inventory.domain.delivery import OPEN_STATES
from services.inventory.store import customers
from services.inventory.store.tables import delivery, reservation
from services.inventory.store.teams import SIGHT

_SHIPPED = ("shipped", "delivered")
_LAST = 10


@dataclass(frozen=True)
class DeliveryLine:
    """A note in short; ``on_time`` is unknown where nothing was promised or it has not left."""

    delivery_id: str
    number: str
    order_id: str
    order_number: str
    state: str
    promised_on: date | None
    shipped_on: date | None
    on_time: bool | None


@dataclass(frozen=True)
class DeliverySummary:
    """Counts over all time, the oldest open notes and the last shipments (ten of each at most).

    ``on_time`` and ``late`` compare the day of shipment with the promised one; shipments without a promise are
    in neither. ``orders_waiting`` are those that wait for stock.
    """

    customer_id: str
    shipments: int
    on_time: int
    late: int
    open_deliveries: int
    orders_waiting: int
    last_shipped_on: date | None
    open: tuple[DeliveryLine, ...]
    last_shipments: tuple[DeliveryLine, ...]


def delivery_summary(
    connection: Connection, customer_id: str, *, owner_id: str | None
) -> DeliverySummary | None:
    """Return how the customer was delivered to; nothing when he is unknown or is not ``owner_id``'s."""
    known = customers.find(connection, customer_id)
    if known is None or not SIGHT.shows(connection, known.owner_id, owner_id):
        return None
    counts = connection.execute(_COUNTS, {"of_customer": customer_id}).one()
    return DeliverySummary(
        customer_id=customer_id,
        shipments=counts.shipments,
        on_time=counts.on_time,
        late=counts.late,
        open_deliveries=counts.open,
        orders_waiting=_orders_waiting(connection, customer_id),
        last_shipped_on=counts.last_shipped_on,
        open=_notes(connection, _OPEN, customer_id),
        last_shipments=_notes(connection, _LAST_SHIPMENTS, customer_id),
    )


def _counts() -> Sequence[ColumnElement[Any]]:
    gone = delivery.c.state.in_(_SHIPPED)
    return (
        _number(gone).label("shipments"),
        _number(gone & (delivery.c.shipped_on <= delivery.c.promised_on)).label("on_time"),
        _number(gone & (delivery.c.shipped_on > delivery.c.promised_on)).label("late"),
        _number(delivery.c.state.in_(OPEN_STATES)).label("open"),
        func.max(delivery.c.shipped_on).label("last_shipped_on"),
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _of_state(states: Sequence[str], order: ColumnElement[Any]) -> Prepared:
    these = (delivery.c.customer_id == _OF_CUSTOMER, delivery.c.state.in_(states))
    return Prepared(select(*_NOTE).where(*these).order_by(order, delivery.c.id.desc()).limit(_LAST))


_OF_CUSTOMER: BindParameter[str] = bindparam("of_customer")
_NOTE = tuple(
    delivery.c[name]
    for name in ("id", "number", "order_id", "order_number", "state", "promised_on", "shipped_on")
)
_COUNTS = Prepared(select(*_counts()).where(delivery.c.customer_id == _OF_CUSTOMER))
_WAITING = Prepared(
    select(func.count()).where(reservation.c.customer_id == _OF_CUSTOMER, reservation.c.queue_no.is_not(None))
)
_OPEN = _of_state(OPEN_STATES, delivery.c.id.asc())
_LAST_SHIPMENTS = _of_state(_SHIPPED, delivery.c.shipped_on.desc())


def _orders_waiting(connection: Connection, customer_id: str) -> int:
    return int(connection.execute(_WAITING, {"of_customer": customer_id}).scalar_one())


def _notes(connection: Connection, these: Prepared, customer_id: str) -> tuple[DeliveryLine, ...]:
    return tuple(_note(row) for row in connection.execute(these, {"of_customer": customer_id}))


def _note(row: Row[Any]) -> DeliveryLine:
    judged = row.promised_on is not None and row.shipped_on is not None
    return DeliveryLine(
        row.id,
        row.number,
        row.order_id,
        row.order_number,
        row.state,
        row.promised_on,
        row.shipped_on,
        row.shipped_on <= row.promised_on if judged else None,
    )
