"""First come, first served: who gets stock when there is not enough for everybody.

Orders are shipped complete, so an order that cannot be filled waits and holds nothing. What the orders ahead of
it want is nevertheless not given to those behind: an order is served when, of each of its items, the available
stock less what everybody ahead wants still covers it. Hence nobody is ever delayed by somebody who came later,
and the first in the queue depends on stock alone. Mappings are from item to thousandths of its unit.
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
    cannot be served now.
    """

    reservation_id: str
    queue_no: int
    wants: Mapping[str, int]
    servable: bool = True


class MissingLine(NamedTuple):
    """A line of a waiting order: how much of it could be filled if it were alone in needing the rest."""

    line: WantedLine
    missing: Quantity


def covers(wants: Mapping[str, int], available: Mapping[str, int], ahead: Mapping[str, int]) -> bool:
    """Tell whether ``available`` less what those ``ahead`` want covers ``wants``, item by item."""
    return all(available.get(item_id, 0) - ahead.get(item_id, 0) >= milli for item_id, milli in wants.items())


def served(
    queue: Sequence[Waiter], available: Mapping[str, int], ahead: Mapping[str, int]
) -> tuple[Waiter, ...]:
    """Return who of ``queue`` can be served now, in order; ``ahead`` is what those before the queue want."""
    left = dict(available)
    before = dict(ahead)
    chosen: list[Waiter] = []
    for waiter in sorted(queue, key=lambda each: each.queue_no):
        if waiter.servable and covers(waiter.wants, left, before):
            chosen.append(waiter)
            _add(left, waiter.wants, sign=-1)
        else:
            _add(before, waiter.wants, sign=1)
    return tuple(chosen)


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
