"""How far the goods of an order have come: per line, per delivery that arrived, and when it was late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from libs.common.quantity import Quantity
from services.sales.domain.arrival import DeliveryProgress, Travelled, delivery_progress
from services.sales.domain.backorder import Backordered
from services.sales.reports.orders import one_order
from services.sales.store import arrivals, backorders
from services.sales.store.arrival_tables import order_arrival, order_delay


@dataclass(frozen=True)
class LineProgress:
    """An order line on its way; ``delivered`` came to the door, and ``refused`` of it went back.

    ``backordered`` is what the warehouse has not got for it; it can be had on ``expected_on`` by what was known then.
    """

    order_line_id: str
    line_no: int
    sku: str
    quantity: Quantity
    given_up: Quantity
    shipped: Quantity
    delivered: Quantity
    refused: Quantity
    backordered: Quantity
    expected_on: date | None


@dataclass(frozen=True)
class ArrivalShown:
    """A delivery that was signed for."""

    delivery_id: str
    number: str
    shipped_on: date
    delivered_on: date
    signed_by: str
    on_time: bool | None
    return_number: str | None


@dataclass(frozen=True)
class DelayShown:
    """A promised day that passed, and for what the order waited then."""

    promised_on: date
    noticed_on: date
    waits_for: str


@dataclass(frozen=True)
class OrderProgress:
    """How far an order's goods are."""

    order_id: str
    number: str
    promised_on: date | None
    progress: DeliveryProgress
    lines: tuple[LineProgress, ...]
    arrivals: tuple[ArrivalShown, ...]
    delays: tuple[DelayShown, ...]


def order_progress(connection: Connection, order_id: str, *, only_owner: str | None) -> OrderProgress:
    """Return how far an order's goods are; refuse one of a customer whom the caller may not know of."""
    order = one_order(connection, order_id, only_owner=only_owner)
    arrived = arrivals.delivered_by_line(connection, order_id)
    nothing = (Quantity.zero(), Quantity.zero())
    waits = backorders.by_line(connection, order_id)
    lines = tuple(
        LineProgress(
            line.id, line.line_no, line.sku, line.quantity, line.given_up, line.shipped,
            *arrived.get(line.id, nothing), *_backordered(waits.get(line.id)),
        )
        for line in order.lines
    )  # fmt: skip
    travelled = [Travelled(line.quantity - line.given_up, line.shipped, line.delivered) for line in lines]
    return OrderProgress(
        order_id=order.id,
        number=order.number,
        promised_on=order.promised_on,
        progress=delivery_progress(travelled, order.state),
        lines=lines,
        arrivals=_arrivals(connection, order_id),
        delays=_delays(connection, order_id),
    )


def _backordered(found: Backordered | None) -> tuple[Quantity, date | None]:
    return (Quantity.zero(), None) if found is None else (found.quantity, found.expected_on)


def _arrivals(connection: Connection, order_id: str) -> tuple[ArrivalShown, ...]:
    names = ("delivery_id", "number", "shipped_on", "delivered_on", "signed_by", "on_time", "return_number")
    statement = select(*(order_arrival.c[name] for name in names)).where(order_arrival.c.order_id == order_id)
    rows = connection.execute(statement.order_by(order_arrival.c.delivered_on, order_arrival.c.number))
    return tuple(ArrivalShown(*row) for row in rows)


def _delays(connection: Connection, order_id: str) -> tuple[DelayShown, ...]:
    names = ("promised_on", "noticed_on", "waits_for")
    statement = select(*(order_delay.c[name] for name in names)).where(order_delay.c.order_id == order_id)
    return tuple(
        DelayShown(*row) for row in connection.execute(statement.order_by(order_delay.c.promised_on))
    )
