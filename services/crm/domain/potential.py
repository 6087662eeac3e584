"""What a customer may buy next: when, how much, and how likely he is gone; each from intervals that can be shown."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from services.crm.domain.buying import Basket, gaps, middle
from services.crm.domain.buying_model import Model

FULL_BP = 10_000
HORIZON_DAYS = 30
LEAST_OWN_GAPS = 2


@dataclass(frozen=True)
class Potential:
    """``next_on`` and ``interval_days`` are unknown while nobody's purchases say how far orders lie apart.

    ``order_minor`` is the usual order; ``risk_bp`` how likely the customer is gone; ``expected_minor`` what the next
    thirty days may bring. ``by`` is whose intervals these are: the ``customer``'s own, or those of ``all``.
    """

    orders: int
    last_on: date
    interval_days: int | None
    by: str
    next_on: date | None
    order_minor: int
    risk_bp: int
    expected_minor: int


def potential(theirs: Basket, model: Model, today: date) -> Potential | None:
    """Return what may be expected of a customer; nothing of one who has not bought."""
    if not theirs.orders:
        return None
    between = gaps(theirs.orders)
    own = len(between) >= LEAST_OWN_GAPS
    interval = max(middle(between), 1) if own else model.interval
    last = theirs.orders[-1].day
    risk = risk_bp(model, (today - last).days, interval) if interval else 0
    usual = middle(day.minor for day in theirs.orders)
    return Potential(
        orders=len(theirs.orders),
        last_on=last,
        interval_days=interval,
        by="customer" if own else "all",
        next_on=_next(last, interval, today),
        order_minor=usual,
        risk_bp=risk,
        expected_minor=_expected(usual, risk, interval),
    )


def risk_bp(model: Model, away: int, interval: int) -> int:
    """Return how likely somebody is gone who has been away for so many days and usually orders at this interval.

    After an order a share of customers is ``gone``; of the others some stay away for as long and longer. The longer
    the absence, the fewer of these there are, and what remains is being gone (Bayes' rule).
    """
    longer = 1 - bisect_right(model.ratios, away / interval) / (len(model.ratios) + 1)
    staying = (1 - model.gone) * longer
    return round(model.gone / (model.gone + staying) * FULL_BP)


def _next(last: date, interval: int | None, today: date) -> date | None:
    """Return when the next order is due; where that day is past it is due now."""
    return None if interval is None else max(last + timedelta(days=interval), today)


def _expected(usual: int, risk: int, interval: int | None) -> int:
    if interval is None:
        return 0
    orders_bp = min(HORIZON_DAYS * FULL_BP // interval, FULL_BP * HORIZON_DAYS)
    return usual * orders_bp * (FULL_BP - risk) // (FULL_BP * FULL_BP)
