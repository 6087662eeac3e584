"""Ideas that come from other customers and from the house: the better one, what goes with it, a service's offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from services.crm.domain.buying import OnDay, middle
from services.crm.domain.buying_model import Model, Pair
from services.crm.domain.idea import MOST, UNIT, USUAL_CONFIDENCE, VALID_DAYS, Figures, Idea, Looked, worth

FORGET_DAYS = 730
NAMED_STRENGTH = 2.0
LEAST_LIFT = 1.0
OLD_DAYS = 60
OLD_WEIGHT = 0.5
AFTER_SERVICE_DAYS = 14


def upgrade(seen: Looked) -> Iterable[Idea]:
    """Give the better one of what the customer has: as the house says, else the next dearer one that many have."""
    for item_id, days in seen.basket.items.items():
        if (seen.today - days[-1].day).days > FORGET_DAYS:
            continue
        named, dearer = seen.shelf.better.get(item_id), seen.model.dearer.get(item_id)
        if named is not None:
            if named not in seen.basket.items:
                yield _upgraded(seen, item_id, days, named, {"by": "house"}, NAMED_STRENGTH)
        elif dearer is not None and dearer not in seen.basket.items:
            have, others = (seen.model.lore[each].customers for each in (item_id, dearer))
            figures: Figures = {"by": "customers", "customers": others, "of": have}
            yield _upgraded(seen, item_id, days, dearer, figures, min(others / have, NAMED_STRENGTH))


def _upgraded(
    seen: Looked, item_id: str, days: tuple[OnDay, ...], better: str, figures: Figures, strength: float
) -> Idea:
    usual = middle(day.milli for day in days)
    until = seen.today + timedelta(days=VALID_DAYS)
    told = dict(figures) | {"last_on": days[-1].day.isoformat()}
    return Idea("upgrade", better, usual, worth(seen, better, usual), strength, until, item_id, told)


def ranked(held: Mapping[str, float], model: Model) -> list[tuple[str, float]]:
    """Return items that go with what is held (item -> weight) and are not, the likeliest first, with their scores.

    A score is how strongly all that is held points to it, more for what is bought lately (the root of the trend: with
    all of it the season rules, and what is in the basket hardly counts).
    """
    scores: dict[str, float] = defaultdict(float)
    for item_id, weight in held.items():
        for pair in model.pairs.get(item_id, ()):
            if pair.other not in held:
                scores[pair.other] += weight * pair.strength
    found = ((item, score * model.lore[item].trend ** 0.5) for item, score in scores.items())
    return sorted(found, key=lambda each: (-each[1], each[0]))


def goes_with(seen: Looked) -> Iterable[Idea]:
    """Give items that are bought together with what the customer has, and that he has not."""
    held = {
        item: OLD_WEIGHT if (seen.today - days[-1].day).days > OLD_DAYS else 1.0
        for item, days in seen.basket.items.items()
    }
    sold = [item for item, _ in ranked(held, seen.model) if seen.shelf.sold(item)]
    place = 0
    for item in sold[: 2 * MOST["goes_with"]]:
        because, pair = _because(held, item, seen.model)
        if pair.lift(seen.model.baskets) > LEAST_LIFT:
            place += 1
            yield _together(seen, item, because, pair, place)


def _because(held: Mapping[str, float], item: str, model: Model) -> tuple[str, Pair]:
    """Return what is held that points to the item most, and how."""
    pointing = (
        (pair.strength * held[other], other, pair)
        for other in held
        for pair in model.pairs.get(other, ())
        if pair.other == item
    )
    _, because, pair = max(pointing, key=lambda each: each[:2])
    return because, pair


def _together(seen: Looked, item: str, because: str, pair: Pair, place: int) -> Idea:
    figures: Figures = {
        "together": pair.together,
        "of": pair.of_item,
        "baskets": seen.model.baskets,
        "confidence_bp": round(pair.confidence * 10_000),
        "lift_bp": round(pair.lift(seen.model.baskets) * 10_000),
        "cosine_bp": round(pair.cosine * 10_000),
    }
    strength = min(pair.confidence / USUAL_CONFIDENCE, 2.0) / place**0.5
    until = seen.today + timedelta(days=VALID_DAYS)
    return Idea("goes_with", item, UNIT, worth(seen, item, UNIT), strength, until, because, figures)


def after_service(seen: Looked) -> Iterable[Idea]:
    """Give, after a ticket about an item was solved, its better one, else what goes with it."""
    for ticket in seen.solved:
        if not 0 <= (seen.today - ticket.day).days <= AFTER_SERVICE_DAYS:
            continue
        offered = _after(seen, ticket.item_id)
        if offered is not None:
            figures: Figures = {"ticket": ticket.number, "solved_on": ticket.day.isoformat()}
            until = ticket.day + timedelta(days=VALID_DAYS)
            yield Idea(
                "after_service",
                offered,
                UNIT,
                worth(seen, offered, UNIT),
                1.0,
                until,
                ticket.item_id,
                figures,
            )


def _after(seen: Looked, item_id: str) -> str | None:
    better = seen.shelf.better.get(item_id)
    others = (pair.other for pair in seen.model.pairs.get(item_id, ()))
    wanted = (each for each in (better, *others) if each is not None)
    return next((each for each in wanted if seen.shelf.sold(each) and each not in seen.basket.items), None)
