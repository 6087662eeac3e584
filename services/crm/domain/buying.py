"""What customers bought, as recommendations look at it: by customer, item and day, less what came back or never left.

How often, how likely and how strongly are estimates, and may be floats here; money and quantities never are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from libs.common.money import divide_half_up


@dataclass(frozen=True, slots=True)
class Bought:
    """A line that a customer kept something of: ``milli`` thousandths for ``minor`` units of money, without tax."""

    customer_id: str
    item_id: str
    day: date
    milli: int
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class OnDay:
    """What was bought on one day, of an item or of all."""

    day: date
    milli: int
    minor: int


@dataclass(frozen=True)
class Basket:
    """What one customer bought in one currency, item by item and in all, the oldest day first."""

    currency: str
    items: Mapping[str, tuple[OnDay, ...]]
    orders: tuple[OnDay, ...]


def kept(milli: int, given_up: int, returned: int, minor: int) -> tuple[int, int]:
    """Return what is left of a line and its part of the amount, when so much never left and so much came back."""
    left = max(milli - given_up - returned, 0)
    return left, divide_half_up(minor * left, milli) if milli else 0


def basket(lines: Iterable[Bought], currency: str) -> Basket:
    """Return what a customer bought, of his lines; those in another currency count as bought, but for no money."""
    items: dict[str, dict[date, list[int]]] = defaultdict(dict)
    orders: dict[date, list[int]] = {}
    for line in lines:
        minor = line.minor if line.currency == currency else 0
        for days in (items[line.item_id], orders):
            sums = days.setdefault(line.day, [0, 0])
            sums[0] += line.milli
            sums[1] += minor
    return Basket(currency, {item: _in_order(days) for item, days in items.items()}, _in_order(orders))


def _in_order(days: Mapping[date, Sequence[int]]) -> tuple[OnDay, ...]:
    return tuple(OnDay(day, *days[day]) for day in sorted(days))


def gaps(days: Sequence[OnDay]) -> list[int]:
    """Return the days from each purchase to the next."""
    return [(after.day - before.day).days for before, after in pairwise(days)]


def middle(numbers: Iterable[int]) -> int:
    """Return the middle one; of an even count the lower of the two, so that it is one that there was."""
    ordered = sorted(numbers)
    return ordered[(len(ordered) - 1) // 2]
