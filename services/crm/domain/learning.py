"""Learning from all purchases what ``buying_model`` keeps.

A basket is what one customer bought on one day. The baskets that an item is in are bits of one number, so that how many
hold both of two items is one ``&``: exact, and no matrix is kept. What it costs is bounded by ``MOST_ITEMS`` and
``KEPT_PAIRS``, whatever the number of lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from heapq import nlargest
from itertools import groupby

from libs.common.money import divide_half_up
from services.crm.domain.buying import Bought, basket, gaps, middle
from services.crm.domain.buying_model import USUAL_GONE, USUAL_RATIOS, Lore, Model, Pair

MOST_ITEMS = 3000
KEPT_PAIRS = 40
LEAST_TOGETHER = 3
DEVIATIONS = 3
LEAST_GAPS = 3
LEAST_SHARES = 20
DEARER_PERCENT = (110, 250)
LEAST_ADOPTED_PERCENT = 25
POINTS = 20
LATELY_DAYS = 30
GONE_AFTER = 4.0


class _Lessons:
    """What is noted while customers pass by, one at a time."""

    def __init__(self, currency: str, today: int) -> None:
        self.currency = currency
        self.today = today
        self.lines = self.customers = self.baskets = self.away = self.chances = 0
        self.within: dict[str, list[int]] = defaultdict(list)
        self.holders: Counter[str] = Counter()
        self.gaps: dict[str, list[int]] = defaultdict(list)
        self.units: dict[str, list[int]] = defaultdict(list)
        self.again: Counter[str] = Counter()
        self.lately: Counter[str] = Counter()
        self.ratios: list[float] = []
        self.usual: list[int] = []

    def note(self, lines: list[Bought]) -> None:
        """Learn from one customer."""
        theirs = basket(lines, self.currency)
        self.lines += len(lines)
        places = {day.day: self.baskets + place for place, day in enumerate(theirs.orders)}
        self.baskets += len(places)
        for item, days in theirs.items.items():
            self.holders[item] += 1
            self.within[item] += [places[each.day] for each in days]
            self.gaps[item] += gaps(days)
            self.again[item] += len(days) > 1
            self.lately[item] += days[-1].day.toordinal() > self.today - LATELY_DAYS
            self.units[item] += [divide_half_up(d.minor * 1000, d.milli) for d in days if d.minor and d.milli]
        self.customers += 1
        between = gaps(theirs.orders)
        if len(between) >= LEAST_GAPS:
            usual = max(middle(between), 1)
            self.usual.append(usual)
            self.ratios += [gap / usual for gap in between]
            self.chances += len(between) + 1
            self.away += (self.today - theirs.orders[-1].day.toordinal()) / usual > GONE_AFTER


def learn(lines: Iterable[Bought], categories: Mapping[str, str | None], currency: str, today: date) -> Model:
    """Return what ``lines`` teach as of ``today``: they come customer by customer; prices are in ``currency``."""
    lessons = _Lessons(currency, today.toordinal())
    for _, theirs in groupby(lines, key=lambda line: line.customer_id):
        lessons.note(list(theirs))
    lore = {item: _lore(lessons, item) for item in sorted(lessons.holders)}
    return Model(
        lines=lessons.lines,
        customers=lessons.customers,
        baskets=lessons.baskets,
        currency=currency,
        lore=lore,
        categories=_by_category(lessons, categories),
        pairs=_pairs(lessons.within, lessons.baskets),
        dearer=_dearer(lore, categories),
        ratios=_quantiles(lessons.ratios) or USUAL_RATIOS,
        gone=(lessons.away + USUAL_GONE) / (lessons.chances + 1),
        interval=middle(lessons.usual) if lessons.usual else None,
    )


def _lore(lessons: _Lessons, item: str) -> Lore:
    between, units = lessons.gaps[item], lessons.units[item]
    return Lore(
        customers=lessons.holders[item],
        again=lessons.again[item],
        interval=middle(between) if len(between) >= LEAST_GAPS else None,
        unit_minor=middle(units) if units else None,
        lately=lessons.lately[item],
    )


def _by_category(lessons: _Lessons, categories: Mapping[str, str | None]) -> dict[str, int]:
    found: dict[str, list[int]] = defaultdict(list)
    for item, between in lessons.gaps.items():
        category = categories.get(item)
        if category is not None:
            found[category] += between
    return {name: middle(days) for name, days in sorted(found.items()) if len(days) >= LEAST_GAPS}


def _dearer(lore: Mapping[str, Lore], categories: Mapping[str, str | None]) -> dict[str, str]:
    found: dict[str, str] = {}
    shelves: dict[str, list[str]] = defaultdict(list)
    for item in sorted(lore, key=lambda each: (-lore[each].customers, each)):
        category = categories.get(item)
        if category is not None and lore[item].unit_minor:
            shelves[category].append(item)
    for shelf in shelves.values():
        for item in shelf:
            better = next((other for other in shelf if _is_step_up(lore[item], lore[other])), None)
            if better is not None:
                found[item] = better
    return found


def _is_step_up(item: Lore, other: Lore) -> bool:
    least, most = DEARER_PERCENT
    here, there = item.unit_minor or 0, other.unit_minor or 0
    enough = max(item.customers * LEAST_ADOPTED_PERCENT, LEAST_TOGETHER * 100)
    return least * here <= there * 100 <= most * here and other.customers * 100 >= enough


def _pairs(within: Mapping[str, list[int]], baskets: int) -> dict[str, tuple[Pair, ...]]:
    known = {item: places for item, places in within.items() if len(places) >= LEAST_TOGETHER}
    items = nlargest(MOST_ITEMS, sorted(known), key=lambda item: len(known[item]))
    bits = [_as_bits(known[item]) for item in items]
    counts = [len(known[item]) for item in items]
    found: list[list[tuple[int, int]]] = [[] for _ in items]
    for one, here in enumerate(bits):
        for other in range(one):
            together = (here & bits[other]).bit_count()
            if together >= LEAST_TOGETHER and beyond_chance(together, counts[one], counts[other], baskets):
                found[one].append((other, together))
                found[other].append((one, together))
    result = {}
    for one, others in enumerate(found):
        pairs = (Pair(items[other], together, counts[one], counts[other]) for other, together in others)
        best = nlargest(KEPT_PAIRS, pairs, key=lambda pair: (pair.strength, pair.other))
        if best:
            result[items[one]] = tuple(best)
    return result


def beyond_chance(together: int, of_item: int, of_other: int, baskets: int) -> bool:
    """Tell whether so many together are more than chance explains, by three standard deviations.

    Popular things meet often though neither goes with the other; of such pairs nothing is to be said.
    """
    more = together * baskets - of_item * of_other
    if more <= 0 or baskets < 2:
        return False
    spread = of_item * of_other * (baskets - of_item) * (baskets - of_other)
    return more * more * (baskets - 1) >= DEVIATIONS**2 * spread


def _as_bits(places: list[int]) -> int:
    marked = bytearray(max(places) // 8 + 1)
    for place in places:
        marked[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(marked, "little")


def _quantiles(ratios: list[float]) -> tuple[float, ...]:
    ordered = sorted(ratios)
    if len(ordered) < LEAST_SHARES:
        return ()
    return tuple(round(ordered[(len(ordered) - 1) * point // (POINTS - 1)], 3) for point in range(POINTS))
