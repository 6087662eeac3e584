"""Transfers: goods that go from one warehouse to another, and lie in neither while they are under way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from libs.common.errors import Invalid, NotFound, Refused
from libs.common.quantity import Quantity
from services.inventory.domain.items import NO_LOT
from services.inventory.domain.stock import StockKey, StockRow

TransferState = Literal["requested", "shipped", "received", "cancelled"]
_NOTHING = Quantity.zero()
_NO_EXPIRY = date.max


class TransferNotFound(NotFound):
    """There is no such transfer."""

    code = "transfer_not_found"
    usual_cure = "choose one from GET /api/v1/transfers"


class TransferStateRefuses(Refused):
    """The transfer is past the point where this could be done, or not there yet."""

    code = "transfer_state"
    usual_cure = "read the transfer again and go on from its present state"


class SameWarehouse(Invalid):
    """Goods cannot be transferred to where they are."""

    code = "same_warehouse"
    usual_cure = "name two warehouses"


class TransferShort(Refused):
    """Less is available in the warehouse than the transfer would take: the rest is promised to orders, or not there."""

    code = "transfer_short"


class PartNotUnderWay(Invalid):
    """A line, or lot of it, was named that is not under way."""

    code = "part_not_under_way"
    usual_cure = "read the transfer again and name what was shipped"


class MoreThanUnderWay(Refused):
    """More was to arrive, or to be lost, than is under way."""

    code = "more_than_under_way"


class NothingArrived(Invalid):
    """Neither anything arrived nor anything is lost."""

    code = "nothing_arrived"
    usual_cure = "give what arrived or was lost of at least one line"


class LossNeedsReason(Invalid):
    """Something was lost, and nobody says how."""

    code = "loss_needs_reason"
    usual_cure = "say in reason what became of it"


@dataclass(frozen=True)
class TransferLine:
    """What was asked for; with ``lot`` just that one, else the lots that expire first."""

    line_no: int
    item_id: str
    quantity: Quantity
    lot: str | None = None


@dataclass(frozen=True)
class TransferPart:
    """What left of a line, of one lot, and what became of it."""

    line_no: int
    item_id: str
    lot: str
    shipped: Quantity
    received: Quantity = _NOTHING
    lost: Quantity = _NOTHING

    @property
    def under_way(self) -> Quantity:
        """What has neither arrived nor is lost."""
        return self.shipped - self.received - self.lost


@dataclass(frozen=True)
class Transfer:
    """Goods on their way between two warehouses.

    *requested*: nothing moved, nothing is held. *shipped*: out of the one, not in the other; parts may have arrived.
    *received*: all of it arrived or is lost. *cancelled*: given up before it left.
    """

    id: str
    number: str
    from_id: str
    to_id: str
    state: TransferState
    lines: tuple[TransferLine, ...]
    parts: tuple[TransferPart, ...] = ()
    requested_by: str | None = None
    note: str | None = None
    shipped_on: date | None = None
    reason: str | None = None
    version: int = 1

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items on it, in the order in which they are locked."""
        return tuple(sorted({line.item_id for line in self.lines}))


@dataclass(frozen=True)
class Arrival:
    """What arrived of a shipped part, and what did not and never will."""

    line_no: int
    received: Quantity = _NOTHING
    lost: Quantity = _NOTHING
    lot: str | None = None
    serials: tuple[str, ...] = ()
    lost_serials: tuple[str, ...] = ()


def require_state(transfer: Transfer, states: Sequence[TransferState], verb: str) -> None:
    """Refuse what cannot be done in the present state."""
    if transfer.state not in states:
        raise TransferStateRefuses(
            f"{transfer.number} is {transfer.state} and cannot be {verb}", state=transfer.state
        )


def ship(transfer: Transfer, rows: Sequence[StockRow], on: date) -> Transfer:
    """Return the transfer with its goods taken from ``rows``, those of its warehouse; refuse what is not available."""
    require_state(transfer, ("requested",), "shipped")
    left = {row.key: row.free.milli for row in rows}
    parts: list[TransferPart] = []
    for index, line in enumerate(transfer.lines):
        parts += _draw(line, sorted(rows, key=_first_out), left, f"lines.{index}")
    return replace(transfer, state="shipped", parts=tuple(parts), shipped_on=on)


