"""First come, first served: who gets stock when there is not enough for everybody.

An order that is filled whole or not at all waits and holds nothing. What the orders ahead of it want is nevertheless
not given to those behind: an order is served when, of each of its items, the available stock less what everybody ahead
wants still covers it. One that takes a part is given of each item what those ahead leave, and keeps its place for the
rest. Hence nobody is ever delayed by somebody who came later, and the first in the queue depends on stock alone, or on
what those behind it hold and cannot use yet (``claim``). Mappings are from item to thousandths of its unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from libs.common.quantity import Quantity
from services.inventory.domain.stock import WantedLine

FRONT = -(2**52)
"""Below every queue number. What was promised and not found waits from here on, before everybody, in its own order."""


HEAD = 2 * FRONT
"""Before everybody, also before those who were put before the first in front."""


def place_in_front(count: int) -> int:
    """Return the ``count``-th queue number (from 1) before all orders that wait in the usual way."""
    return FRONT + count


@dataclass(frozen=True)
class Waiter:
    """An order in the queue and what it wants of the items under consideration.

    ``servable`` is false when it also wants items that are not under consideration: then it keeps its place, but
    cannot be served now. ``takes_part``: it is given what there is.
    """

    reservation_id: str
    queue_no: int
    wants: Mapping[str, int]
    servable: bool = True
    takes_part: bool = False


class Share(NamedTuple):
    """What one in the queue is given now; ``whole``: nothing of what it wants is left."""

    waiter: Waiter
    gets: Mapping[str, int]
    whole: bool


class Holder(NamedTuple):
    """An order that holds ``milli`` of an item and cannot use it before it has the rest."""

    reservation_id: str
    queue_no: int
    item_id: str
    milli: int


class Taken(NamedTuple):
    """What a holder gives up to one ahead of it."""

    reservation_id: str
    item_id: str
    milli: int


class MissingLine(NamedTuple):
    """A line of a waiting order: how much of it could be filled if it were alone in needing the rest."""

    line: WantedLine
    missing: Quantity


def covers(wants: Mapping[str, int], available: Mapping[str, int], ahead: Mapping[str, int]) -> bool:
    """Tell whether ``available`` less what those ``ahead`` want covers ``wants``, item by item."""
    return all(available.get(item_id, 0) - ahead.get(item_id, 0) >= milli for item_id, milli in wants.items())


def served(
    queue: Sequence[Waiter], available: Mapping[str, int], ahead: Mapping[str, int]
) -> tuple[Share, ...]:
    """Return who of ``queue`` is given what now, in order; ``ahead`` is what those before the queue want."""
    left = dict(available)
    before = dict(ahead)
    chosen: list[Share] = []
    for waiter in sorted(queue, key=lambda each: each.queue_no):
        share = _share(waiter, left, before)
        if share is not None:
            chosen.append(share)
            _add(left, share.gets, sign=-1)
            _add(before, share.gets, sign=-1)
        _add(before, waiter.wants, sign=1)
    return tuple(chosen)


def _share(waiter: Waiter, left: Mapping[str, int], before: Mapping[str, int]) -> Share | None:
    if not waiter.servable:
        return None
    if covers(waiter.wants, left, before):
        return Share(waiter, waiter.wants, whole=True)
    gets = part_of(waiter.wants, left, before) if waiter.takes_part else {}
    return Share(waiter, gets, whole=False) if gets else None


def part_of(
    wants: Mapping[str, int], available: Mapping[str, int], ahead: Mapping[str, int]
) -> dict[str, int]:
    """Return how much of what is wanted is there once those ``ahead`` have theirs; items of which nothing is, not."""
    found = {
        item_id: min(milli, available.get(item_id, 0) - ahead.get(item_id, 0))
        for item_id, milli in wants.items()
    }
    return {item_id: milli for item_id, milli in found.items() if milli > 0}


def claim(
    wants: Mapping[str, int],
    queue_no: int,
    available: Mapping[str, int],
    ahead: Mapping[str, int],
    holders: Iterable[Holder],
) -> tuple[Taken, ...]:
    """Return what holders behind ``queue_no`` give up so that it is filled whole; nothing where that does not do.

    The last in the queue gives first. Nobody gives anything for a part: who is ahead would then hold what it cannot
    use either, and two could take from each other for ever.
    """
    lacks = {
        item_id: lack
        for item_id, milli in wants.items()
        if (lack := milli - max(0, available.get(item_id, 0) - ahead.get(item_id, 0))) > 0
    }
    taken: list[Taken] = []
    for holder in sorted(holders, key=lambda each: -each.queue_no):
        gives = min(lacks.get(holder.item_id, 0), holder.milli) if holder.queue_no > queue_no else 0
        if gives > 0:
            lacks[holder.item_id] -= gives
            taken.append(Taken(holder.reservation_id, holder.item_id, gives))
    return () if any(lacks.values()) else tuple(taken)


def missing_lines(
    lines: Iterable[WantedLine], available: Mapping[str, int], ahead: Mapping[str, int]
) -> tuple[MissingLine, ...]:
    """Return what each line lacks when those ``ahead`` are served first; lines of one item share what is left."""
    free = {item_id: max(0, milli - ahead.get(item_id, 0)) for item_id, milli in available.items()}
    result: list[MissingLine] = []
    for line in lines:
        covered = min(line.quantity.milli, free.get(line.item_id, 0))
        free[line.item_id] = free.get(line.item_id, 0) - covered
        result.append(MissingLine(line, Quantity(line.quantity.milli - covered)))
    return tuple(result)


def _add(sums: dict[str, int], wants: Mapping[str, int], *, sign: int) -> None:
    for item_id, milli in wants.items():
        sums[item_id] = sums.get(item_id, 0) + sign * milli
