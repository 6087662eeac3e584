"""Ideas that come from time: what is used up about now, and who has stayed away for longer than he used to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from services.crm.domain.buying import Basket, OnDay, gaps, middle
from services.crm.domain.buying_model import Lore, Model
from services.crm.domain.idea import UNIT, VALID_DAYS, Figures, Idea, Looked

LEAST_PURCHASES = 3
LEAST_AGAIN = 3
DURABLE_SHARE = 0.2
EARLY_DAYS = 7
WIN_BACK_FACTOR = 2
WIN_BACK_LEAST_DAYS = 30
FORGET_DAYS = 730


def running_out(seen: Looked) -> Iterable[Idea]:
    """Give items of which the last purchase is used up about now, as fast as the customer uses it."""
    for item_id, days in seen.basket.items.items():
        lasts, source = _lasts(seen, item_id, days)
        if lasts is None:
            continue
        due = days[-1].day + timedelta(days=lasts)
        early = max(EARLY_DAYS, lasts // 4)
        late = (seen.today - due).days
        if -early <= late <= lasts:
            figures: Figures = {
                "purchases": len(days),
                "interval_days": lasts,
                "last_on": days[-1].day.isoformat(),
                "due_on": due.isoformat(),
                "by": source,
            }
            strength = 1.0 if late <= lasts // 2 else 0.5
            until = max(due, seen.today) + timedelta(days=VALID_DAYS)
            usual = (middle(day.milli for day in days), middle(day.minor for day in days))
            yield Idea("running_out", item_id, *usual, _by_source(strength, source), until, None, figures)


def _by_source(strength: float, source: str) -> float:
    return strength if source == "customer" else strength / 3


def _lasts(seen: Looked, item_id: str, days: tuple[OnDay, ...]) -> tuple[int | None, str]:
    """Return how many days the last purchase lasts, and whose purchases say so.

    The customer's own, three or more, say how long a unit lasts; else those of all who bought the item again, and else
    those of its category. What hardly anybody buys again is durable and never runs out.
    """
    if len(days) >= LEAST_PURCHASES:
        by_unit = middle(
            gap * UNIT * UNIT // max(day.milli, 1) for gap, day in zip(gaps(days), days, strict=False)
        )
        return max(by_unit * days[-1].milli // (UNIT * UNIT), 1), "customer"
    lore = seen.model.lore.get(item_id)
    if lore is None or durable(lore) or lore.again < LEAST_AGAIN:
        return None, ""
    if lore.interval is not None:
        return max(lore.interval, 1), "item"
    interval = seen.model.categories.get(seen.shelf.categories.get(item_id) or "")
    return (None, "") if interval is None else (max(interval, 1), "category")


def durable(lore: Lore) -> bool:
    """Tell whether hardly anybody buys it again."""
    return lore.again < DURABLE_SHARE * lore.customers


def win_back(seen: Looked) -> Iterable[Idea]:
    """Give what a customer bought most often, when he has stayed away for much longer than he used to."""
    orders = seen.basket.orders
    between = gaps(orders)
    if len(orders) < LEAST_PURCHASES:
        return
    usual, away = max(middle(between), 1), (seen.today - orders[-1].day).days
    if away < max(WIN_BACK_FACTOR * usual, WIN_BACK_LEAST_DAYS) or away > FORGET_DAYS:
        return
    sold = [item for item in seen.basket.items if seen.shelf.sold(item)]
    if not sold:
        return
    item = max(sold, key=lambda each: (len(seen.basket.items[each]), each))
    days = seen.basket.items[item]
    figures: Figures = {
        "orders": len(orders),
        "interval_days": usual,
        "away_days": away,
        "last_on": orders[-1].day.isoformat(),
    }
    worth = middle(day.minor for day in orders)
    until = seen.today + timedelta(days=VALID_DAYS)
    strength = WIN_BACK_FACTOR * usual / away
    yield Idea("win_back", item, middle(day.milli for day in days), worth, strength, until, None, figures)


def again(theirs: Basket, model: Model) -> list[tuple[str, float]]:
    """Return what a customer bought, the likeliest to be bought again first, with scores.

    What he bought often counts most; of what he bought as often, what all others buy again and buy lately.
    """
    scores = {item: len(days) + _bought_again(model, item) for item, days in theirs.items.items()}
    return sorted(scores.items(), key=lambda each: (-each[1], each[0]))


def _bought_again(model: Model, item: str) -> float:
    lore = model.lore.get(item)
    return 0.0 if lore is None else (lore.again / lore.customers + lore.trend) / 2
