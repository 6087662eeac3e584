"""What is got for one order alone: asked for line by line, and given to it as it comes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from libs.common.errors import Invalid, Refused
from libs.common.quantity import Quantity
from services.inventory.domain.reservation import Reservation, ReservationLine
from services.inventory.domain.stock import Allocation, StockKey


class OrderStillWants(Refused):
    """The requisition is for an order that still waits for it."""

    code = "order_still_wants"
    usual_cure = "cancel the order; its requisitions end with it"


class NotSentOn(Invalid):
    """A line is not for an order whose goods the supplier sends to the customer."""

    code = "not_sent_on"
    usual_cure = "take the goods in as a receipt"


class MoreThanOrderWants(Refused):
    """The supplier sent more than the order has left to ship."""

    code = "more_than_order_wants"
    usual_cure = "take the rest in as a receipt"


class Claim(Protocol):
    """What an order line has already: stock that it holds, or a place in the queue for what was not found of it."""

    @property
    def order_line_id(self) -> str:
        """The order line."""
        ...

    @property
    def quantity(self) -> Quantity:
        """How much."""
        ...


class Arrived(NamedTuple):
    """What came in for an order line, of one lot."""

    order_line_id: str
    key: StockKey
    quantity: Quantity


def missing_of(
    lines: Iterable[ReservationLine], claims: Iterable[Claim]
) -> list[tuple[ReservationLine, Quantity]]:
    """Return the lines for which something has still to come in, and how much."""
    there = _by_line((part.order_line_id, part.quantity) for part in claims)
    found = [
        (line, line.quantity - line.shipped - there.get(line.order_line_id, Quantity.zero()))
        for line in lines
    ]
    return [(line, lack) for line, lack in found if lack]


def _by_line(parts: Iterable[tuple[str, Quantity]]) -> dict[str, Quantity]:
    sums: dict[str, Quantity] = {}
    for line_id, quantity in parts:
        sums[line_id] = sums.get(line_id, Quantity.zero()) + quantity
    return sums


def give(
    reservation: Reservation, claims: Iterable[Claim], arrived: Sequence[Arrived]
) -> tuple[Allocation, ...]:
    """Return what of ``arrived`` goes to the order: as much as its lines lack, never more; the rest is free stock."""
    lacks = {line.order_line_id: lack.milli for line, lack in missing_of(reservation.lines, claims)}
    given: dict[tuple[str, StockKey], int] = {}
    for part in arrived:
        taken = min(lacks.get(part.order_line_id, 0), part.quantity.milli)
        if taken:
            lacks[part.order_line_id] -= taken
            place = (part.order_line_id, part.key)
            given[place] = given.get(place, 0) + taken
    return tuple(Allocation(line_id, key, Quantity(milli)) for (line_id, key), milli in given.items())


def where_to(order_number: str, *known: str | None) -> str:
    """Return the words by which a supplier is told where to send an order: what is ``known`` of its customer."""
    return ", ".join(each for each in (*known, f"order {order_number}") if each)


def require_wanted(wanted: Mapping[str, Quantity], sent: Iterable[tuple[str, str, Quantity]]) -> None:
    """Refuse more of an order line than it lacks; ``sent`` are (field, order line, quantity)."""
    left = dict(wanted)
    for field, line_id, quantity in sent:
        lack = left.get(line_id, Quantity.zero())
        if quantity > lack:
            raise MoreThanOrderWants(
                f"the order has {lack} of this line left", field=field, left=lack, sent=quantity
            )
        left[line_id] = lack - quantity
