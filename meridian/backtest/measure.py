"""What recommendations would have hit: the same rules that crm runs, taught on one period and judged on the next.

Three questions. *New*: of what a customer bought for the first time, how much was named before? *Again*: the same of
what he had before. *Basket*: each thing in a basket is hidden once; is it named from the rest? Beside each stands what
naming the most popular things would have hit, and of the second what the customer bought most often.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.crm.domain.buying import Basket, Bought, basket
from services.crm.domain.buying_model import Model
from services.crm.domain.learning import learn
from services.crm.domain.offers import OLD_DAYS, OLD_WEIGHT, ranked
from services.crm.domain.timing import again

LEAST_BASKET, MOST_BASKET = 2, 60


@dataclass(frozen=True)
class Score:
    """Of ``asked`` customers (or hidden things) ``hits`` had at least one right; ``recall`` is the mean share found."""

    asked: int
    hits: int
    recall: float

    @property
    def hit_rate(self) -> float:
        """Hits / asked."""
        return self.hits / self.asked if self.asked else 0.0


@dataclass(frozen=True)
class Backtest:
    """What was hit, by question and by who named it."""

    taught_until: date
    judged_until: date
    taught_lines: int
    judged_lines: int
    customers: int
    k: int
    scores: Mapping[str, Mapping[str, Score]]


Namer = Callable[[str], Sequence[str]]


def backtest(lines: Sequence[Bought], taught_until: date, judged_until: date, k: int) -> Backtest:
    """Teach with the lines until a day, inclusive, and judge with those after it until another one."""
    past = [line for line in lines if line.day <= taught_until]
    future = [line for line in lines if taught_until < line.day <= judged_until]
    currency = past[0].currency if past else ""
    model = learn(past, {}, currency, taught_until)
    had = {who: basket(theirs, currency) for who, theirs in _by_customer(past)}
    bought = {who: {line.item_id for line in theirs} for who, theirs in _by_customer(future) if who in had}
    popular = _popular(had)
    return Backtest(
        taught_until,
        judged_until,
        len(past),
        len(future),
        len(bought),
        k,
        {
            "new": _new(had, bought, model, popular, taught_until, k),
            "again": _again(had, bought, model, popular, k),
            "basket": _baskets(future, model, popular, k),
        },
    )


def _by_customer(lines: Iterable[Bought]) -> Iterator[tuple[str, list[Bought]]]:
    found: dict[str, list[Bought]] = defaultdict(list)
    for line in lines:
        found[line.customer_id].append(line)
    yield from found.items()


def _popular(had: Mapping[str, Basket]) -> list[str]:
    counts = Counter(item for theirs in had.values() for item in theirs.items)
    return [item for item, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]


def _new(
    had: Mapping[str, Basket],
    bought: Mapping[str, set[str]],
    model: Model,
    popular: list[str],
    day: date,
    k: int,
) -> dict[str, Score]:
    wanted = {who: items - had[who].items.keys() for who, items in bought.items()}

    def ours(who: str) -> Sequence[str]:
        held = {
            item: OLD_WEIGHT if (day - days[-1].day).days > OLD_DAYS else 1.0
            for item, days in had[who].items.items()
        }
        return [item for item, _ in ranked(held, model)[:k]]

    def most_popular(who: str) -> Sequence[str]:
        return _first(popular, had[who].items, k)

    return {name: _judge(wanted, namer) for name, namer in (("ours", ours), ("most_popular", most_popular))}


def _again(
    had: Mapping[str, Basket], bought: Mapping[str, set[str]], model: Model, popular: list[str], k: int
) -> dict[str, Score]:
    wanted = {who: items & had[who].items.keys() for who, items in bought.items()}

    def ours(who: str) -> Sequence[str]:
        return [item for item, _ in again(had[who], model)[:k]]

    def most_popular(who: str) -> Sequence[str]:
        return [item for item in popular if item in had[who].items][:k]

    def own(who: str) -> Sequence[str]:
        items = had[who].items
        return sorted(items, key=lambda item: (-len(items[item]), item))[:k]

    namers = (("ours", ours), ("most_popular", most_popular), ("own_most_frequent", own))
    return {name: _judge(wanted, namer) for name, namer in namers}


def _baskets(future: Iterable[Bought], model: Model, popular: list[str], k: int) -> dict[str, Score]:
    baskets: dict[tuple[str, date], set[str]] = defaultdict(set)
    for line in future:
        baskets[line.customer_id, line.day].add(line.item_id)
    asked, ours, theirs = 0, 0, 0
    for _, items in sorted(baskets.items()):
        if not LEAST_BASKET <= len(items) <= MOST_BASKET:
            continue
        for hidden in sorted(items):
            rest = dict.fromkeys(sorted(items - {hidden}), 1.0)
            asked += 1
            ours += hidden in {item for item, _ in ranked(rest, model)[:k]}
            theirs += hidden in _first(popular, rest, k)
    counts = (("ours", ours), ("most_popular", theirs))
    return {name: Score(asked, hits, hits / asked if asked else 0.0) for name, hits in counts}


def _first(popular: Sequence[str], without: Mapping[str, object], k: int) -> list[str]:
    found: list[str] = []
    for item in popular:
        if len(found) == k:
            break
        if item not in without:
            found.append(item)
    return found


def _judge(wanted: Mapping[str, set[str]], namer: Namer) -> Score:
    asked, hits, found = 0, 0, 0.0
    for who, items in sorted(wanted.items()):
        if items:
            right = len(items & set(namer(who)))
            asked += 1
            hits += right > 0
            found += right / len(items)
    return Score(asked, hits, found / asked if asked else 0.0)
