"""What a change of an order does to what is held for it: whether it can be, and which notes give up what is freed.

What has left, was picked, or is on a list that somebody walks with, stays. Amounts are thousandths (``milli``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.quantity import Quantity
from services.inventory.domain.delivery import Delivery
from services.inventory.domain.reservation import Rejection, Reservation, ReservationLine
from services.inventory.domain.stock import Allocation

_NOTHING = Quantity.zero()
TAKEN_BACK = Rejection("stock_taken_back", "what was reserved for the change is not held any more")


@dataclass(frozen=True)
class AmendedLine:
    """What is to be of an order line: so much in all, nothing where it is taken off the order.

    ``shipped``: so much and no more must have left, because the rest has another price; ``None``: it does not matter.
    """

    order_line_id: str
    item_id: str
    quantity: Quantity
    shipped: Quantity | None = None


def why_not(
    reservation: Reservation, wanted: Sequence[AmendedLine], joining: Reservation | None
) -> Rejection | None:
    """Return why a change cannot be, before it is looked what can be given up; ``joining`` holds what rises."""
    number = reservation.order_number
    more, less = raised(reservation, wanted), lowered(reservation, wanted)
    if reservation.state == "released":
        return Rejection("order_cancelled", f"{number} was cancelled")
    if reservation.state == "consumed":
        return Rejection("nothing_left", f"all of {number} has left")
    keeps_parts = reservation.state == "partial" and reservation.sends_parts
    if reservation.state != "reserved" and not keeps_parts and (more or less):
        return Rejection("goods_awaited", f"{number} is waiting for goods that it had been promised")
    for each in wanted:
        found = _why_not_line(each, _line(reservation, each.order_line_id))
        if found is not None:
            return found
    return _why_not_raised(more, joining)


def _why_not_line(wanted: AmendedLine, line: ReservationLine | None) -> Rejection | None:
    left = _NOTHING if line is None else line.shipped
    if wanted.quantity < left:
        return Rejection("quantity_below_shipped", f"{left} have left, {wanted.quantity} are wanted in all")
    if wanted.shipped is not None and wanted.shipped != left:
        return Rejection(
            "shipped_meanwhile", f"{left} have left; the price was changed when {wanted.shipped} had"
        )
    return None


def _why_not_raised(more: Mapping[str, int], joining: Reservation | None) -> Rejection | None:
    has = {line.order_line_id: line.quantity.milli for line in joining.lines} if joining else {}
    if more and (joining is None or joining.state != "reserved" or has != dict(more)):
        return TAKEN_BACK
    return None


def _line(reservation: Reservation, order_line_id: str) -> ReservationLine | None:
    return next((line for line in reservation.lines if line.order_line_id == order_line_id), None)


def _differences(reservation: Reservation, wanted: Iterable[AmendedLine], sign: int) -> dict[str, int]:
    found = {}
    for each in wanted:
        line = _line(reservation, each.order_line_id)
        more = sign * (each.quantity.milli - (line.quantity.milli if line else 0))
        if more > 0:
            found[each.order_line_id] = more
    return found


def raised(reservation: Reservation, wanted: Iterable[AmendedLine]) -> dict[str, int]:
    """Return by how much more of each order line is wanted."""
    return _differences(reservation, wanted, 1)


def lowered(reservation: Reservation, wanted: Iterable[AmendedLine]) -> dict[str, int]:
    """Return by how much less of each order line is wanted."""
    return _differences(reservation, wanted, -1)


@dataclass(frozen=True)
class GivenUp:
    """What is freed, and what of each note that changes stays on it; ``short`` is what nothing could be freed of."""

    parts: tuple[Allocation, ...]
    notes: tuple[tuple[Delivery, tuple[Allocation, ...]], ...]
    short: Mapping[str, int]


def give_up(less: Mapping[str, int], notes: Sequence[Delivery]) -> GivenUp:
    """Return what is freed so that each order line has so much ``less``, from the latest of ``notes`` on."""
    still = dict(less)
    freed: list[Allocation] = []
    changed = []
    for note in reversed(notes):
        stays = []
        for part in note.lines:
            taken = min(still.get(part.order_line_id, 0), part.quantity.milli)
            if taken:
                still[part.order_line_id] -= taken
                freed.append(part._replace(quantity=Quantity(taken)))
            if taken < part.quantity.milli:
                stays.append(part._replace(quantity=Quantity(part.quantity.milli - taken)))
        if tuple(stays) != note.lines:
            changed.append((note, tuple(stays)))
    return GivenUp(tuple(freed), tuple(changed), {key: milli for key, milli in still.items() if milli})


def not_free(short: Mapping[str, int], reservation: Reservation) -> Rejection:
    """Return why what is wanted less cannot be given up."""
    most = {line.order_line_id: line for line in reservation.lines}
    parts = ", ".join(
        f"{Quantity(milli)} of the {most[key].quantity} of an order line" for key, milli in short.items()
    )
    return Rejection("picked", f"{parts} were picked, or are being picked: put them back first")


def amended(reservation: Reservation, wanted: Sequence[AmendedLine], change_no: int) -> Reservation:
    """Return the reservation as the change says; *consumed* where nothing is left to ship."""
    by_id = {each.order_line_id: each for each in wanted}
    lines = [
        replace(line, quantity=by_id[line.order_line_id].quantity) if line.order_line_id in by_id else line
        for line in reservation.lines
    ]
    known = {line.order_line_id for line in lines}
    lines += [
        ReservationLine(each.order_line_id, each.item_id, each.quantity)
        for each in wanted
        if each.order_line_id not in known
    ]
    after = replace(reservation, lines=tuple(line for line in lines if line.quantity), change_no=change_no)
    return replace(after, state="consumed") if after.lines and after.fully_shipped else after


def promised_after(reservation: Reservation, before: Delivery) -> date | None:
    """Return the day that is promised of a note that follows ``before``, which no change reaches any more.

    Until a change is made the notes know the day, as it was confirmed.
    """
    return reservation.promised_on if reservation.change_no else before.promised_on
