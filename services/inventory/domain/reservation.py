"""The promise of stock to one order: waiting, partial, reserved, released, rejected, recorded, consumed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from libs.common.quantity import LIMIT_MILLI, Quantity
from services.inventory.domain.items import Item
from services.inventory.domain.stock import Allocation, WantedLine, wanted_by_item

_NOTHING = Quantity.zero()
ReservationState = Literal[
    "waiting", "partial", "reserved", "released", "rejected", "recorded", "sourcing", "consumed"
]


@dataclass(frozen=True)
class ReservationLine:
    """An order line: what was asked for and what of it has left the house."""

    order_line_id: str
    item_id: str
    quantity: Quantity
    shipped: Quantity = _NOTHING

    @property
    def wanted(self) -> WantedLine:
        """The line as the allocation of stock sees it."""
        return WantedLine(self.order_line_id, self.item_id, self.quantity)


@dataclass(frozen=True)
class Reservation:
    """One order's claim on stock.

    *waiting*: holds nothing and stands in the queue at ``queue_no``. *partial*: has got a part, which it holds or
    which has left, and stands in the queue for the rest; only where it ``takes_part``. *reserved*: everything is
    allocated.
    *consumed*: everything was shipped. *rejected*: could never be filled, ``reason`` says why. *released*: given
    up, or forbidden in advance (a tombstone without lines, when the release overtook the request). *recorded*: an
    order of another system, which claims nothing here; it only counts what its past deliveries shipped.
    ``ordered_at`` is when sales asked, ``reserved_at`` when everything was there, or the first part that may leave.

    *sourcing*: what it wants is got for it alone, and it holds what of that has come in; *reserved* when all has,
    unless the ``source`` is the supplier, who sends it on.

    ``ship_complete``: nothing of it leaves the house before all of it can. ``change_no`` is the number of the last
    change of the order that it follows; 0: none. ``confirmed_at``: the order was confirmed while what it held was
    taken back; ``credit_since`` is the same where it is sold on credit, also of what its supplier is to send on.
    """

    id: str
    order_id: str
    order_number: str
    customer_id: str | None
    correlation_id: str
    state: ReservationState
    ordered_on: date | None = None
    promised_on: date | None = None
    queue_no: int | None = None
    reason: str | None = None
    detail: str | None = None
    lines: tuple[ReservationLine, ...] = ()
    version: int = 1
    ordered_at: datetime | None = None
    reserved_at: datetime | None = None
    ship_complete: bool = False
    source: str = "stock"
    change_no: int = 0
    confirmed_at: datetime | None = None
    credit_since: datetime | None = None
    takes_part: bool = False

    @property
    def in_queue(self) -> bool:
        """Whether it waits for something that somebody else may get before it."""
        return self.state in ("waiting", "partial")

    @property
    def sends_parts(self) -> bool:
        """Whether what it holds may leave although the rest is not there: it is confirmed before, and has notes."""
        return self.takes_part and not self.ship_complete

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items it concerns, in the order in which they are locked."""
        return tuple(sorted({line.item_id for line in self.lines}))

    @property
    def fully_shipped(self) -> bool:
        """Whether nothing is left to ship."""
        return all(line.shipped == line.quantity for line in self.lines)


@dataclass(frozen=True)
class Rejection:
    """Why a request can never be filled: a code for programs and a sentence for people."""

    reason: str
    detail: str


def reject_reason(lines: Sequence[WantedLine], items: Mapping[str, Item]) -> Rejection | None:
    """Return why ``lines`` can never be reserved, or nothing; ``items`` are those that inventory knows."""
    if not lines:
        return Rejection("no_lines", "the order has no lines")
    if len({line.order_line_id for line in lines}) != len(lines):
        return Rejection("line_named_twice", "the same order line was named twice")
    for line in lines:
        found = _line_reject_reason(line, items.get(line.item_id))
        if found is not None:
            return found
    return _total_reject_reason(lines, items)


def _total_reject_reason(lines: Sequence[WantedLine], items: Mapping[str, Item]) -> Rejection | None:
    for item_id, milli in wanted_by_item(lines).items():
        if milli > LIMIT_MILLI:
            return Rejection(
                "quantity_too_large", f"the lines want more of {items[item_id].sku} than can exist"
            )
    return None


def _line_reject_reason(line: WantedLine, item: Item | None) -> Rejection | None:
    if item is None:
        return Rejection("unknown_item", f"there is no item {line.item_id}")
    if not item.active:
        return Rejection("item_inactive", f"{item.sku} is not sold any more")
    if line.quantity.milli <= 0:
        return Rejection("quantity_not_positive", f"{line.quantity} {item.uom} of {item.sku} is not positive")
    if not line.quantity.fits(item.decimals):
        return Rejection(
            "quantity_too_fine",
            f"{line.quantity} {item.uom} of {item.sku}: allowed are {item.decimals} decimals",
        )
    return None


def out_of_stock(lines: Sequence[WantedLine], items: Mapping[str, Item]) -> Rejection:
    """Return why ``lines``, which may not wait, are refused: not all of it is there and free."""
    skus = ", ".join(sorted({items[line.item_id].sku for line in lines}))
    return Rejection("out_of_stock", f"not all of it is there: {skus}")


def reserve(reservation: Reservation, now: datetime) -> Reservation:
    """Return the reservation once everything it wants has been allocated."""
    return replace(reservation, state="reserved", queue_no=None, reserved_at=reservation.reserved_at or now)


def served(reservation: Reservation, held: Collection[Allocation], now: datetime) -> Reservation:
    """Return the reservation of one in the queue as what it holds makes it; it keeps its place as long as it lacks any.

    *waiting*: it has got nothing, or had to give it back.
    """
    if not rest_of(reservation, held):
        return reserve(reservation, now)
    if not held and not any(line.shipped for line in reservation.lines):
        return replace(reservation, state="waiting")
    since = reservation.reserved_at or (now if reservation.sends_parts else None)
    return replace(reservation, state="partial", reserved_at=since)


def rest_of(reservation: Reservation, held: Iterable[Allocation]) -> tuple[WantedLine, ...]:
    """Return what is neither shipped nor held of each line; lines of which nothing is left are not named."""
    holds: dict[str, int] = {}
    for part in held:
        holds[part.order_line_id] = holds.get(part.order_line_id, 0) + part.quantity.milli
    found = (
        WantedLine(
            line.order_line_id,
            line.item_id,
            Quantity(line.quantity.milli - line.shipped.milli - holds.get(line.order_line_id, 0)),
        )
        for line in reservation.lines
    )
    return tuple(line for line in found if line.quantity)


def release(reservation: Reservation, reason: str) -> tuple[Reservation, bool]:
    """Return the reservation given up, and whether that changed anything.

    What was shipped stays shipped; a consumed, rejected, recorded or already released one stays what it is.
    """
    if reservation.state not in ("waiting", "partial", "reserved", "sourcing"):
        return reservation, False
    return replace(reservation, state="released", queue_no=None, reason=reason), True


def ship(reservation: Reservation, shipped: Iterable[Allocation]) -> Reservation:
    """Return the reservation after ``shipped`` has left; consumed when nothing remains."""
    milli: dict[str, int] = {}
    for part in shipped:
        milli[part.order_line_id] = milli.get(part.order_line_id, 0) + part.quantity.milli
    lines = tuple(
        replace(line, shipped=line.shipped + Quantity(milli.get(line.order_line_id, 0)))
        for line in reservation.lines
    )
    after = replace(reservation, lines=lines)
    return replace(after, state="consumed") if after.fully_shipped else after