def _first_out(row: StockRow) -> tuple[date, str]:
    return row.expires_on or _NO_EXPIRY, row.age


def _draw(
    line: TransferLine, rows: Sequence[StockRow], left: dict[StockKey, int], field: str
) -> list[TransferPart]:
    # What has expired goes only where somebody names its lot: it is not drawn by itself.
    of_item = [row for row in rows if row.key.item_id == line.item_id]
    fitting = [row for row in of_item if (not row.expired if line.lot is None else row.key.lot == line.lot)]
    missing, drawn = line.quantity.milli, []
    for row in fitting:
        taken = min(missing, max(0, left[row.key]))
        if taken:
            drawn.append(TransferPart(line.line_no, line.item_id, row.key.lot, Quantity(taken)))
            left[row.key] -= taken
            missing -= taken
    if missing:
        available = Quantity(line.quantity.milli - missing)
        raise TransferShort(
            f"line {line.line_no}: {available} of {line.quantity} are available there",
            field=field,
            cure="wait for more, or cancel the transfer and ask for less",
            line_no=line.line_no,
            available=available,
        )
    return drawn


def receive(transfer: Transfer, arrivals: Sequence[Arrival], reason: str | None) -> Transfer:
    """Return the transfer with what arrived and what is lost; received once nothing is under way any more.

    Without arrivals, all of it came.
    """
    require_state(transfer, ("shipped",), "received")
    given = arrivals or [
        Arrival(part.line_no, part.under_way, lot=part.lot) for part in transfer.parts if part.under_way
    ]
    changed: dict[tuple[int, str], TransferPart] = {}
    for index, arrival in enumerate(given):
        part = _part(transfer, arrival, f"lines.{index}")
        if (part.line_no, part.lot) in changed:
            raise PartNotUnderWay("the line is named twice", field=f"lines.{index}", cure="name it once")
        changed[part.line_no, part.lot] = _settled(part, arrival, f"lines.{index}")
    if not any(arrival.received or arrival.lost for arrival in given):
        raise NothingArrived("nothing of it arrived", field="lines")
    if any(arrival.lost for arrival in given) and not reason:
        raise LossNeedsReason("something is lost", field="reason")
    parts = tuple(changed.get((part.line_no, part.lot), part) for part in transfer.parts)
    state: TransferState = "shipped" if any(part.under_way for part in parts) else "received"
    return replace(transfer, parts=parts, state=state, reason=reason or transfer.reason)


def _part(transfer: Transfer, arrival: Arrival, field: str) -> TransferPart:
    of_line = [part for part in transfer.parts if part.line_no == arrival.line_no]
    if not of_line:
        raise PartNotUnderWay(f"{transfer.number} has no line {arrival.line_no}", field=f"{field}.line_no")
    found = [part for part in of_line if arrival.lot is None or part.lot == (arrival.lot or NO_LOT)]
    if len(found) != 1:
        lots = ", ".join(part.lot for part in of_line if part.lot)
        raise PartNotUnderWay(f"line {arrival.line_no} left in the lots: {lots}", field=f"{field}.lot")
    return found[0]


def _settled(part: TransferPart, arrival: Arrival, field: str) -> TransferPart:
    if arrival.received + arrival.lost > part.under_way:
        raise MoreThanUnderWay(
            f"{part.under_way} of line {part.line_no} are under way",
            field=f"{field}.received",
            cure="book what is more as a receipt or an adjustment",
            under_way=part.under_way,
        )
    return replace(part, received=part.received + arrival.received, lost=part.lost + arrival.lost)


def cancel(transfer: Transfer, reason: str) -> Transfer:
    """Return the transfer given up; nothing has moved."""
    require_state(transfer, ("requested",), "cancelled")
    return replace(transfer, state="cancelled", reason=reason)


def moved(before: Transfer, after: Transfer) -> list[tuple[TransferPart, Quantity, Quantity]]:
    """Return, for each part that changed, what arrived of it and what was lost."""
    was: Mapping[tuple[int, str], TransferPart] = {(part.line_no, part.lot): part for part in before.parts}
    found = []
    for part in after.parts:
        old = was[part.line_no, part.lot]
        if part != old:
            found.append((part, part.received - old.received, part.lost - old.lost))
    return found
