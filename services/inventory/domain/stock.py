"""What lies where, and which of it an order is given.

A *stock row* is one item of one lot in one warehouse. ``on_hand`` is what lies there, ``reserved`` the part of it
that is promised to orders, the rest is available. Sums are plain whole numbers of thousandths (``milli``): what all
orders together want may exceed what a ``Quantity`` can hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from libs.common.quantity import Quantity

_NO_EXPIRY = date.max
_NO_DEMAND: Mapping[str, date] = {}


class StockKey(NamedTuple):
    """Where a stock row lies; ``lot`` is empty for items that are not tracked by lot. Sorts, for locking."""

    item_id: str
    warehouse_id: str
    lot: str


@dataclass(frozen=True, slots=True)
class StockRow:
    """One stock row, with what decides in which order rows are drawn upon."""

    key: StockKey
    on_hand: Quantity
    reserved: Quantity
    warehouse_code: str
    in_default_warehouse: bool
    expires_on: date | None
    age: str
    expired: bool = False

    @property
    def available(self) -> Quantity:
        """What is not promised to anybody; nothing of a row that is set aside because its day is over."""
        return Quantity.zero() if self.expired else self.free

    @property
    def free(self) -> Quantity:
        """What nobody holds, good or expired."""
        return self.on_hand - self.reserved

    def is_due(self, today: date) -> bool:
        """Tell whether its day is over and it is not set aside yet."""
        return not self.expired and self.expires_on is not None and self.expires_on < today

    def lasts_until(self, day: date | None) -> bool:
        """Tell whether it can be used up to that day; ``None``: nobody asks."""
        return day is None or (self.expires_on or _NO_EXPIRY) >= day


class WantedLine(NamedTuple):
    """A line of an order, as far as stock is concerned."""

    order_line_id: str
    item_id: str
    quantity: Quantity


class Allocation(NamedTuple):
    """Part of an order line's quantity, promised from one stock row."""

    order_line_id: str
    key: StockKey
    quantity: Quantity


def wanted_by_item(lines: Iterable[WantedLine]) -> dict[str, int]:
    """Return the milli of each item that all lines together want: an item may stand on several lines."""
    wanted: dict[str, int] = {}
    for line in lines:
        wanted[line.item_id] = wanted.get(line.item_id, 0) + line.quantity.milli
    return wanted


def available_by_item(rows: Iterable[StockRow]) -> dict[str, int]:
    """Return the milli of each item that are available in all of ``rows`` together."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.key.item_id] = found.get(row.key.item_id, 0) + row.available.milli
    return found


def by_stock_row(allocations: Iterable[Allocation]) -> dict[StockKey, Quantity]:
    """Return the sum of ``allocations`` per stock row, in the order in which rows are locked."""
    sums: dict[StockKey, Quantity] = {}
    for allocation in allocations:
        sums[allocation.key] = sums.get(allocation.key, Quantity.zero()) + allocation.quantity
    return dict(sorted(sums.items()))


def cut(lines: Iterable[WantedLine], gets: Mapping[str, int]) -> tuple[WantedLine, ...]:
    """Return how much of each of ``lines`` can be filled with ``gets`` (milli by item), the first lines first."""
    left = dict(gets)
    found: list[WantedLine] = []
    for line in lines:
        milli = min(line.quantity.milli, left.get(line.item_id, 0))
        if milli > 0:
            left[line.item_id] -= milli
            found.append(line._replace(quantity=Quantity(milli)))
    return tuple(found)


def allocate(
    lines: Sequence[WantedLine],
    rows: Sequence[StockRow],
    *,
    on: date | None = None,
    until: Mapping[str, date] = _NO_DEMAND,
) -> tuple[Allocation, ...]:
    """Return which stock rows fill ``lines``; together the rows must hold enough of every item.

    One warehouse that holds everything is preferred over several, so that an order leaves as one delivery; the
    default warehouse comes first. Within a warehouse the lot that expires first goes first, then the oldest; lots
    that have expired before the day ``on`` go last: nobody may ship them. Before them go lots that do not last until
    the day that the customer wants of the item (``until``): the door refuses them, unless somebody allows it.
    """
    wanted = wanted_by_item(lines)
    ordered = sorted(rows, key=lambda row: _picking_order(row, on, until))
    fresh = [row for row in ordered if not _expired(row, on)]
    lasting = [row for row in fresh if not _short_dated(row, until)]
    best = (
        _one_warehouse(wanted, lasting)
        or _if_enough(wanted, lasting)
        or _if_enough(wanted, fresh)
        or _one_warehouse(wanted, ordered)
    )
    drawn = _draw(wanted, best or ordered)
    allocations: list[Allocation] = []
    for line in lines:
        allocations.extend(_give(line, drawn[line.item_id]))
    return tuple(allocations)


def _picking_order(
    row: StockRow, on: date | None, until: Mapping[str, date]
) -> tuple[bool, bool, bool, str, date, str]:
    last_day = row.expires_on or _NO_EXPIRY
    late = (_expired(row, on), _short_dated(row, until))
    return (*late, not row.in_default_warehouse, row.warehouse_code, last_day, row.age)


def _short_dated(row: StockRow, until: Mapping[str, date]) -> bool:
    return not row.lasts_until(until.get(row.key.item_id))


def _expired(row: StockRow, on: date | None) -> bool:
    return on is not None and row.expires_on is not None and row.expires_on < on


def _if_enough(wanted: Mapping[str, int], rows: list[StockRow]) -> list[StockRow] | None:
    available = available_by_item(rows)
    return rows if all(available.get(item_id, 0) >= milli for item_id, milli in wanted.items()) else None


def _one_warehouse(wanted: Mapping[str, int], rows: Sequence[StockRow]) -> list[StockRow] | None:
    by_warehouse: dict[str, list[StockRow]] = {}
    for row in rows:
        by_warehouse.setdefault(row.key.warehouse_id, []).append(row)
    return next((held for held in by_warehouse.values() if _if_enough(wanted, held)), None)


def _draw(wanted: Mapping[str, int], rows: Sequence[StockRow]) -> dict[str, list[tuple[StockKey, int]]]:
    """Return, per item, the rows to draw upon and how many thousandths of each."""
    missing = dict(wanted)
    drawn: dict[str, list[tuple[StockKey, int]]] = {item_id: [] for item_id in wanted}
    for row in rows:
        item_id = row.key.item_id
        taken = min(missing.get(item_id, 0), row.available.milli)
        if taken > 0:
            drawn[item_id].append((row.key, taken))
            missing[item_id] -= taken
    if any(missing.values()):
        raise ValueError("allocate() was called for more than the rows hold")
    return drawn


def _give(line: WantedLine, drawn: list[tuple[StockKey, int]]) -> list[Allocation]:
    """Take ``line``'s quantity from the front of ``drawn``, which other lines of the same item share."""
    given: list[Allocation] = []
    missing = line.quantity.milli
    while missing:
        key, held = drawn[0]
        taken = min(missing, held)
        given.append(Allocation(line.order_line_id, key, Quantity(taken)))
        missing -= taken
        if taken == held:
            drawn.pop(0)
        else:
            drawn[0] = (key, held - taken)
    return given
