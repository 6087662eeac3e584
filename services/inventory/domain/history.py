"""Deliveries of another system: what had left the house before this one counted stock. They move no stock here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from libs.common.errors import MeridianError
from libs.common.quantity import Quantity
from services.inventory.domain.dates import document_date
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.errors import (
    LineNotOnOrder,
    MoreThanOrdered,
    NothingShipped,
    NumberOfSeries,
    OrderNotRecorded,
)
from services.inventory.domain.items import Item, require_lot, require_quantity
from services.inventory.domain.reservation import Reservation, ReservationLine
from services.inventory.domain.stock import Allocation, StockKey

_SERIES = re.compile(r"DN-[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class PastLine:
    """What left of an order line; several lots of a line are several lines."""

    order_line_id: str
    quantity: Quantity
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class PastDelivery:
    """A delivery note of another system, with the number that it had there."""

    number: str
    order_id: str
    shipped_on: date
    lines: tuple[PastLine, ...]


def faults_of(
    past: PastDelivery, order: Reservation | None, items: Mapping[str, Item], today: date
) -> Iterator[MeridianError]:
    """Give everything for which ``past`` cannot be written down, each with its field (``lines.<place>.<name>``).

    ``order`` counts what earlier deliveries shipped of it.
    """
    if _SERIES.match(past.number):
        cure = "give another number"
        yield NumberOfSeries(f"{past.number} is of the series that new notes get", field="number", cure=cure)
    if not past.lines:
        yield NothingShipped(f"delivery {past.number} has no lines", field="number")
    try:
        document_date(past.shipped_on, today, "shipped_on")
    except MeridianError as fault:
        yield fault
    if order is None or order.state not in ("recorded", "consumed"):
        yield OrderNotRecorded("the order was not brought in from another system", field="order_id")
    else:
        yield from _line_faults(past, order, items)


def _line_faults(
    past: PastDelivery, order: Reservation, items: Mapping[str, Item]
) -> Iterator[MeridianError]:
    left = {line.order_line_id: line.quantity - line.shipped for line in order.lines}
    ordered = {line.order_line_id: line for line in order.lines}
    for place, line in enumerate(past.lines):
        try:
            _check_line(f"lines.{place}", line, ordered.get(line.order_line_id), items)
            left[line.order_line_id] = _taken(f"lines.{place}", line, left[line.order_line_id])
        except MeridianError as fault:
            yield fault


def _check_line(
    where: str, line: PastLine, ordered: ReservationLine | None, items: Mapping[str, Item]
) -> None:
    if ordered is None:
        raise LineNotOnOrder("the order has no such line", field=f"{where}.order_line_id")
    item = items[ordered.item_id]
    require_quantity(item, line.quantity, f"{where}.quantity")
    require_lot(item, line.lot, f"{where}.lot")


def _taken(where: str, line: PastLine, left: Quantity) -> Quantity:
    if line.quantity > left:
        raise MoreThanOrdered(
            f"{line.quantity} shipped, {left} of the line left",
            field=f"{where}.quantity",
            cure="correct the shipment, or the order's line",
            left=left,
        )
    return left - line.quantity


def record_delivery(
    past: PastDelivery, order: Reservation, *, delivery_id: str, warehouse_id: str
) -> Delivery:
    """Return the note, shipped, that ``past``, which is without fault, becomes."""
    item_of = {line.order_line_id: line.item_id for line in order.lines}
    return Delivery(
        id=delivery_id,
        number=past.number,
        order_id=order.order_id,
        order_number=order.order_number,
        customer_id=order.customer_id or "",
        warehouse_id=warehouse_id,
        correlation_id=order.correlation_id,
        state="shipped",
        promised_on=order.promised_on,
        shipped_on=past.shipped_on,
        lines=tuple(
            Allocation(
                line.order_line_id,
                StockKey(item_of[line.order_line_id], warehouse_id, line.lot or ""),
                line.quantity,
            )
            for line in past.lines
        ),
    )
